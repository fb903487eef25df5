package io.trafilo.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionBudgetTest {

    private static final int SHARDS = 128;

    @Test
    void shouldRefuseSettingsWhenOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetentionBudget(0, 1))
                .withMessage("maxRetained: 0 timestamps (expected: >= 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetentionBudget(1, 0))
                .withMessage("shards: 0 (expected: >= 1)");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "100, 1", "8192, 2", "1000000, 244", "10000000000, 8192", "9223372036854775807, 8192"})
    void shouldDeriveQuantumWhenMaximumIsGiven(long maxRetained, long quantum) {
        assertThat(new RetentionBudget(maxRetained, SHARDS).quantum()).isEqualTo(quantum);
    }

    @Test
    void shouldLeaseWhatIsLeftWhenMoreIsWanted() {
        RetentionBudget budget = new RetentionBudget(10, 1);

        assertThat(budget.lease(7)).isEqualTo(7);
        assertThat(budget.lease(7)).isEqualTo(3);
        assertThat(budget.lease(7)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 100})
    void shouldRetainExactlyMaximumWhenBudgetIsTiny(long maxRetained) {
        RetentionBudget budget = new RetentionBudget(maxRetained, SHARDS);
        List<TimestampStore> stores = stores(budget);
        TestEntry entry = new TestEntry(0);

        for (long t = 1; t <= maxRetained; t++) {
            assertThat(stores.get(0).add(entry, t)).isZero();
        }
        assertThat(stores.get(0).add(entry, maxRetained + 1)).isEqualTo(1);
        stores.get(0).clear(entry);

        assertThat(budget.available()).isEqualTo(maxRetained);
        for (long t = 1; t <= maxRetained; t++) {
            assertThat(stores.get(SHARDS - 1).add(entry, t)).isZero();
        }
        assertThat(stores.get(SHARDS - 1).add(entry, maxRetained + 1)).isEqualTo(1);
    }

    @Test
    void shouldServeAllShardsOneEachWhenMaximumIsOne() {
        RetentionBudget budget = new RetentionBudget(1, SHARDS);
        List<TimestampStore> stores = stores(budget);
        List<TestEntry> entries = new ArrayList<>();
        for (TimestampStore store : stores) {
            TestEntry entry = new TestEntry(entries.size());
            entries.add(entry);
            assertThat(store.add(entry, 1)).isZero();
            assertThat(store.add(entry, 2)).isEqualTo(1);
            assertThat(store.newest(entry)).isEqualTo(2);
        }

        assertThat(leased(stores)).isEqualTo(1);
        for (int i = 0; i < SHARDS; i++) {
            stores.get(i).clear(entries.get(i));
        }
        assertThat(budget.available()).isEqualTo(1);
    }

    @Test
    void shouldPayForKeysBeyondMaximumFirstWhenRoomBecomesFree() {
        RetentionBudget budget = new RetentionBudget(10, SHARDS);
        List<TimestampStore> stores = stores(budget);
        TestEntry greedy = new TestEntry(0);
        for (int t = 0; t < 10; t++) {
            stores.get(0).add(greedy, t);
        }
        List<TestEntry> late = List.of(new TestEntry(1), new TestEntry(2), new TestEntry(3));
        late.forEach(entry -> stores.get(1).add(entry, 1));
        assertThat(stores.get(1).leased()).isZero();

        stores.get(0).clear(greedy);

        assertThat(stores.get(1).add(late.get(0), 2)).isZero();
        assertThat(stores.get(1).leased()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"1, 128", "2, 128", "100, 128", "1000, 4", "5000, 2", "50000, 8"})
    void shouldNeverExceedMaximumWhenOperationsAreRandom(long maxRetained, int shards) {
        SeededRuns.run(20, random -> runRandomly(random, maxRetained, shards));
    }

    private static void runRandomly(SplittableRandom random, long maxRetained, int shards) {
        RetentionBudget budget = new RetentionBudget(maxRetained, shards);
        TimestampStore[] stores = new TimestampStore[shards];
        TestEntry[][] entries = new TestEntry[shards][3];
        for (int i = 0; i < shards; i++) {
            stores[i] = new TimestampStore(budget, new ChunkSupply(false));
            for (int j = 0; j < 3; j++) {
                entries[i][j] = new TestEntry(j);
            }
        }
        long mayBeIdle = 2L * (shards - 1) * (budget.quantum() - 1);
        long live = 0;
        for (int i = 0; i < 5_000; i++) {
            int shard = random.nextInt(shards);
            TestEntry entry = entries[shard][random.nextInt(3)];
            if (random.nextInt(100) < 5) {
                live -= stores[shard].evictBefore(entry, i - random.nextInt(1_000));
            } else if (random.nextInt(100) < 2) {
                live -= stores[shard].clear(entry);
            }
            for (int n = 1 + random.nextInt((int) Math.min(200, 1 + maxRetained / 50)); n > 0; n--) {
                boolean truncated = stores[shard].add(entry, i) == 1;
                if (truncated && live < maxRetained - mayBeIdle) {
                    throw new AssertionError("truncated at " + live + " of " + maxRetained);
                }
                live += truncated ? 0 : 1;
            }
            checkSums(budget, List.of(stores), entries, maxRetained, live);
        }
        for (TimestampStore store : stores) {
            store.close();
            store.close();
        }
        assertThat(budget.available()).isEqualTo(maxRetained);
    }

    private static void checkSums(
            RetentionBudget budget, List<TimestampStore> stores, TestEntry[][] entries, long maxRetained, long live) {
        long leased = 0;
        long sum = 0;
        for (int i = 0; i < stores.size(); i++) {
            TimestampStore store = stores.get(i);
            long keys = 0;
            for (TestEntry entry : entries[i]) {
                keys += entry.count > 0 ? 1 : 0;
            }
            if (store.leased() < 0 || store.live() - store.leased() > keys) {
                throw new AssertionError(
                        store.live() + " live on " + store.leased() + " leased with " + keys + " keys");
            }
            leased += store.leased();
            sum += store.live();
        }
        if (leased > maxRetained || leased + budget.available() != maxRetained || sum != live) {
            throw new AssertionError(
                    leased + " leased, " + budget.available() + " available, " + sum + " live of " + live);
        }
    }

    @Test
    void shouldNeverExceedMaximumWhenThreadsCompete()
            throws InterruptedException, ExecutionException, TimeoutException {
        int threads = 4;
        long maxRetained = 1_000;
        RetentionBudget budget = new RetentionBudget(maxRetained, threads);
        List<Future<TimestampStore>> results = new ArrayList<>();
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            for (int i = 0; i < threads; i++) {
                int seed = i;
                results.add(executor.submit(() -> compete(budget, maxRetained, seed)));
            }
            List<TimestampStore> stores = new ArrayList<>();
            for (Future<TimestampStore> result : results) {
                stores.add(result.get(30, TimeUnit.SECONDS));
            }
            assertThat(leased(stores) + budget.available()).isEqualTo(maxRetained);
            stores.forEach(TimestampStore::close);
            assertThat(budget.available()).isEqualTo(maxRetained);
        } finally {
            executor.shutdownNow();
        }
    }

    private static TimestampStore compete(RetentionBudget budget, long maxRetained, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        TimestampStore store = new TimestampStore(budget, new ChunkSupply(false));
        TestEntry entry = new TestEntry(0);
        for (int t = 0; t < 500_000; t++) {
            store.add(entry, t);
            if (random.nextInt(400) == 0) {
                store.evictBefore(entry, t - random.nextInt(200));
            }
            long available = budget.available();
            if (available < 0 || available > maxRetained || store.live() > maxRetained + 1) {
                throw new AssertionError(available + " available, " + store.live() + " live");
            }
        }
        return store;
    }

    private static List<TimestampStore> stores(RetentionBudget budget) {
        List<TimestampStore> stores = new ArrayList<>();
        for (int i = 0; i < SHARDS; i++) {
            stores.add(new TimestampStore(budget, new ChunkSupply(false)));
        }
        return stores;
    }

    private static long leased(List<TimestampStore> stores) {
        return stores.stream().mapToLong(TimestampStore::leased).sum();
    }
}
