package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafilo.testing.CollidingKeys;
import io.trafilo.testing.TestEngine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TopKeysTest {
    private static final long SIZE = 100;

    private record Window(Key key, long count, long startNanos, long endNanos, long newestNanos) implements WindowView {
        static Window of(String key, long count, long endNanos, long newestNanos) {
            return new Window(Key.of(key), count, endNanos - SIZE, endNanos, newestNanos);
        }

        @Override
        public long oldestNanos() {
            return newestNanos;
        }

        @Override
        public long total() {
            return count;
        }

        @Override
        public boolean isTruncated() {
            return false;
        }

        @Override
        public long lossDuringWindow() {
            return 0;
        }
    }

    private static List<String> keys(TopKeys top, long nowNanos) {
        return top.list(nowNanos).stream().map(entry -> entry.key().toString()).toList();
    }

    @Test
    void shouldNameTheKeysWithTheHighestCountsWhenTheEngineRuns() {
        TopKeys top = TopKeys.by(WindowView::count, 2);
        List<String> passedOn = new ArrayList<>();
        try (TestEngine test = TestEngine.start(builder -> builder.sink(top.then(
                                (window, state) -> passedOn.add(window.key().toString())))
                        .disposer(top.thenDispose((key, state) -> passedOn.add("disposed " + key))));
                TestEngine beacon = TestEngine.start()) {
            test.send("a ", "b ", "b ", "c ", "c ", "c ");
            assertThat(keys(top, beacon.clock.epochNanos())).containsExactly("a", "b"); // each emitted its first event
            assertThat(passedOn).containsExactly("a", "b", "c");
            test.clock.advance(TestEngine.SLIDE);
            TestEngine.until(() -> passedOn.size() == 6);
            test.awaitLock();
            assertThat(keys(top, test.clock.epochNanos())).containsExactly("c", "b");
            assertThat(top.list(test.clock.epochNanos()).get(0).value()).isEqualTo(3);
            test.engine().close();
            assertThat(passedOn).contains("disposed a");
            assertThat(top.list(Long.MIN_VALUE)).isEmpty();
        }
    }

    @Test
    void shouldDropAKeyWhenItsWindowIsEmptyOrItIsDisposedOf() {
        TopKeys top = TopKeys.by(WindowView::count, 5);
        top.onWindow(Window.of("a", 1, 0, 0), null);
        top.onWindow(Window.of("b", 2, 0, 0), null);
        top.onWindow(Window.of("c", 3, 0, 0), null);
        top.onWindow(Window.of("b", 0, 10, 10), null);
        top.dispose(Key.of("a"), null);
        assertThat(keys(top, 10)).containsExactly("c");
    }

    @Test
    void shouldLeaveOutAKeyWhenItsEventsHaveLeftTheWindow() {
        TopKeys top = TopKeys.by(WindowView::count, 5);
        top.onWindow(Window.of("a", 9, 50, 50), null);
        top.onWindow(Window.of("b", 2, 60, 60), null);
        assertThat(keys(top, 150)).containsExactly("a", "b");
        assertThat(keys(top, 151)).containsExactly("b");
    }

    @Test
    void shouldLeaveOutAKeyWhenItHasNoValue() {
        TopKeys top = TopKeys.by(window -> window.count() == 1 ? Double.NaN : window.count(), 5);
        top.onWindow(Window.of("a", 1, 0, 0), null);
        top.onWindow(Window.of("b", 2, 0, 0), null);
        assertThat(keys(top, 0)).containsExactly("b");
    }

    @Test
    void shouldRefuseToKeepNoKeys() {
        assertThatThrownBy(() -> TopKeys.by(WindowView::count, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("count: 0 keys (expected: >= 1)");
    }

    @Test
    void shouldNotGrowWhenQuietKeysDoNotEmit() {
        TopKeys top = TopKeys.by(WindowView::count, 1_000_000);
        for (int i = 0; i < 100_000; i++) {
            top.onWindow(Window.of("key" + i, 1, i, i), null);
        }
        assertThat(top.list(Long.MIN_VALUE)).hasSizeLessThan(2 * 100 + 512);
    }

    @Test
    void shouldBeWhatASortedListIsWhenWindowsAreRandom() {
        for (long seed = 1; seed <= 500; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int count = random.nextInt(1, 12);
            TopKeys top = TopKeys.by(WindowView::count, count);
            Map<String, TopKeys.Entry> model = new HashMap<>();
            Map<String, Long> emptyAt = new HashMap<>();
            long now = 0;
            for (int i = 0; i < 200; i++) {
                now += random.nextInt(5);
                String key = "key" + random.nextInt(30);
                long newest = now - random.nextLong(SIZE);
                long value = random.nextInt(20);
                top.onWindow(Window.of(key, value, now, newest), null);
                model.remove(key);
                if (value > 0) {
                    model.put(key, new TopKeys.Entry(Key.of(key), value, now));
                    emptyAt.put(key, newest + SIZE);
                }
                long asked = now;
                List<TopKeys.Entry> expected = model.values().stream()
                        .filter(entry -> emptyAt.get(entry.key().toString()) >= asked)
                        .sorted(Comparator.comparingDouble(TopKeys.Entry::value)
                                .reversed()
                                .thenComparing(entry -> entry.key().toString()))
                        .limit(count)
                        .toList();
                assertThat(top.list(now)).as("seed %d", seed).isEqualTo(expected);
            }
        }
    }

    @Test
    void shouldLeaveOutWhatWasEmptyByTheLatestWindowWhenAskedForNoTime() {
        TopKeys top = TopKeys.by(WindowView::count, 5);
        assertThat(top.list()).isEmpty();
        top.onWindow(Window.of("a", 1, 0, 0), null);
        top.onWindow(Window.of("b", 2, SIZE, SIZE), null);
        assertThat(top.list()).extracting(entry -> entry.key().toString()).containsExactly("b", "a");
        top.onWindow(Window.of("b", 2, SIZE + 1, SIZE), null);
        assertThat(top.list()).extracting(entry -> entry.key().toString()).containsExactly("b");
    }

    /** A hundred times as long, if it went by hash codes: the test would run into the limit of its time. */
    @Test
    @Timeout(60)
    void shouldTakeKeysWhoseHashCodesCollide() {
        TopKeys top = TopKeys.by(WindowView::count, 1);
        byte[][] keys = CollidingKeys.forStringHashCode(100_000);
        for (byte[] key : keys) {
            top.onWindow(new Window(Key.of(key, 0, key.length), 1, 0, SIZE, SIZE), null);
        }
        assertThat(top.list()).hasSize(1);
    }
}
