package io.trafilo.bench.jmh;

import io.trafilo.state.WindowRules;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/**
 * One key that takes all events, from one thread and from two, and for comparison many keys. An operation is one event, hashed,
 * looked ahead at in a group of 32, and applied; the figure is that of all threads together. Time is not the clock's: a group
 * takes 32 microseconds from a counter that the threads share, so events of one thread overtake those of the other, as they do
 * between workers. Left out: ring, parser, clock, and what a worker does between two events.
 */
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xms4g", "-Xmx4g"})
public class HotKeyBenchmark extends OperationsPerSecond {
    private static final long STEP_NANOS = 1_000;
    private static final long GROUP_NANOS = ShardRig.GROUP * STEP_NANOS;
    private static final int POLL_GROUPS = 32;

    /** The shards, and the time. */
    @State(Scope.Benchmark)
    public static class Keys {
        /** How many keys the events spread over. */
        @Param({"1", "10000"})
        public int keys = 1;

        /** The size of the window in milliseconds; it slides by a fifth. */
        @Param("5000")
        public long windowMillis = 5_000;

        private final AtomicLong timeNanos = new AtomicLong();
        private ShardRig rig;

        /** Fills the windows. */
        @Setup
        public void setUp() {
            long sizeNanos = TimeUnit.MILLISECONDS.toNanos(windowMillis);
            rig = new ShardRig(ShardRig.SHARDS, new WindowRules(sizeNanos, sizeNanos / 5, false, true, 0), keys, true);
            Worker filler = new Worker();
            filler.setUp(this);
            while (timeNanos.get() < 2 * sizeNanos) {
                filler.takeGroup();
            }
        }

        /** All events were handled, and the windows are full. */
        @TearDown
        public void tearDown() {
            rig.check(timeNanos.get() / STEP_NANOS, 0);
            long full = TimeUnit.MILLISECONDS.toNanos(windowMillis) / STEP_NANOS;
            Expect.between("timestamps", rig.liveTimestamps(), full - full / 10, full + full / 2);
        }
    }

    /** One of the threads. */
    @State(Scope.Thread)
    public static class Worker {
        private static final int DRAWS = 1 << 16;

        private final int[] order = new int[DRAWS];
        private AtomicLong timeNanos;
        private ShardRig.Driver driver;
        private int position;
        private int groups;

        /** Draws the keys of the events. */
        @Setup
        public void setUp(Keys shared) {
            SplittableRandom random =
                    new SplittableRandom(Thread.currentThread().getId());
            for (int i = 0; i < DRAWS; i++) {
                order[i] = random.nextInt(shared.keys);
            }
            timeNanos = shared.timeNanos;
            driver = shared.rig.newDriver();
        }

        long takeGroup() {
            long nanos = timeNanos.getAndAdd(GROUP_NANOS);
            for (int i = 0; i < ShardRig.GROUP; i++) {
                nanos += STEP_NANOS;
                driver.event(order[position], nanos);
                position = (position + 1) & (DRAWS - 1);
            }
            driver.apply(nanos);
            if (++groups % POLL_GROUPS == 0) {
                driver.pollTimers(nanos);
            }
            return nanos;
        }
    }

    /** A group of events, of one thread. */
    @Benchmark
    @Threads(1)
    @OperationsPerInvocation(ShardRig.GROUP)
    public long oneThread(Worker worker) {
        return worker.takeGroup();
    }

    /** A group of events, of each of two threads. */
    @Benchmark
    @Threads(2)
    @OperationsPerInvocation(ShardRig.GROUP)
    public long twoThreads(Worker worker) {
        return worker.takeGroup();
    }
}
