package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafilo.bench.report.Plot;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoadPlotsTest {
    private static LoadRun run(LoadEngine engine, int round, long handled) {
        return TestLoads.run(engine, handled, handled).inRound(round);
    }

    private static List<LoadRun> threeRoundsOfTwo() {
        return List.of(
                run(LoadEngine.TRAFILO, 1, 148_000),
                run(LoadEngine.PLAIN, 1, 91_000),
                run(LoadEngine.PLAIN, 2, 95_000),
                run(LoadEngine.TRAFILO, 2, 152_000),
                run(LoadEngine.TRAFILO, 3, 150_000),
                run(LoadEngine.PLAIN, 3, 88_000));
    }

    private static EngineRuns rounds(long... rates) {
        return EngineRuns.of(IntStream.range(0, rates.length)
                        .mapToObj(i -> run(LoadEngine.PLAIN, i + 1, rates[i]))
                        .toList())
                .get(0);
    }

    @Test
    void shouldShowAllWhenThereIsOneRun() {
        List<Plot> plots = new LoadPlots(List.of(run(LoadEngine.TRAFILO, 1, 150_000))).all();
        assertThat(plots)
                .extracting(Plot::heading)
                .containsExactly(
                        "Throughput and losses over time",
                        "Latency from receipt to handler",
                        "Latency from when due to handler",
                        "Ring fill over time");
        assertThat(plots).allSatisfy(plot -> {
            assertThat(plot.panels()).isNotEmpty();
            assertThat(plot.words()).hasSizeGreaterThan(30);
            assertThat(plot.caption()).doesNotContain("median round");
        });
    }

    @Test
    void shouldCompareMediansWhenTwoEnginesHaveThreeRounds() {
        List<Plot> plots = new LoadPlots(threeRoundsOfTwo()).all();
        assertThat(plots.get(0).heading()).isEqualTo("Comparison");
        assertThat(plots.get(0).words()).contains("trafilo 150,000, plain 91,000");
        assertThat(plots.get(0).caption()).contains("medians over the rounds");
        assertThat(plots.get(0).panels().get(0).lines().get(0).ys())
                .containsExactly(150_000.0, 148_000.0, 152_000.0, 150_000.0);
        assertThat(plots.get(1).caption()).contains("trafilo round 3 of 3, plain round 1 of 3");
        assertThat(plots.get(1).panels().get(0).lines())
                .extracting(Plot.Line::name)
                .containsExactly("trafilo received", "plain received", "trafilo", "plain");
    }

    @Test
    void shouldSayWhatIsUnknownWhenNothingWasMeasured() {
        LoadSettings settings = TestLoads.settings("--engine", "bare");
        LoadReport nothing = TestLoads.report(settings, 0, TestLoads.counts(0, 0, 0), 0);
        LoadReport empty = LoadReport.of(
                settings,
                nothing.environment(),
                LoadPhase.NONE,
                LoadPhase.NONE,
                null,
                new Usage(0, 0, 0, 0, 0, 0, Double.NaN),
                List.of(),
                List.of());
        List<Plot> plots = new LoadPlots(List.of(LoadRun.of(empty), run(LoadEngine.TRAFILO, 1, 1))).all();
        assertThat(plots.get(0).words())
                .contains("Latency at 99.9 %, µs from receipt, less is better: bare not known,");
        List<Plot> alone = new LoadPlots(List.of(LoadRun.of(empty))).all();
        assertThat(alone)
                .extracting(Plot::caption)
                .containsExactly("No samples were taken.", "No latency was measured.");
        assertThat(Json.scriptSafe(plots)).doesNotContain("NaN", "Infinity");
    }

    @Test
    void shouldLeaveAGapWhenTheRingFillIsNotKnown() {
        Plot.Line ring = new LoadPlots(List.of(run(LoadEngine.TRAFILO, 1, 1)))
                .all()
                .get(3)
                .panels()
                .get(0)
                .lines()
                .get(0);
        assertThat(ring.ys()).containsExactly(50.0, Double.NaN);
        assertThat(Json.line(ring)).contains("\"ys\":[50.0,null]");
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

    @Test
    void shouldCountTheNinesOfAPercentile() {
        assertThat(LoadPlots.nines(0)).isZero();
        assertThat(LoadPlots.nines(99.9)).isCloseTo(3, within(1e-9));
    }
}
