package io.trafilo.bench.jmh;

import io.trafilo.Counter;
import io.trafilo.state.WindowRules;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * An event of a key that is not there. An operation is one event, of another key each time: hashed, looked ahead at in a group of
 * 32, and either refused, because there is room for no more keys, or taken. Taking it creates the key and its state and emits its
 * first window, while an older key falls idle and is forgotten; it allocates what is kept for a key, by design. Time is not the
 * clock's: a second holds as many events as there are keys, and a key falls idle after a second. Left out: ring, parser, clock,
 * other threads.
 */
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xms4g", "-Xmx4g"})
public class ShardMissBenchmark extends AverageNanos {
    private static final long SECOND_NANOS = 1_000_000_000;

    /** Events of keys that are all different. */
    @State(Scope.Thread)
    public abstract static class NewKeys {
        private static final int MOST_POLL_EVENTS = 32 * ShardRig.GROUP;

        /** How many keys there are at a time, not counting those whose end has come and not been noticed. */
        @Param({"100", "1000", "10000", "100000", "1000000", "10000000"})
        public int keys = 1;

        private final boolean forgets;
        ShardRig rig;
        private ShardRig.Driver driver;
        private long stepNanos;
        private int pollEvents;
        private long eventsAtPoll;
        long events;

        NewKeys(boolean forgets) {
            this.forgets = forgets;
        }

        /** Creates as many keys as there may be, or lets keys come until as many go. */
        @Setup
        public void setUp() {
            WindowRules rules = new WindowRules(SECOND_NANOS, SECOND_NANOS, false, true, forgets ? SECOND_NANOS : 0);
            rig = new ShardRig(ShardRig.SHARDS, rules, forgets ? Long.MAX_VALUE : keys, true);
            driver = rig.newDriver();
            stepNanos = SECOND_NANOS / keys;
            pollEvents = Math.min(MOST_POLL_EVENTS, keys / 100);
            while (events < (forgets ? 2L : 1L) * keys) {
                takeGroup();
            }
        }

        long takeGroup() {
            for (int i = 0; i < ShardRig.GROUP; i++) {
                events++;
                driver.event(events, events * stepNanos);
            }
            driver.apply(events * stepNanos);
            if (events - eventsAtPoll >= pollEvents) {
                eventsAtPoll = events;
                driver.pollTimers(events * stepNanos);
            }
            return events;
        }
    }

    /** Shards that hold as many keys as they may. */
    public static class Full extends NewKeys {
        /** For JMH. */
        public Full() {
            super(false);
        }

        /** All other keys were refused. */
        @TearDown
        public void tearDown() {
            rig.check(events, events - keys);
            Expect.same("keys", rig.liveKeys(), keys);
        }
    }

    /** Shards whose keys come, fall idle and are forgotten. */
    public static class Churn extends NewKeys {
        /** For JMH. */
        public Churn() {
            super(true);
        }

        /** All keys were created, and most of them forgotten. */
        @TearDown
        public void tearDown() {
            rig.check(events, 0);
            Expect.same("keys created", rig.sum(Counter.KEYS_CREATED), events);
            Expect.between("keys", rig.liveKeys(), keys, keys + keys / 10 + 2L * ShardRig.GROUP);
        }
    }

    /** Events of 32 keys that are refused. */
    @Benchmark
    @OperationsPerInvocation(ShardRig.GROUP)
    public long refused(Full full) {
        return full.takeGroup();
    }

    /** Events of 32 keys that are created, while as many are forgotten. */
    @Benchmark
    @OperationsPerInvocation(ShardRig.GROUP)
    public long created(Churn churn) {
        return churn.takeGroup();
    }
}
