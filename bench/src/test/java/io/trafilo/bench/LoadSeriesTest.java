package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LoadSeriesTest {
    private final TestConsole console = new TestConsole();
    private int runsOfTrafilo;

    /** The second run of the engine fails; the baseline never loses anything, nor does it in its third. */
    private LoadRun report(LoadEngine engine) {
        if (engine == LoadEngine.TRAFILO) {
            runsOfTrafilo++;
            if (runsOfTrafilo == 2) {
                throw new FailureException("ended with 1: no more memory");
            }
            return TestLoads.run(engine, 30L * runsOfTrafilo + 4, 30L * runsOfTrafilo);
        }
        return TestLoads.run(engine, runsOfTrafilo == 1 ? 12 : 10, 10);
    }

    private LoadSeries series() throws Exception {
        return LoadSeries.run(LoadEngine.TRAFILO, LoadEngine.PLAIN, 3, this::report, console.console());
    }

    @SuppressWarnings("unchecked") // a report's runs are objects
    private static List<Map<String, Object>> runs(Map<String, Object> json) {
        return (List<Map<String, Object>>) Objects.requireNonNull(json.get("runs"));
    }

    @Test
    void shouldKeepTheOtherRunsWhenOneFails() throws Exception {
        LoadSeries series = series();
        Map<String, Object> json = TestJson.object(Json.pretty(series.report()));
        assertThat(runs(json))
                .hasSize(6)
                .contains(Map.of("round", 2L, "engine", "trafilo", "failed", "ended with 1: no more memory"));
        assertThat(series.runs()).hasSize(5);
        assertThat(series.failures()).containsExactly("trafilo, round 2, failed: ended with 1: no more memory");
        assertThat(series.text()).contains("failed, and left out above").contains(series.failures());
        assertThat(console.out()).contains(series.failures());
    }

    @Test
    void shouldTellTheWarningsOfItsRuns() throws Exception {
        LoadSeries series = LoadSeries.run(
                LoadEngine.TRAFILO,
                LoadEngine.PLAIN,
                2,
                engine -> warned(engine, engine == LoadEngine.PLAIN ? 0 : 6),
                console.console());
        assertThat(series.text())
                .contains("warnings")
                .contains("compiler's work is in the figures (trafilo 1, plain 1, plain 2, trafilo 2)")
                .contains("measure again (trafilo 1, trafilo 2)");
    }

    private static LoadRun warned(LoadEngine engine, double stealPercent) {
        LoadSettings settings = TestLoads.settings("--engine", engine.label());
        return LoadRun.of(TestLoads.report(settings, 10, TestLoads.counts(10, 10, 0), 10, stealPercent));
    }

    @Test
    void shouldTakeRatiosFromThePairsThatAreWhole() throws Exception {
        Map<LoadFigure, LoadSeries.Ratio> ratios = series().ratios();
        assertThat(ratios.get(LoadFigure.HANDLED)).isEqualTo(new LoadSeries.Ratio(new Spread(6, 3, 9), 2));
    }

    @Test
    void shouldCountThePairsWhenSomeGiveNoRatio() throws Exception {
        LoadSeries series = series();
        assertThat(series.ratios().get(LoadFigure.LOST)).isEqualTo(new LoadSeries.Ratio(new Spread(2, 2, 2), 1));
        Map<String, Object> json = TestJson.object(Json.pretty(series.report()));
        assertThat(TestJson.value(json, "ratio.lost.pairs")).isEqualTo(1L);
        assertThat(TestJson.value(json, "ratio.handledPerSecond.pairs")).isEqualTo(2L);
        assertThat(series.text()).contains("2.000, of 1 of 3 rounds");
        assertThat(new LoadSeries.Ratio(new Spread(2, 2, 2), 3).text(3)).isEqualTo("2.000");
    }

    @Test
    @Tag("slow")
    void shouldWriteWhatThereIsAndFailWhenARunDoes(@TempDir Path directory) throws Exception {
        Path json = directory.resolve("series.json");
        Path page = directory.resolve("page");
        // the baseline has no use for so short a ring, Netty alone needs none
        String options = "load --engine plain --vs bare --ring 0 --rate 500 --warmup 0s --duration 200ms --keys 10"
                + " --json " + json + " --report " + page;
        assertThat(console.run(options.split(" ", -1))).as(console.err()).isEqualTo(1);
        assertThat(console.out()).contains("plain, round 1, failed: ended with 1", "round  1 bare     handled");
        assertThat(runs(TestJson.object(Files.readString(json)))).hasSize(2).anySatisfy(run -> assertThat(run)
                .containsOnlyKeys("round", "engine", "failed"));
        assertThat(Files.readString(page.resolve("index.html"))).contains("plain, round 1, failed: ended with 1");
    }
}
