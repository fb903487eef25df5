package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class WindowResultTest {
    private record Window(
            Key key,
            long count,
            long startNanos,
            long endNanos,
            long oldestNanos,
            long newestNanos,
            long total,
            boolean isTruncated,
            long lossDuringWindow,
            boolean isLossKnown)
            implements WindowView {}

    private static final Key KEY = Key.of("k");

    private static WindowResult result(long startNanos, long count, boolean truncated, long lost) {
        return result(startNanos, count, truncated, lost, true);
    }

    private static WindowResult result(long startNanos, long count, boolean truncated, long lost, boolean known) {
        return new Window(
                        KEY,
                        count,
                        startNanos,
                        startNanos + 7,
                        startNanos + 1,
                        startNanos + 6,
                        9,
                        truncated,
                        lost,
                        known)
                .toResult();
    }

    @Test
    void shouldKeepTheValuesOfTheView() {
        WindowResult result = result(100, 3, true, 5);
        assertThat(result.key()).isSameAs(KEY);
        assertThat(result.count()).isEqualTo(3);
        assertThat(result.startNanos()).isEqualTo(100);
        assertThat(result.endNanos()).isEqualTo(107);
        assertThat(result.oldestNanos()).isEqualTo(101);
        assertThat(result.newestNanos()).isEqualTo(106);
        assertThat(result.total()).isEqualTo(9);
        assertThat(result.isTruncated()).isTrue();
        assertThat(result.lossDuringWindow()).isEqualTo(5);
        assertThat(result.isLossKnown()).isTrue();
        assertThat(result(100, 3, true, 5, false).isLossKnown()).isFalse();
    }

    @Test
    void shouldGiveTimesAsInstants() {
        WindowResult result = result(1_700_000_000_123_456_789L, 3, false, 0);
        assertThat(result.start()).isEqualTo(Instant.parse("2023-11-14T22:13:20.123456789Z"));
        assertThat(result.end()).isEqualTo(result.start().plusNanos(7));
        assertThat(result.oldest()).isEqualTo(result.start().plusNanos(1));
        assertThat(result.newest()).isEqualTo(result.start().plusNanos(6));
        assertThat(result(-1, 3, false, 0).start()).isEqualTo(Instant.EPOCH.minusNanos(1));
    }

    @Test
    void shouldEscapeTheKeyInItsText() {
        WindowView window = new Window(Key.of("a\n\u202eb"), 1, 100, 107, 101, 106, 9, false, 0, true);
        assertThat(window.toResult().toString()).startsWith("WindowResult[key a\\u{a}\\u{202e}b, count 1, ");
    }

    @Test
    void shouldEqualAnotherWithTheSameValuesOnly() {
        WindowResult result = result(100, 3, false, 0);
        assertThat(result).isEqualTo(result(100, 3, false, 0)).hasSameHashCodeAs(result(100, 3, false, 0));
        assertThat(result)
                .isNotEqualTo(result(101, 3, false, 0))
                .isNotEqualTo(result(100, 4, false, 0))
                .isNotEqualTo(result(100, 3, true, 0))
                .isNotEqualTo(result(100, 3, false, 1))
                .isNotEqualTo(result(100, 3, false, 0, false));
    }

    @Test
    void shouldShowWhatMatters() {
        assertThat(result(1_700_000_000_000_000_000L, 3, true, 2))
                .hasToString(
                        "WindowResult[key k, count 3, 2023-11-14T22:13:20Z to 2023-11-14T22:13:20.000000007Z, total 9,"
                                + " truncated, 2 messages lost]");
        assertThat(result(0, 3, false, 0, false)).asString().endsWith("total 9, losses in the kernel unknown]");
    }
}
