package io.trafilo;

import static io.trafilo.testing.TestEngine.SLIDE;
import static io.trafilo.testing.TestEngine.WINDOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trafilo.testing.TestEngine;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What windows tell of their events' values. The index of all rows is in {@link SemanticsTest}. */
class AggregateSemanticsTest {
    private static final AggregateSet ALL = Aggregates.sum()
            .min()
            .max()
            .deviation()
            .weightedCount()
            .quantiles(0.01)
            .distinct(14);

    /** Reads {@code key [value [weight [item]]]}, with {@code -} for no value, and {@code @time} in place of an item. */
    private static void parse(byte[] buffer, int offset, int length, EventCollector out) {
        String text = new String(buffer, offset, length, StandardCharsets.UTF_8);
        String[] parts = text.trim().split(" ", -1);
        EventDetails event = out.event(offset, parts[0].length(), offset, length);
        if (parts.length > 1 && !parts[1].equals("-")) {
            event.value(Double.parseDouble(parts[1]));
        }
        if (parts.length > 2) {
            event.weight(Double.parseDouble(parts[2]));
        }
        if (parts.length > 3 && parts[3].startsWith("@")) {
            event.at(Long.parseLong(parts[3].substring(1)));
        } else if (parts.length > 3) {
            event.item(offset + text.lastIndexOf(' ') + 1, parts[3].length());
        }
    }

    private static TestEngine start(AggregateSet aggregates) {
        return TestEngine.start(
                builder -> builder.parser(AggregateSemanticsTest::parse).aggregate(aggregates));
    }

    private static WindowResult windowOf(TestEngine test, String... messages) {
        test.send(messages[0]);
        test.clock.advance(SLIDE);
        test.send(Arrays.copyOfRange(messages, 1, messages.length));
        test.passSlides(1);
        return test.lastWindow("key");
    }

    @Nested
    class SumMeanMinMaxDeviation {
        @Test
        void shouldBeThoseOfTheValuesByWeight() {
            try (TestEngine test = start(ALL)) {
                WindowResult window = windowOf(test, "key 1", "key -3 2", "key 8 0.5", "key -");
                assertThat(window.count()).isEqualTo(4);
                assertThat(window.sum()).isEqualTo(1 - 6 + 4);
                assertThat(window.mean()).isEqualTo(-1 / 3.5);
                assertThat(window.min()).isEqualTo(-3);
                assertThat(window.max()).isEqualTo(8);
                double variance = (1 + 2 * 9 + 32) / 3.5 - 1 / (3.5 * 3.5);
                assertThat(window.standardDeviation()).isEqualTo(Math.sqrt(variance), within(1e-15));
            }
        }

        @Test
        void shouldTakeValuesOutOfTheWindowWithTheirEvents() {
            try (TestEngine test = start(ALL)) {
                test.send("key 100 3");
                test.clock.advanceNanos(1);
                test.send("key 7");
                test.clock.advance(WINDOW);
                test.send("key 1");
                WindowResult window = test.lastWindow("key");
                assertThat(window.count()).isEqualTo(2);
                assertThat(window.sum()).isEqualTo(8);
                assertThat(window.max()).isEqualTo(7);
                assertThat(window.weightedCount()).isEqualTo(2);
            }
        }

        @Test
        void shouldLeaveOutLateEvents() {
            try (TestEngine test = start(ALL)) {
                long tooOld = test.clock.epochNanos() - WINDOW.toNanos() - SLIDE.toNanos();
                WindowResult window = windowOf(test, "key 1", "key 5 1 @" + tooOld);
                assertThat(test.ledger().count(Counter.LATE)).isEqualTo(1);
                assertThat(window.sum()).isEqualTo(1);
                assertThat(window.max()).isEqualTo(1);
            }
        }

        @Test
        void shouldBeZeroOrNothingWhenNoEventHasAValue() {
            try (TestEngine test = start(ALL)) {
                WindowResult window = windowOf(test, "key", "key");
                assertThat(window.count()).isEqualTo(2);
                assertThat(window.weightedCount()).isEqualTo(2);
                assertThat(window.sum()).isZero();
                assertThat(window.mean()).isNaN();
                assertThat(window.min()).isNaN();
                assertThat(window.max()).isNaN();
                assertThat(window.standardDeviation()).isNaN();
                assertThat(window.quantile(0.5)).isNaN();
                test.passSlides(6);
                assertThat(test.lastWindow("key").count()).isZero();
                assertThat(test.lastWindow("key").sum()).isZero();
                assertThat(test.lastWindow("key").distinct()).isZero();
            }
        }

