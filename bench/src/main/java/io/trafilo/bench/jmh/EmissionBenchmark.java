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
 * A window given to a sink, which keeps its count. {@code byUpdate}: an operation is an event that finds its key due, hashed,
 * looked ahead at in a group of 32, and applied. {@code withoutSink} is the same event where there is no sink, so the difference
 * is the emission and the upkeep of its timer. {@code byTimer}: an operation is a window that a quiet key emits when its timer
 * goes off, with its share of the polls that find it and of the few events that keep the windows from emptying. Time is not the
 * clock's: each key emits once a second, timers are polled each millisecond. Left out: ring, parser, clock, other threads.
 */
@State(Scope.Thread)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xms2g", "-Xmx2g"})
public class EmissionBenchmark extends AverageNanos {
    private static final int EMISSIONS = 1024;
    private static final long SLIDE_NANOS = 1_000_000_000;
    private static final long POLL_NANOS = 1_000_000;

    /** How many keys there are, rounded up to groups of 32, so that a key is in the same place of a group each time. */
    @Param({"1000", "100000"})
    public int keys = 1;

    /** Keys that get their events in turn. */
    private static final class Turns {
        final ShardRig rig;
        final ShardRig.Driver driver;
        private final int groups;
        private long groupsTaken;

        Turns(int keys, int slidesPerWindow, boolean withSink) {
            groups = (keys + ShardRig.GROUP - 1) / ShardRig.GROUP;
            long sizeNanos = slidesPerWindow * SLIDE_NANOS;
            rig = new ShardRig(
                    ShardRig.SHARDS, new WindowRules(sizeNanos, SLIDE_NANOS, false, true, 0), keys(), withSink);
            driver = rig.newDriver();
        }

        int keys() {
            return groups * ShardRig.GROUP;
        }

        long events() {
            return groupsTaken * ShardRig.GROUP;
        }

        /** The time at which the next group is due if each key is to get an event in each slide. */
        long dueNanos() {
            return groupsTaken / groups * SLIDE_NANOS + groupsTaken % groups * (SLIDE_NANOS / groups);
        }

        void takeGroup(long nowNanos) {
            long first = groupsTaken % groups * ShardRig.GROUP;
            for (int i = 0; i < ShardRig.GROUP; i++) {
                driver.event(first + i, nowNanos);
            }
            driver.apply(nowNanos);
            groupsTaken++;
        }
    }

    /** Shards in which each key has an event whenever its window is due. */
    @State(Scope.Thread)
    public abstract static class Busy {
        private static final int SLIDES_PER_WINDOW = 5;

        private final boolean withSink;
        private Turns turns;
        private long polledNanos;

        Busy(boolean withSink) {
            this.withSink = withSink;
        }

        /** Fills the windows. */
        @Setup
        public void setUp(EmissionBenchmark benchmark) {
            turns = new Turns(benchmark.keys, SLIDES_PER_WINDOW, withSink);
            while (turns.events() < (SLIDES_PER_WINDOW + 2L) * turns.keys()) {
                takeGroup();
            }
        }

        long takeGroup() {
            long nowNanos = turns.dueNanos();
            turns.takeGroup(nowNanos);
            if (nowNanos - polledNanos >= POLL_NANOS) {
                polledNanos = nowNanos;
                turns.driver.pollTimers(nowNanos);
            }
            return nowNanos;
        }

        /** Each event has emitted, or none. */
        @TearDown
        public void tearDown() {
            turns.rig.check(turns.events(), 0);
            Expect.same("windows", turns.rig.sum(Counter.DELIVERED), withSink ? turns.events() : 0);
        }
    }

    /** Where each event emits. */
    public static class WithSink extends Busy {
        /** For JMH. */
        public WithSink() {
            super(true);
        }
    }

    /** Where none does. */
    public static class WithoutSink extends Busy {
        /** For JMH. */
        public WithoutSink() {
            super(false);
        }
    }

    /** Shards in which keys emit by their timers: each has an event in 600 slides, so one or two in its window. */
    @State(Scope.Thread)
    public static class Quiet {
        private static final int SLIDES_PER_WINDOW = 1000;
        private static final int SLIDES_PER_EVENT = 600;

        private Turns turns;
        private long nowNanos;
        private long firstNanos;
        private long nextGroupNanos;
        private long emissionsAtFirst;
        private long wanted;

        /** Creates the keys, spread over a slide, and lets some slides go by. */
        @Setup
        public void setUp(EmissionBenchmark benchmark) {
            turns = new Turns(benchmark.keys, SLIDES_PER_WINDOW, true);
            while (turns.events() < turns.keys()) {
                nowNanos = turns.dueNanos();
                turns.takeGroup(nowNanos);
            }
            nextGroupNanos = nowNanos;
            while (nowNanos < 4 * SLIDE_NANOS) {
                advance();
            }
            firstNanos = nowNanos;
            emissionsAtFirst = turns.driver.delivered();
            wanted = emissionsAtFirst;
        }

        private void advance() {
            nowNanos += POLL_NANOS;
            if (nowNanos - nextGroupNanos >= 0) {
                nextGroupNanos += SLIDES_PER_EVENT * SLIDE_NANOS / turns.groups;
                turns.takeGroup(nowNanos);
            }
            turns.driver.pollTimers(nowNanos);
        }

        private long awaitEmissions() {
            wanted += EMISSIONS;
            long latestNanos = nowNanos + (3 + EMISSIONS / turns.keys()) * SLIDE_NANOS;
            while (turns.driver.delivered() < wanted) {
                if (nowNanos > latestNanos) {
                    throw new IllegalStateException("quiet keys do not emit");
                }
                advance();
            }
            return nowNanos;
        }

        /** Each key has emitted in each slide, but for the moments by which timers go off late. */
        @TearDown
        public void tearDown() {
            turns.rig.check(turns.events(), 0);
            double slides = (double) (nowNanos - firstNanos) / SLIDE_NANOS;
            long most = (long) (turns.keys() * (slides + 1));
            Expect.between(
                    "windows",
                    turns.driver.delivered() - emissionsAtFirst,
                    (long) (0.9 * (most - 2L * turns.keys())),
                    most);
        }
    }

    /** Events of 32 keys that are due. */
    @Benchmark
    @OperationsPerInvocation(ShardRig.GROUP)
    public long byUpdate(WithSink shards) {
        return shards.takeGroup();
    }

    /** The same events where nothing is due. */
    @Benchmark
    @OperationsPerInvocation(ShardRig.GROUP)
    public long withoutSink(WithoutSink shards) {
        return shards.takeGroup();
    }

    /** Lets time go by until so many windows were emitted. */
    @Benchmark
    @OperationsPerInvocation(EMISSIONS)
    public long byTimer(Quiet shards) {
        return shards.awaitEmissions();
    }
}
