package io.trafilo.window;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Any stream of operations on the timestamps of a few keys, beside a sorted list for each. */
class TimestampStoreFuzzTest {
    private static final int MAX_OPERATIONS = 100;

    @FuzzTest(maxDuration = "1h", maxExecutions = 1_000_000)
    void shouldHoldWhatASortedListHolds(FuzzedDataProvider data) {
        new Stream(data).run();
    }

    private static final class Stream {
        private final FuzzedDataProvider data;
        private final long baseNanos;
        private final long maxRetained;
        private final TimestampStore store;
        private final List<TestEntry> entries = new ArrayList<>();
        private final List<List<Long>> lists = new ArrayList<>();
        private long clock;

        Stream(FuzzedDataProvider data) {
            this.data = data;
            this.baseNanos = data.consumeBoolean() ? data.consumeLong() : Long.MAX_VALUE - 100;
            this.maxRetained = data.consumeBoolean() ? data.consumeInt(1, 60) : 1_000_000;
            this.store = new TimestampStore(new RetentionBudget(maxRetained, 1), new ChunkSupply(false));
            int keys = data.consumeInt(1, 3);
            for (int i = 0; i < keys; i++) {
                entries.add(new TestEntry(i));
                lists.add(new ArrayList<>());
            }
        }

        void run() {
            for (int i = 0; i < MAX_OPERATIONS && data.remainingBytes() > 0; i++) {
                int key = data.consumeInt(0, entries.size() - 1);
                operate(key);
                checkEnds(key);
            }
            for (int key = 0; key < entries.size(); key++) {
                checkContent(key);
            }
            StoreInspector.checkChunks(store, entries);
            for (int key = 0; key < entries.size(); key++) {
                clear(key);
            }
            StoreInspector.checkChunks(store, entries);
            store.close();
        }

        private void operate(int key) {
            switch (data.consumeInt(0, 9)) {
                case 0 -> clear(key);
                case 1, 2 -> evict(key, clock - data.consumeInt(0, 50));
                case 3 -> addMany(key, data.consumeInt(1, 24));
                case 4, 5 -> add(key, clock - data.consumeInt(0, 100));
                case 6 -> add(key, data.consumeLong(-(1L << 40), 1L << 40));
                default -> {
                    clock += data.consumeInt(0, 20);
                    add(key, clock);
                }
            }
        }

        private void addMany(int key, int count) {
            int step = data.consumeInt(-2, 2);
            for (int i = 0; i < count; i++) {
                add(key, clock + (long) i * step);
            }
        }

        private void add(int key, long time) {
            List<Long> list = lists.get(key);
            boolean full = !list.isEmpty() && live() >= maxRetained;
            list.add(time);
            Collections.sort(list);
            requireEqual("truncated", store.add(entries.get(key), baseNanos + time), full ? 1 : 0);
            if (full) {
                requireEqual("time truncated", store.truncatedNanos(), baseNanos + list.remove(0));
            }
        }

        private void evict(int key, long bound) {
            List<Long> list = lists.get(key);
            int before = list.size();
            list.removeIf(time -> time < bound);
            requireEqual("evicted", store.evictBefore(entries.get(key), baseNanos + bound), before - list.size());
        }

        private void clear(int key) {
            requireEqual(
                    "cleared", store.clear(entries.get(key)), lists.get(key).size());
            lists.get(key).clear();
        }

        private long live() {
            return lists.stream().mapToLong(List::size).sum();
        }

        private void checkEnds(int key) {
            List<Long> list = lists.get(key);
            requireEqual("count", store.count(entries.get(key)), list.size());
            requireEqual("live", store.live(), live());
            if (!list.isEmpty()) {
                requireEqual("oldest", store.oldest(entries.get(key)), baseNanos + list.get(0));
                requireEqual("newest", store.newest(entries.get(key)), baseNanos + list.get(list.size() - 1));
            }
        }

        private void checkContent(int key) {
            long[] expected =
                    lists.get(key).stream().mapToLong(time -> baseNanos + time).toArray();
            long[] content = StoreInspector.contentOf(store, entries.get(key));
            if (!Arrays.equals(content, expected)) {
                throw new AssertionError(
                        "content: " + Arrays.toString(content) + " (expected: " + Arrays.toString(expected) + ")");
            }
        }

        private static void requireEqual(String what, long actual, long expected) {
            if (actual != expected) {
                throw new AssertionError(what + ": " + actual + " (expected: " + expected + ")");
            }
        }
    }
}
