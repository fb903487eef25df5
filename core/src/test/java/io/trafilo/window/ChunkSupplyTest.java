package io.trafilo.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stores that share their chunks: none is lost or in two places, and there are never more than the bound says. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChunkSupplyTest {

    /** Some stores with some entries each, a budget and a supply for all. */
    private static final class Stores {
        final ChunkSupply supply = new ChunkSupply(false);
        final RetentionBudget budget;
        final List<TimestampStore> stores = new ArrayList<>();
        final List<List<TestEntry>> entries = new ArrayList<>();
        final long bound;

        Stores(int count, int keysEach, long maxRetained) {
            budget = new RetentionBudget(maxRetained, count);
            bound = ChunkSupply.maxChunks((long) count * keysEach, maxRetained, count, false);
            for (int i = 0; i < count; i++) {
                stores.add(new TimestampStore(budget, supply));
                List<TestEntry> keys = new ArrayList<>();
                for (int key = 0; key < keysEach; key++) {
                    keys.add(new TestEntry(key));
                }
                entries.add(keys);
            }
        }

        void check() {
            StoreInspector.checkChunks(stores, entries);
            assertThat((long) supply.touchedChunks()).as("chunks").isLessThanOrEqualTo(bound);
        }
    }

    @Test
    void shouldNotGrowWhenTheBusyKeyMovesFromStoreToStore() {
        int retained = 150_000;
        int held = retained * 7 / 8; // the stores that are idle keep some room for themselves
        Stores all = new Stores(32, 1, retained);
        for (int i = 0; i < all.stores.size(); i++) {
            TestEntry busy = all.entries.get(i).get(0);
            for (int t = 0; t < held; t++) {
                assertThat(all.stores.get(i).add(busy, t)).isZero();
            }
            all.check();
            if (i % 2 == 0) {
                all.stores.get(i).clear(busy); // all at once
            } else {
                for (int t = 7; busy.count > 0; t += 7) { // little by little
                    all.stores.get(i).evictBefore(busy, t);
                }
            }
            all.check();
        }
        assertThat(all.supply.touchedChunks()).isLessThan(retained / Chunks.SLOTS + 32 * 100);
    }

    @Test
    void shouldComeToTheBoundWhenEveryKeyHasThreeTimestampsInTwoChunks() {
        int keys = 4_000;
        Stores all = new Stores(8, keys / 8, 3L * keys + 800); // which the last ones need for a moment
        for (int i = 0; i < 8; i++) {
            for (TestEntry entry : all.entries.get(i)) {
                for (int t = 1; t <= 14; t++) { // the last one opens a second chunk
                    all.stores.get(i).add(entry, t);
                }
                assertThat(all.stores.get(i).evictBefore(entry, 12)).isEqualTo(11);
                assertThat(StoreInspector.chunkCount(all.stores.get(i), entry)).isEqualTo(2);
            }
        }
        all.check();
        assertThat(all.supply.touchedChunks()).isBetween((int) (all.bound / 2), (int) all.bound);
    }

    @ParameterizedTest
    @CsvSource({"1, 4, 100", "2, 3, 5000", "4, 2, 40000", "16, 3, 20000", "64, 1, 3000"})
    void shouldLoseNoChunkAndKeepToTheBoundWhenOperationsAreRandom(int stores, int keysEach, long maxRetained) {
        SeededRuns.run(10, random -> runRandomly(random, new Stores(stores, keysEach, maxRetained), maxRetained));
    }

    private static void runRandomly(SplittableRandom random, Stores all, long maxRetained) {
        int disorder = random.nextInt(3) * 500;
        long clock = 0;
        for (int i = 0; i < 1_500; i++) {
            int s = random.nextInt(1 + random.nextInt(all.stores.size())); // some more often than others
            TimestampStore store = all.stores.get(s);
            TestEntry entry =
                    all.entries.get(s).get(random.nextInt(all.entries.get(s).size()));
            for (int n = random.nextInt((int) (2 + maxRetained / 10)); n > 0; n--) {
                clock += random.nextInt(3);
                store.add(entry, clock - random.nextInt(1 + disorder));
            }
            if (random.nextInt(3) == 0) {
                store.evictBefore(entry, clock - random.nextInt((int) maxRetained));
            } else if (random.nextInt(5) == 0) {
                store.clear(entry);
            }
            if (i % 50 == 0) {
                all.check();
            }
        }
        all.check();
    }

    @Test
    void shouldKeepToTheBoundWhenThreadsCompete() throws InterruptedException, ExecutionException, TimeoutException {
        int threads = 4;
        Stores all = new Stores(threads, 3, 40_000);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                TimestampStore store = all.stores.get(i);
                List<TestEntry> entries = all.entries.get(i);
                SplittableRandom random = new SplittableRandom(i);
                results.add(executor.submit(() -> addAndEvict(store, entries, random)));
            }
            for (Future<?> result : results) {
                result.get(60, TimeUnit.SECONDS);
            }
        } finally {
            executor.shutdownNow();
        }
        all.check();
    }

    private static void addAndEvict(TimestampStore store, List<TestEntry> entries, SplittableRandom random) {
        for (int t = 0; t < 1_000_000; t++) {
            TestEntry entry = entries.get(t / 4_096 % entries.size());
            store.add(entry, t - random.nextInt(20));
            if (random.nextInt(2_000) == 0) {
                store.evictBefore(entry, t - random.nextInt(30_000));
            } else if (random.nextInt(20_000) == 0) {
                store.clear(entry);
            }
        }
    }

    /** Two chunks for each key that can have some, 5 timestamps in each other one, and 52 for each store. */
    @ParameterizedTest
    @CsvSource({"10, 300, 2, 180", "1000, 30, 1, 74", "1, 2, 1, 52"})
    void shouldBoundTheChunks(long keys, long timestamps, int stores, long expected) {
        assertThat(ChunkSupply.maxChunks(keys, timestamps, stores, false)).isEqualTo(expected);
    }

    /** One chunk for each key, a second for those with a timestamp within the maximum, and 5 timestamps in each other one. */
    @ParameterizedTest
    @CsvSource({"10, 300, 2, 182", "1000, 30, 1, 1082", "1, 2, 1, 54"})
    void shouldBoundTheChunksWhenValuesAreKept(long keys, long timestamps, int stores, long expected) {
        assertThat(ChunkSupply.maxChunks(keys, timestamps, stores, true)).isEqualTo(expected);
    }

    /** A block of values is an array of 24 + 53,248 bytes, and the list takes 8 for it three times. */
    @Test
    void shouldBoundTheBytesOfValuesAndWeights() {
        assertThat(ChunkSupply.maxBytes(513, true, false)).isEqualTo(66_400 + 2 * 53_296);
        assertThat(ChunkSupply.maxBytes(513, true, true)).isEqualTo(66_400 + 4 * 53_296);
    }

    /** A block is an array of 24 + 32,768 bytes, and the lists take 136 for it three times. */
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 33200", "512, 33200", "513, 66400"})
    void shouldBoundTheirBytes(long chunks, long expected) {
        assertThat(ChunkSupply.maxBytes(chunks, false, false)).isEqualTo(expected);
    }
}
