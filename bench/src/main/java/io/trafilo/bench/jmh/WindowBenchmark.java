package io.trafilo.bench.jmh;

import io.trafilo.Counter;
import io.trafilo.state.WindowRules;
import io.trafilo.window.ChunkSupply;
import io.trafilo.window.RetentionBudget;
import io.trafilo.window.TimestampStore;
import io.trafilo.window.WindowEntry;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What an event costs by the number of timestamps in its key's window. {@code store}: an operation evicts what is too old and adds
 * a timestamp, which makes one of each. {@code update}: an operation is an event of the key, hashed, looked ahead at in a group of
 * 32, and applied. The window's chunks lie in memory one behind the other, as in a new shard that has one busy key, or in no order,
 * as in one that many keys have used for long. Time is not the clock's: an event each microsecond. Disorder takes timestamps of
 * the last 50 microseconds instead of now. Left out: ring, parser, clock, sink, events of other keys, other threads.
 */
public class WindowBenchmark extends AverageNanos {
    private static final long STEP_NANOS = 1_000;
    private static final int CHUNK_TIMESTAMPS = 13;

    /** Enough for the largest window, and the same for all: so that what happens before differs in nothing. */
    private static final int CHUNKS = 85_000;

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

        /** How the window's chunks lie in memory: in order, or scattered. */
        @Param({"inOrder", "scattered"})
        public String chunks = "inOrder";

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

        /** The numbers of the chunks in the order in which the window is to take them, last to first. */
        private int[] chunksLastToFirst() {
            int[] numbers = new int[CHUNKS];
            Arrays.setAll(numbers, i -> CHUNKS - 1 - i);
            if (chunks.equals("scattered")) {
                SplittableRandom random = new SplittableRandom(2);
                for (int i = 1; i < CHUNKS; i++) {
                    int other = random.nextInt(i + 1);
                    int number = numbers[i];
                    numbers[i] = numbers[other];
                    numbers[other] = number;
                }
            }
            return numbers;
        }

        private void checkCount(long count) {
            Expect.between("timestamps", count, timestamps - MOST_STEPS_LATE / 2, timestamps + MOST_STEPS_LATE / 2);
        }
    }

    /** A store with one window. */
    @State(Scope.Thread)
    public static class Store {
        private final TimestampStore store =
                new TimestampStore(new RetentionBudget(10_000_000, 1), new ChunkSupply(false));
        private final Entry entry = new Entry();
        private Times times;

        private static final class Entry extends WindowEntry {}

        /** Fills the window. */
        @Setup
        public void setUp(Times given) {
            times = given;
            arrange(times.chunksLastToFirst());
            for (int i = 0; i < 2 * times.timestamps; i++) {
                move();
            }
        }

        /** Takes chunks and gives them back in the order in which the window is to take them, last to first. */
        private void arrange(int[] order) {
            Entry[] others = new Entry[order.length];
            for (int i = 0; i < others.length; i++) {
                others[i] = new Entry();
                for (int timestamp = 0; timestamp < CHUNK_TIMESTAMPS; timestamp++) {
                    store.add(others[i], timestamp);
                }
            }
            for (int i : order) {
                store.clear(others[i]);
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

    /** A shard in which one key has all events. */
    @State(Scope.Thread)
    public static class OneKey {
        private static final long KEY = -1;

        private ShardRig rig;
        private ShardRig.Driver driver;
        private Times times;
        private long handled;

        /** Fills the window. */
        @Setup
        public void setUp(Times given) {
            times = given;
            int[] others = times.chunksLastToFirst();
            WindowRules rules = new WindowRules(times.sizeNanos(), times.sizeNanos(), false, true, 0);
            rig = new ShardRig(1, rules, others.length + 1, false);
            driver = rig.newDriver();
            arrange(others);
            long until = times.events + 2L * times.timestamps;
            while (times.events < until) {
                takeGroup();
            }
        }

        /** Lets other keys take chunks, give them back as the window is to take them, last to first, and fall silent. */
        private void arrange(int[] others) {
            for (int key = 0; key < others.length; key++) {
                for (int n = 0; n < CHUNK_TIMESTAMPS; n++) {
                    takeOne(key);
                }
            }
            times.events += 2L * times.timestamps;
            for (int key : others) {
                takeOne(key);
            }
            times.events += 2L * times.timestamps;
            while (rig.liveTimestamps() > 0) {
                driver.pollTimers(times.nowNanos());
            }
        }

        private void takeOne(int key) {
            driver.event(key, times.nowNanos());
            driver.apply(times.nowNanos());
            handled++;
        }

        private long takeGroup() {
            for (int i = 0; i < ShardRig.GROUP; i++) {
                driver.event(KEY, times.next());
            }
            driver.apply(times.nowNanos());
            handled += ShardRig.GROUP;
            if (handled % POLL_EVENTS < ShardRig.GROUP) {
                driver.pollTimers(times.nowNanos());
            }
            return times.events;
        }

        /** All events were handled, and the window has kept its size. */
        @TearDown
        public void tearDown() {
            rig.check(handled, 0);
            Expect.same("late", rig.sum(Counter.LATE), 0);
            times.checkCount(rig.liveTimestamps());
        }
    }

    /** Evicts what is too old and adds a timestamp. */
    @Benchmark
    public int store(Store store) {
        return store.move();
    }

    /** Applies 32 events. */
    @Benchmark
    @OperationsPerInvocation(ShardRig.GROUP)
    public long update(OneKey key) {
        return key.takeGroup();
    }
}