        @Test
        void shouldBeExactWhenValuesCancel() {
            try (TestEngine test = start(ALL)) {
                WindowResult window = windowOf(test, "key 1e16", "key 1", "key -1e16");
                assertThat(window.sum()).isEqualTo(1);
            }
        }
    }

    @Nested
    class Weight {
        @Test
        void shouldChangeAggregatesAndNeverTheCount() {
            try (TestEngine test = start(ALL)) {
                WindowResult window = windowOf(test, "key 2 4", "key - 10", "key 3");
                assertThat(window.count()).isEqualTo(3);
                assertThat(window.weightedCount()).isEqualTo(15);
                assertThat(window.sum()).isEqualTo(11);
            }
        }
    }

    @Nested
    class Quantiles {
        @Test
        void shouldBeOffByTheRelativeErrorAtMost() {
            try (TestEngine test = start(ALL)) {
                String[] messages = new String[101];
                for (int i = 0; i <= 100; i++) {
                    messages[i] = "key " + (1000 + i);
                }
                WindowResult window = windowOf(test, messages);
                for (int i = 0; i <= 100; i++) {
                    assertThat(window.quantile(i / 100.0)).isEqualTo(1000 + i, within(0.01 * (1000 + i)));
                }
            }
        }

        @Test
        void shouldCountAValueAsOftenAsItsWeightSays() {
            try (TestEngine test = start(ALL)) {
                WindowResult window = windowOf(test, "key 10 98", "key 1000", "key -5");
                assertThat(window.quantile(0)).isEqualTo(-5, within(0.05));
                assertThat(window.quantile(0.5)).isEqualTo(10, within(0.1));
                assertThat(window.quantile(1)).isEqualTo(1000, within(10.0));
            }
        }

        @Test
        void shouldRefuseWhatIsNoPart() {
            try (TestEngine test = start(ALL)) {
                WindowResult window = windowOf(test, "key 1", "key 2");
                assertThatThrownBy(() -> window.quantile(1.1))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("q: 1.1 (expected: 0 to 1)");
            }
        }
    }

    @Nested
    class Distinct {
        @Test
        void shouldCountTheItemsThatTheParserNamesOrThePayloads() {
            try (TestEngine test = start(ALL)) {
                WindowResult window =
                        windowOf(test, "key 1 1 a", "key 2 1 b", "key 3 1 a", "key 4 1 b", "key 4", "key 5", "key 5");
                assertThat(window.distinct()).isEqualTo(4);
            }
        }

        @Test
        void shouldForgetItemsASlideAfterTheirEventsAtTheLatest() {
            try (TestEngine test = start(ALL)) {
                test.send("key 1 1 a", "key 1 1 b", "key 1 1 c");
                test.clock.advance(WINDOW.plus(SLIDE).plusNanos(1));
                test.send("key 1 1 d");
                assertThat(test.lastWindow("key").count()).isEqualTo(1);
                assertThat(test.lastWindow("key").distinct()).isEqualTo(1);
            }
        }
    }

    @Nested
    class NotAggregated {
        @Test
        void shouldSayWhatToSetWhenAskedForWhatIsNotSet() {
            try (TestEngine test = start(Aggregates.none())) {
                WindowResult window = windowOf(test, "key 1", "key 2");
                assertThat(window.aggregates().isEmpty()).isTrue();
                assertNotSet(window, WindowResult::sum, "sum", "sum()");
                assertNotSet(window, WindowResult::mean, "mean", "sum()");
                assertNotSet(window, WindowResult::min, "min", "min()");
                assertNotSet(window, WindowResult::max, "max", "max()");
                assertNotSet(window, WindowResult::standardDeviation, "standardDeviation", "deviation()");
                assertNotSet(window, WindowResult::weightedCount, "weightedCount", "weightedCount()");
                assertNotSet(window, result -> result.quantile(0.5), "quantile", "quantiles()");
                assertNotSet(window, WindowResult::distinct, "distinct", "distinct()");
            }
        }

        @Test
        void shouldSaySoToTheSinkToo() {
            try (TestEngine test = TestEngine.start(
                    builder -> builder.aggregate(Aggregates.min()).sink((window, state) -> window.sum()))) {
                test.send("key ");
                assertThat(test.errors).hasSize(1);
                assertThat(test.errors.get(0).error())
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageStartingWith("sum: not aggregated");
            }
        }

        private static void assertNotSet(
                WindowResult window, ToDoubleFunction<WindowResult> asked, String name, String setter) {
            assertThatThrownBy(() -> asked.applyAsDouble(window))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(name + ": not aggregated (expected: aggregate(Aggregates." + setter
                            + ") set on the engine's builder)");
        }
    }
}
