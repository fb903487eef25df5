package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.function.DoubleUnaryOperator;
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

    /** A window that has all aggregates. */
    private record Aggregated(
            double sum,
            double mean,
            double min,
            double max,
            double standardDeviation,
            double weightedCount,
            DoubleUnaryOperator quantiles,
            long distinct)
            implements WindowView {
        @Override
        public AggregateSet aggregates() {
            return Aggregates.sum()
                    .min()
                    .max()
                    .deviation()
                    .weightedCount()
                    .quantiles()
                    .distinct();
        }

        @Override
        public Key key() {
            return KEY;
        }

        @Override
        public long count() {
            return 1;
        }

        @Override
        public long startNanos() {
            return 0;
        }

        @Override
        public long endNanos() {
            return 7;
        }

        @Override
        public long oldestNanos() {
            return 7;
        }

        @Override
        public long newestNanos() {
            return 7;
        }

        @Override
        public long total() {
            return 1;
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

    @Test
    void shouldKeepTheAggregatesOfTheView() {
        DoubleUnaryOperator quantiles = q -> 100 * q;
        WindowResult result = new Aggregated(1, 2, 3, 4, 5, 6, quantiles, 7).toResult();
        assertThat(result.aggregates())
                .hasToString("sum, min, max, deviation, quantiles 0.01, distinct 10, weightedCount");
        assertThat(result.sum()).isEqualTo(1);
        assertThat(result.mean()).isEqualTo(2);
        assertThat(result.min()).isEqualTo(3);
        assertThat(result.max()).isEqualTo(4);
        assertThat(result.standardDeviation()).isEqualTo(5);
        assertThat(result.weightedCount()).isEqualTo(6);
        assertThat(result.quantile(0.25)).isEqualTo(25);
        assertThat(result.distinct()).isEqualTo(7);
        assertThat(result)
                .hasToString(
                        "WindowResult[key k, count 1, 1970-01-01T00:00:00Z to 1970-01-01T00:00:00.000000007Z, total 1,"
                                + " weighted count 6.0, sum 1.0, mean 2.0, min 3.0, max 4.0, standard deviation 5.0, median 50.0,"
                                + " p99 99.0, distinct 7]")
                .isEqualTo(new Aggregated(1, 2, 3, 4, 5, 6, quantiles, 7).toResult())
                .isNotEqualTo(new Aggregated(9, 2, 3, 4, 5, 6, quantiles, 7).toResult())
                .isNotEqualTo(new Aggregated(1, 2, 3, 4, 5, 6, q -> q, 7).toResult())
                .isNotEqualTo(new Aggregated(1, 2, 3, 4, 5, 6, quantiles, 8).toResult());
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
