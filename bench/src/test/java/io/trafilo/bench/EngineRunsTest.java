package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EngineRunsTest {
    private static EngineRuns rounds(long... rates) {
        List<LoadRun> runs = IntStream.range(0, rates.length)
                .mapToObj(
                        i -> TestLoads.run(LoadEngine.PLAIN, rates[i], rates[i]).inRound(i + 1))
                .toList();
        return EngineRuns.of(runs).get(0);
    }

    @Test
    void shouldShowTheMedianRoundWhenRoundsAreOutOfOrder() {
        assertThat(rounds(9, 1, 5).shown().number()).isEqualTo(3);
        assertThat(rounds(9, 1, 5, 7).shown().number()).isEqualTo(3);
    }

    @Test
    void shouldTakeTheMedianOfWhatIsKnownWhenSomeIsNot() {
        assertThat(rounds(9, 1, 5).spread(LoadFigure.HANDLED::of).median()).isEqualTo(5);
        assertThat(rounds(9, 1, 5)
                        .spread(run -> run.number() == 2 ? Double.NaN : LoadFigure.HANDLED.of(run))
                        .median())
                .isEqualTo(7);
        assertThat(rounds(9).spread(run -> Double.NaN).median()).isNaN();
    }
}
