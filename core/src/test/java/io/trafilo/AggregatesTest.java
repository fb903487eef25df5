package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AggregatesTest {
    @Test
    void shouldHaveWhatWasAddedAndNothingElse() {
        AggregateSet set = Aggregates.min().quantiles(0.05).distinct(12);
        assertThat(set).hasToString("min, quantiles 0.05, distinct 12");
        assertThat(set.hasMin()).isTrue();
        assertThat(set.hasQuantiles()).isTrue();
        assertThat(set.hasDistinct()).isTrue();
        assertThat(set.hasSum()).isFalse();
        assertThat(set.hasMax()).isFalse();
        assertThat(set.hasDeviation()).isFalse();
        assertThat(set.hasWeightedCount()).isFalse();
        assertThat(set.relativeError()).isEqualTo(0.05);
        assertThat(set.precision()).isEqualTo(12);
        assertThat(Aggregates.none()).hasToString("none");
    }

    @Test
    void shouldEqualASetOfTheSameInAnyOrder() {
        assertThat(Aggregates.sum().max().deviation())
                .isEqualTo(Aggregates.deviation().max().sum())
                .hasSameHashCodeAs(Aggregates.max().deviation().sum())
                .isNotEqualTo(Aggregates.sum().max());
        assertThat(Aggregates.quantiles())
                .isEqualTo(Aggregates.quantiles(0.01))
                .isNotEqualTo(Aggregates.quantiles(0.02));
        assertThat(Aggregates.distinct()).isEqualTo(Aggregates.distinct(10)).isNotEqualTo(Aggregates.distinct(11));
        assertThat(Aggregates.weightedCount()).isNotEqualTo(Aggregates.none());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.0009, 0.26, Double.NaN})
    void shouldRefuseARelativeErrorWhenItIsOutOfRange(double relativeError) {
        assertThatThrownBy(() -> Aggregates.quantiles(relativeError))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("relativeError: " + relativeError + " (expected: 0.001 to 0.25)");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 17})
    void shouldRefuseAPrecisionWhenItIsOutOfRange(int precision) {
        assertThatThrownBy(() -> Aggregates.distinct(precision))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("precision: " + precision + " (expected: 4 to 16)");
    }

    @Test
    void shouldBeShownByTheSettings() {
        TrafiloSettings<Void> settings = Trafilo.<Void>builder()
                .sink((window, none) -> {})
                .aggregate(Aggregates.sum().quantiles())
                .maxKeys(1_000)
                .settings();
        assertThat(settings.aggregate()).isEqualTo(Aggregates.quantiles().sum());
        assertThat(settings.toString()).contains(", aggregate [sum, quantiles 0.01], ");
    }
}
