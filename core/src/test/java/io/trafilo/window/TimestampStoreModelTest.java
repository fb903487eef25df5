package io.trafilo.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class TimestampStoreModelTest {

    private static final int RUNS = 20_000;
    private static final int LONG_RUN_EVERY = 200;
    private static final int FULL_CHECK_EVERY = 32;

    /** The greatest gap between two timestamps that a narrow chunk can hold. */
    private static final long MOST_GAP = (1L << 32) - 1;

    @Test
    void shouldHoldWhatSortedListHoldsWhenOperationsAreRandom() {
        SeededRuns.run(RUNS, random -> new Run(random).run());
    }

    /** One sequence of operations on a store and on a sorted list for each entry, side by side. */
    private static final class Run {
        private final SplittableRandom random;
        private final long baseNanos;
        private final long windowNanos;
        private final long maxStep;
        private final int disorderPercent;
        private final int farPermille;
        private final long maxRetained;
        private final int operations;
        private final boolean keepsValues;
        private final int weightedOneIn;
        private final TimestampStore store;
        private final List<TestEntry> entries = new ArrayList<>();
        private final List<SortedList> models = new ArrayList<>();
        private long clock; // since baseNanos, as all values of the model are
        private long live;
        private double lastValue;
        private final Leaving leaving = new Leaving();

        Run(SplittableRandom random) {
            this.random = random;
            this.baseNanos = randomBase();
            this.windowNanos = 1L << random.nextInt(1, 40);
            this.maxStep = random.nextInt(4) == 0 ? 0 : Math.max(1, windowNanos >> random.nextInt(10));
            this.disorderPercent = random.nextInt(4) * random.nextInt(30);
            this.farPermille = random.nextInt(2) * random.nextInt(300);
            boolean longRun = random.nextInt(LONG_RUN_EVERY) == 0;
            this.operations = longRun ? 2_000 : random.nextInt(20, 120);
            this.maxRetained = random.nextBoolean() ? 1_000_000 : random.nextLong(1, longRun ? 500 : 100);
            this.keepsValues = random.nextBoolean();
            this.weightedOneIn = random.nextInt(3) * random.nextInt(1, 40);
            this.store = new TimestampStore(new RetentionBudget(maxRetained, 1), new ChunkSupply(keepsValues));
            int keys = random.nextInt(1, 5);
            for (int i = 0; i < keys; i++) {
                entries.add(new TestEntry(i));
                models.add(new SortedList());
            }
        }

        private long randomBase() {
            return switch (random.nextInt(4)) {
                case 0 -> Long.MAX_VALUE - random.nextInt(2_000);
                case 1 -> Long.MAX_VALUE - random.nextLong(1L << 42);
                case 2 -> -random.nextLong(1L << 42);
                default -> random.nextLong();
            };
        }

        void run() {
            for (int i = 1; i <= operations; i++) {
                int key = random.nextInt(entries.size());
                operate(key);
                checkEnds(key);
                if (i % FULL_CHECK_EVERY == 0) {
                    checkAll();
                }
            }
            checkAll();
            for (int key = 0; key < entries.size(); key++) {
                clear(key);
            }
            checkAll();
            store.close();
        }

        private void operate(int key) {
            int dice = random.nextInt(100);
            if (dice < 40) {
                tick();
                add(key, inOrderOrNot(key));
            } else if (dice < 60) {
                for (int n = random.nextInt(1, 40); n > 0; n--) {
                    tick();
                    add(key, inOrderOrNot(key));
                }
            } else if (dice < 65) {
                long step = random.nextLong(1 + maxStep);
                long from = clock + random.nextLong(windowNanos);
                for (int n = random.nextInt(1, 40); n > 0; n--) {
                    add(key, from -= step);
                }
            } else if (dice < 80) {
                evict(key, clock - windowNanos);
            } else if (dice < 97) {
                evict(key, somewhereIn(key));
            } else {
                clear(key);
            }
        }

        private void tick() {
            clock += random.nextLong(1 + maxStep);
            if (random.nextInt(1_000) < farPermille) {
                clock += MOST_GAP + random.nextInt(3);
            }
        }

        private long inOrderOrNot(int key) {
            if (random.nextInt(100) >= disorderPercent) {
                return clock;
            }
            return switch (random.nextInt(5)) {
                case 0 -> clock + random.nextLong(windowNanos);
                case 1 -> clock - 2 * random.nextLong(windowNanos);
                case 2 -> clock - random.nextLong(1 + 4 * maxStep);
                default -> somewhereIn(key);
            };
        }

        /** One of the entry's timestamps, or next to one of them. */
        private long somewhereIn(int key) {
            SortedList model = models.get(key);
            long value = model.size == 0 ? clock : model.times[random.nextInt(model.size)];
            return value + random.nextInt(-1, 2);
        }

        private void add(int key, long t) {
            SortedList model = models.get(key);
            boolean room = live < maxRetained || model.size == 0;
            boolean older = model.size > 0 && t <= model.times[0];
            double value = random.nextInt(8) == 0 ? Double.NaN : ++lastValue;
            double weight = weightedOneIn != 0 && random.nextInt(weightedOneIn) == 0 ? random.nextInt(2, 9) : 1;
            leaving.reset();
            int removed = keepsValues
                    ? store.add(entries.get(key), baseNanos + t, value, weight, leaving)
                    : store.add(entries.get(key), baseNanos + t);
            assertThat(removed).as("truncated").isEqualTo(room ? 0 : 1);
            if (room) {
                model.add(t, value, weight);
                live++;
            } else if (older) {
                assertThat(store.truncatedNanos()).as("truncatedNanos").isEqualTo(baseNanos + t);
            } else {
                model.add(t, value, weight);
                assertThat(store.truncatedNanos()).as("truncatedNanos").isEqualTo(baseNanos + model.times[0]);
                model.remove(keepsValues ? model.indexOf(leaving.values[0], leaving.weights[0]) : 0, 1);
            }
        }

        private void evict(int key, long bound) {
            SortedList model = models.get(key);
            int expired = model.countBefore(bound);
            live -= expired;
            leaving.reset();
            assertThat(store.evictBefore(entries.get(key), baseNanos + bound, keepsValues ? leaving : null))
                    .as("evicted")
                    .isEqualTo(expired);
            if (keepsValues) {
                checkShown(model, 0, expired);
            }
            model.remove(0, expired);
        }

        /** What was shown, up to the order of equal timestamps. */
        private void checkShown(SortedList model, int from, int to) {
            String[] shown = new String[leaving.count];
            for (int i = 0; i < shown.length; i++) {
                long time = from + i < model.size ? model.times[from + i] : 0;
                shown[i] = SortedList.text(time, leaving.values[i], leaving.weights[i]);
            }
            Arrays.sort(shown);
            if (!Arrays.equals(shown, model.texts(from, to))) {
                assertThat(shown).as("values").isEqualTo(model.texts(from, to));
            }
        }

        private void clear(int key) {
            int held = models.get(key).size;
            models.get(key).remove(0, held);
            live -= held;
            assertThat(store.clear(entries.get(key))).as("cleared").isEqualTo(held);
        }

        private void checkEnds(int key) {
            SortedList model = models.get(key);
            TestEntry entry = entries.get(key);
            if (store.count(entry) != model.size) {
                throw new AssertionError("count: " + store.count(entry) + " (expected: " + model.size + ")");
            }
            if (model.size > 0) {
                assertThat(store.oldest(entry)).as("oldest").isEqualTo(baseNanos + model.times[0]);
                assertThat(store.newest(entry)).as("newest").isEqualTo(baseNanos + model.times[model.size - 1]);
            }
        }

        private void checkValues(int key) {
            SortedList model = models.get(key);
            leaving.reset();
            store.show(entries.get(key), leaving);
            checkShown(model, 0, model.size);
            if (model.size > 0) {
                long one = somewhereIn(key);
                long other = somewhereIn(key);
                long from = Math.min(one, other);
                long until = Math.max(one, other);
                leaving.reset();
                store.show(entries.get(key), baseNanos + from, baseNanos + until, leaving);
                checkShown(model, model.countBefore(from), model.countBefore(until));
            }
        }

        private void checkAll() {
            for (int key = 0; key < entries.size(); key++) {
                checkEnds(key);
                long[] expected = models.get(key).toArray(baseNanos);
                long[] content = StoreInspector.contentOf(store, entries.get(key));
                if (!Arrays.equals(content, expected)) {
                    assertThat(content).as("content of key %s", key).isEqualTo(expected);
                }
                if (keepsValues) {
                    checkValues(key);
                }
            }
            assertThat(store.live()).as("live").isEqualTo(live);
            StoreInspector.checkChunks(store, entries);
        }
    }

    /** What was shown. */
    private static final class Leaving implements ValueSpan {
        private double[] values = new double[64];
        private double[] weights = new double[64];
        private int count;

        void reset() {
            count = 0;
        }

        @Override
        public void accept(double[] shown, double[] theirWeights, int from, int to) {
            for (int i = from; i < to; i++) {
                if (count == values.length) {
                    values = Arrays.copyOf(values, 2 * count);
                    weights = Arrays.copyOf(weights, 2 * count);
                }
                values[count] = shown[i];
                weights[count] = theirWeights == null ? 1 : theirWeights[i];
                count++;
            }
        }
    }

    /** A sorted array. */
    private static final class SortedList {
        private long[] times = new long[16];
        private double[] values = new double[16];
        private double[] weights = new double[16];
        private int size;

        void add(long time, double value, double weight) {
            if (size == times.length) {
                times = Arrays.copyOf(times, 2 * size);
                values = Arrays.copyOf(values, 2 * size);
                weights = Arrays.copyOf(weights, 2 * size);
            }
            int place = size++;
            while (place > 0 && times[place - 1] > time) {
                times[place] = times[place - 1];
                values[place] = values[place - 1];
                weights[place] = weights[place - 1];
                place--;
            }
            times[place] = time;
            values[place] = value;
            weights[place] = weight;
        }

        int countBefore(long bound) {
            int count = 0;
            while (count < size && times[count] < bound) {
                count++;
            }
            return count;
        }

        void remove(int from, int count) {
            size -= count;
            System.arraycopy(times, from + count, times, from, size - from);
            System.arraycopy(values, from + count, values, from, size - from);
            System.arraycopy(weights, from + count, weights, from, size - from);
        }

        /** Where a value is among those of the oldest timestamp. */
        int indexOf(double value, double weight) {
            for (int i = 0; i < size && times[i] == times[0]; i++) {
                if (Double.compare(values[i], value) == 0 && weights[i] == weight) {
                    return i;
                }
            }
            throw new AssertionError("value " + value + " is not one of the oldest");
        }

        static String text(long time, double value, double weight) {
            return time + " " + value + " " + weight;
        }

        String[] texts(int from, int to) {
            String[] texts = new String[to - from];
            for (int i = from; i < to; i++) {
                texts[i - from] = text(times[i], values[i], weights[i]);
            }
            Arrays.sort(texts);
            return texts;
        }

        long[] toArray(long baseNanos) {
            long[] array = new long[size];
            for (int i = 0; i < size; i++) {
                array[i] = baseNanos + times[i];
            }
            return array;
        }
    }
}
