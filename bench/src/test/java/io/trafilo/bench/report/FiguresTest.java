package io.trafilo.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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

    @Test
    void shouldEndAnAxisAtARoundNumberWhenTheLargestValueIsNone() {
        assertThat(Figures.axisEnd(152_333, 1)).isCloseTo(200_000, within(1e-6));
        assertThat(Figures.axisEnd(100, 1)).isCloseTo(100, within(1e-9));
        assertThat(Figures.axisEnd(0.3, 1)).isCloseTo(1, within(1e-9));
        assertThat(Figures.axisEnd(Double.NaN, 1)).isCloseTo(1, within(1e-9));
        assertThat(Figures.axisEnd(9.1, 1)).isCloseTo(10, within(1e-9));
    }

    @Test
    void shouldNameThePercentileWhenNinesAreWhole() {
        assertThat(LatencyPlot.percent(0)).isEqualTo("0 %");
        assertThat(LatencyPlot.percent(1)).isEqualTo("90 %");
        assertThat(LatencyPlot.percent(2)).isEqualTo("99 %");
        assertThat(LatencyPlot.percent(5)).isEqualTo("99.999 %");
        assertThat(LatencyPlot.nines(99.9)).isCloseTo(3, within(1e-9));
    }
}
