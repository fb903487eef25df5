package io.trafilo.bench.jmh;

import io.trafilo.ledger.Counter;
import io.trafilo.state.WindowRules;
import io.trafilo.window.RetentionBudget;
import io.trafilo.window.TimestampStore;
import io.trafilo.window.WindowEntry;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What an event costs by the number of timestamps in its key's window. {@code store}: an operation evicts what is too old and adds
 * a timestamp, which makes one of each; the window's chunks lie in memory in no order, as in a shard that has run for long.
 * {@code update}: an operation is an event of the only key, hashed, looked ahead at in a group of 32, and applied. Time is not
 * the clock's: an event each microsecond. Disorder takes timestamps of the last 50 microseconds instead of now. Left out: ring,
 * parser, clock, other keys and other threads.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class WindowBenchmark {
    private static final long STEP_NANOS = 1_000;
    private static final int POLL_EVENTS = 32 * ShardRig.GROUP;

    /** Which timestamps come, and when. */
    @State(Scope.Thread)
    public static class Times {
        private static final int MOST_STEPS_LATE = 50;
        private static final int DRAWS = 1 << 14;

        /** How many timestamps are in the window. */
        @Param({"100", "1000", "10000", "100000", "1000000"})
        public int timestamps = 100;

        /** How many of a hundred timestamps are not the newest. */
        @Param({"0", "1"})
        public int disorderPercent = 0;

        private final long[] lateNanos = new long[DRAWS];
        private long events;

        /** Draws which timestamps are late. */
        @Setup
        public void setUp() {
            SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < DRAWS; i++) {
                boolean late = random.nextInt(100) < disorderPercent;
                lateNanos[i] = late ? STEP_NANOS * random.nextInt(1, MOST_STEPS_LATE + 1) : 0;
            }
        }

        private long next() {
            events++;
            return nowNanos() - lateNanos[(int) events & (DRAWS - 1)];
        }

        private long nowNanos() {
            return events * STEP_NANOS;
        }

        /** So that the window has as many timestamps as it is to have, the one at its very start included. */
        private long sizeNanos() {
            return (timestamps - 1) * STEP_NANOS;
        }

        private void checkCount(long count) {
            Expect.between("timestamps", count, timestamps - MOST_STEPS_LATE / 2, timestamps + MOST_STEPS_LATE / 2);
        }
    }

    /** A store with one window. */
    @State(Scope.Thread)
    public static class Store {
        private static final int CHUNK = 15;

        private final TimestampStore store = new TimestampStore(new RetentionBudget(10_000_000, 1));
        private final Entry entry = new Entry();
        private Times times;

        private static final class Entry extends WindowEntry {}

        /** Fills the window. */
        @Setup
        public void setUp(Times given) {
            times = given;
            scatter(2 + times.timestamps / CHUNK);
            for (int i = 0; i < 2 * times.timestamps; i++) {
                move();
            }
        }

        /** Takes chunks and gives them back in another order, in which the window will then take them. */
        private void scatter(int chunks) {
            Entry[] others = new Entry[chunks];
            for (int i = 0; i < chunks; i++) {
                others[i] = new Entry();
                for (int timestamp = 0; timestamp < CHUNK; timestamp++) {
                    store.add(others[i], timestamp);
                }
            }
            SplittableRandom random = new SplittableRandom(2);
            for (int left = chunks; left > 0; left--) {
                int drawn = random.nextInt(left);
                store.clear(others[drawn]);
                others[drawn] = others[left - 1];
            }
        }

        private int move() {
            long timestamp = times.next();
            int evicted = store.evictBefore(entry, times.nowNanos() - times.sizeNanos());
            return evicted + store.add(entry, timestamp);
        }

        /** The window has moved, and has kept its size. */
        @TearDown
        public void tearDown() {
            times.checkCount(store.count(entry));
            Expect.between(
                    "oldest",
                    store.oldest(entry),
                    times.nowNanos() - times.sizeNanos(),
                    times.nowNanos() - times.sizeNanos() + 10 * STEP_NANOS);
        }
    }

    /** Shards with one key. */
    @State(Scope.Thread)
    public static class OneKey {
        private ShardRig rig;
        private ShardRig.Driver driver;
        private Times times;

        /** Fills the window. */
        @Setup
        public void setUp(Times given) {
            times = given;
            rig = new ShardRig(new WindowRules(times.sizeNanos(), times.sizeNanos(), false, true, 0), 1, true);
            driver = rig.newDriver();
            while (times.events < 2L * times.timestamps) {
                takeGroup();
            }
        }

        private long takeGroup() {
            for (int i = 0; i < ShardRig.GROUP; i++) {
                driver.event(0, times.next());
            }
            driver.apply(times.nowNanos());
            if (times.events % POLL_EVENTS == 0) {
                driver.pollTimers(times.nowNanos());
            }
            return times.events;
        }

        /** All events were handled, and the window has kept its size. */
        @TearDown
        public void tearDown() {
            times.checkCount(rig.liveTimestamps());
            rig.check(times.events, 0);
            Expect.same("late", rig.sum(Counter.LATE), 0);
            Expect.between("windows", rig.sum(Counter.DELIVERED), 2, times.events);
        }
    }

    /**
     * Evicts what is too old and adds a timestamp.
     *
     * @param store the window
     * @return how many were evicted
     */
    @Benchmark
    public int store(Store store) {
        return store.move();
    }

    /**
     * Applies 32 events.
     *
     * @param key the window's key
     * @return how many there were so far
     */
    @Benchmark
    @OperationsPerInvocation(ShardRig.GROUP)
    public long update(OneKey key) {
        return key.takeGroup();
    }
}
