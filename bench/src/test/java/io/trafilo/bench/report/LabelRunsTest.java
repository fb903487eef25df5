package io.trafilo.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LabelRunsTest {
    private static LabelRuns rounds(double... rates) {
        List<ReportRun> runs = IntStream.range(0, rates.length)
                .mapToObj(i -> TestRuns.run("a", i + 1, rates[i]))
                .toList();
        return LabelRuns.of(runs).get(0);
    }

    @Test
    void shouldShowTheMedianRoundWhenRoundsAreOutOfOrder() {
        assertThat(rounds(9, 1, 5).shown().round()).isEqualTo(3);
        assertThat(rounds(9, 1, 5, 7).shown().round()).isEqualTo(3);
        assertThat(rounds(Double.NaN, 9, 1, 5).shown().round()).isEqualTo(4);
        assertThat(rounds(Double.NaN, Double.NaN).shown().round()).isEqualTo(1);
    }

    @Test
    void shouldTakeTheMedianOfWhatIsKnownWhenSomeIsNot() {
        assertThat(rounds(9, 1, 5).median(ReportRun::handledPerSecond)).isEqualTo(5);
        assertThat(rounds(9, Double.NaN, 5).median(ReportRun::handledPerSecond)).isEqualTo(7);
        assertThat(rounds(Double.NaN).median(ReportRun::handledPerSecond)).isNaN();
    }

    @Test
    void shouldKeepNamesApartWhenLabelsAreCutToTheSame() {
        String lengthy = "x".repeat(40);
        List<LabelRuns> all = LabelRuns.of(List.of(
                TestRuns.run(lengthy + 1, 1, 1),
                TestRuns.run(lengthy + 2, 1, 1),
                TestRuns.run("\0", 1, 1),
                TestRuns.run(lengthy + 1, 2, 1)));
        assertThat(all).hasSize(3);
        assertThat(all.get(0).rounds()).hasSize(2);
        assertThat(all.stream().map(LabelRuns::name)).doesNotHaveDuplicates().allSatisfy(name -> assertThat(name)
                .isNotBlank());
    }
}
