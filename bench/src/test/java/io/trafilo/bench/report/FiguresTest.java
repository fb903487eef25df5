package io.trafilo.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void shouldShowThreeDigitsOrAllOfTheWholeWhenNumbersAreSmallOrLarge() {
        assertThat(Figures.number(0)).isEqualTo("0");
        assertThat(Figures.number(0.01234)).isEqualTo("0.0123");
        assertThat(Figures.number(1.234)).isEqualTo("1.23");
        assertThat(Figures.number(56.78)).isEqualTo("56.8");
        assertThat(Figures.number(1234567.8)).isEqualTo("1,234,568");
        assertThat(Figures.number(Double.NaN)).isEqualTo(Figures.UNKNOWN);
        assertThat(Figures.whole(-1234.5)).isEqualTo("-1,234");
        assertThat(Figures.whole(Double.POSITIVE_INFINITY)).isEqualTo(Figures.UNKNOWN);
    }
}
