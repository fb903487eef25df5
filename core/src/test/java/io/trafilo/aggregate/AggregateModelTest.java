package io.trafilo.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.AggregateSet;
import io.trafilo.Aggregates;
import io.trafilo.window.ChunkSupply;
import io.trafilo.window.RetentionBudget;
import io.trafilo.window.TimestampStore;
import io.trafilo.window.WindowEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * All aggregates against a plain list of events, over random events and moves of time, with few events that are many. A failure
 * names its seed; {@code -Dtrafilo.test.seed=...} runs that one alone, {@code -Dtrafilo.test.maxRuns=...} fewer of them.
 */
class AggregateModelTest {
    private static final int RUNS_OF_THE_GATE = 2_000;
    private static final int RUNS = 20_000;

    private static final class Entry extends WindowEntry {}

    @Test
    void shouldBeWhatTheListOfEventsComesToWhenOperationsAreRandom() {
        Long only = Long.getLong("trafilo.test.seed");
        if (only != null) {
            new Run(only).run();
            return;
        }
        run(RUNS_OF_THE_GATE);
    }

    @Test
    @Tag("slow")
    void shouldBeTheSameInManyRuns() {
        run(RUNS);
    }

    private static void run(int most) {
        int runs = Math.min(most, Integer.getInteger("trafilo.test.maxRuns", most));
        int[] met = new int[4];
        for (long seed = 1; seed <= runs; seed++) {
            try {
                Run run = new Run(seed);
                run.run();
                for (int i = 0; i < met.length; i++) {
                    met[i] += run.met[i];
                }
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + " (once more with -Dtrafilo.test.seed=" + seed + "): " + e, e);
            }
        }
        if (runs == most) {
            assertThat(IntStream.of(met).min().orElseThrow())
                    .as("with panes, with buckets, truncated, stale buckets: %s", Arrays.toString(met))
                    .isGreaterThan(runs / 50);
        }
    }

    /** One sequence of events of some keys, beside the list. */
    private static final class Run {
        private final SplittableRandom random;
        private final long windowNanos;
        private final AggregateSet set;
        private final TimestampStore store;
        private final ShardAggregates shard;
        private final WindowAggregates window = new WindowAggregates();
        private final long itemPaneNanos;
        private final List<Entry> entries = new ArrayList<>();
        private final List<KeyAggregates> keys = new ArrayList<>();
        private final List<NaiveAggregates> models = new ArrayList<>();
        private final long maxRetained;
        private final int kindOfValues;
        private final boolean weighted;
        private long now;
        private long live;
        final int[] met = new int[4];

        Run(long seed) {
            random = new SplittableRandom(seed);
            windowNanos = 1 + random.nextLong(1L << random.nextInt(4, 40));
            long slideNanos = 1 + random.nextLong(windowNanos);
            set = randomSet();
            boolean wraps = !set.hasDistinct() && random.nextInt(8) == 0;
            now = wraps ? Long.MAX_VALUE - random.nextInt(100_000) : random.nextLong(1L << 61);
            AggregateRules rules =
                    new AggregateRules(set, windowNanos, slideNanos, 2 + random.nextInt(30), 2 + random.nextInt(30));
            itemPaneNanos = 1L << ItemPanes.shift(windowNanos, slideNanos);
            maxRetained = random.nextInt(3) == 0 ? 1 + random.nextInt(60) : 1_000_000;
            store = new TimestampStore(new RetentionBudget(maxRetained, 1), new ChunkSupply(rules.keepsValues()));
            shard = new ShardAggregates(rules, new AggregatePool(rules), store);
            kindOfValues = random.nextInt(6);
            weighted = random.nextBoolean();
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                entries.add(new Entry());
                keys.add(new KeyAggregates());
                models.add(new NaiveAggregates());
            }
        }

        private AggregateSet randomSet() {
            AggregateSet some = Aggregates.none();
            int bits = random.nextInt(1, 128);
            some = (bits & 1) == 0 ? some : some.sum();
            some = (bits & 2) == 0 ? some : some.min();
            some = (bits & 4) == 0 ? some : some.max();
            some = (bits & 8) == 0 ? some : some.deviation();
            some = (bits & 16) == 0 ? some : some.weightedCount();
            some = (bits & 32) == 0
                    ? some
                    : some.quantiles(random.nextBoolean() ? 0.01 : random.nextDouble(0.001, 0.25));
            return (bits & 64) == 0 ? some : some.distinct(random.nextInt(4, 17));
        }

        void run() {
            for (int i = random.nextInt(30, 150); i > 0; i--) {
                int key = random.nextInt(keys.size());
                switch (random.nextInt(16)) {
                    case 0 -> now += random.nextLong(windowNanos);
                    case 1 -> now += random.nextInt(10) == 0 ? 2 * windowNanos : windowNanos / 2;
                    case 2 -> evict(key);
                    case 3, 4 -> {
                        evict(key);
                        check(key);
                    }
                    case 5 -> forget(key);
                    default -> add(key);
                }
            }
            for (int key = 0; key < keys.size(); key++) {
                evict(key);
                check(key);
                forget(key);
            }
        }

        private void add(int key) {
            evict(key);
            NaiveAggregates model = models.get(key);
            for (int i = random.nextInt(4) == 0 ? random.nextInt(20) : 1; i > 0; i--) {
                now += random.nextInt(3) == 0 ? random.nextLong(1 + windowNanos / 32) : 0;
                evict(key);
                long nanos = now - (random.nextInt(3) == 0 ? random.nextLong(windowNanos) : 0);
                if (maxRetained < 1_000 && model.has(nanos)) {
                    continue; // which of them is truncated is nobody's business
                }
                double value = random.nextInt(10) == 0 ? Double.NaN : value();
                double weight = weighted && random.nextInt(3) == 0 ? random.nextInt(1, 1 << 20) * 0x1p-16 : 1;
                int item = random.nextInt(1 + random.nextInt(200));
                boolean full = live >= maxRetained && !model.isEmpty();
                int truncated = shard.add(keys.get(key), entries.get(key), nanos, value, weight);
                if (shard.keepsItems()) {
                    shard.addItem(keys.get(key), nanos, NaiveAggregates.hash(item));
                }
                assertThat(truncated).isEqualTo(full ? 1 : 0);
                met[2] += truncated;
                model.add(nanos, value, weight, item, full);
                live += full ? 0 : 1;
            }
        }

        private double value() {
            return switch (kindOfValues) {
                case 0 -> random.nextInt(100);
                case 1 -> random.nextInt(-50, 50) / 10.0;
                case 2 -> random.nextDouble(-1, 1);
                case 3 -> Math.scalb(random.nextDouble(-1, 1), random.nextInt(-200, 200));
                case 4 -> Math.scalb(random.nextDouble(), random.nextInt(-20, 20)) * (random.nextInt(9) == 0 ? -1 : 1);
                default -> 1e9 + random.nextInt(3);
            };
        }

        private void evict(int key) {
            int expired = models.get(key).evictBefore(now - windowNanos);
            live -= expired;
            QuantileBuckets buckets = keys.get(key).buckets;
            boolean fresh = buckets != null && !buckets.isStale();
            assertThat(shard.evictBefore(keys.get(key), entries.get(key), now - windowNanos))
                    .isEqualTo(expired);
            met[3] += fresh && keys.get(key).buckets == buckets && buckets.isStale() ? 1 : 0;
        }

        private void forget(int key) {
            live -= models.get(key).clear();
            store.clear(entries.get(key));
            shard.reset(keys.get(key));
            keys.set(key, new KeyAggregates());
        }

        private void check(int key) {
            KeyAggregates of = keys.get(key);
            met[0] += of.panes == null ? 0 : 1;
            met[1] += of.buckets == null ? 0 : 1;
            window.begin(shard, of, entries.get(key), now - windowNanos, now);
            models.get(key).check(window, set, itemPaneNanos, now - windowNanos, random);
            window.end();
        }
    }
}
