package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
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
    private Map<String, Object> report(LoadEngine engine) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("engine", engine.label());
        if (engine == LoadEngine.TRAFILO) {
            runsOfTrafilo++;
            if (runsOfTrafilo == 2) {
                throw new FailureException("ended with 1: no more memory");
            }
            report.put("handledPerSecond", 30.0 * runsOfTrafilo);
            report.put("lost", 4L);
        } else {
            report.put("handledPerSecond", 10.0);
            report.put("lost", runsOfTrafilo == 1 ? 2L : 0L);
        }
        return report;
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
        Map<String, Object> json = JsonReader.object(Json.pretty(series.asMap()));
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
                engine -> Map.of(
                        "engine",
                        engine.label(),
                        "warnings",
                        engine == LoadEngine.PLAIN ? List.of("limit") : List.of("limit", "stolen")),
                console.console());
        assertThat(series.text())
                .contains("warnings")
                .contains("  limit (trafilo 1, plain 1, plain 2, trafilo 2)")
                .contains("  stolen (trafilo 1, trafilo 2)");
        assertThat(series().text()).doesNotContain("warnings");
    }

    @Test
    void shouldTakeRatiosFromThePairsThatAreWhole() throws Exception {
        Map<String, LoadRatio> ratios = series().ratios();
        assertThat(ratios.get("handledPerSecond")).isEqualTo(new LoadRatio(new Spread(6, 3, 9), 2, 3));
    }

    @Test
    void shouldCountThePairsWhenSomeGiveNoRatio() throws Exception {
        LoadSeries series = series();
        assertThat(series.ratios().get("lost")).isEqualTo(new LoadRatio(new Spread(2, 2, 2), 1, 3));
        Map<String, Object> json = JsonReader.object(Json.pretty(series.asMap()));
        assertThat(LoadFigures.value(json, "ratio.lost.pairs")).isEqualTo(1L);
        assertThat(LoadFigures.value(json, "ratio.handledPerSecond.pairs")).isEqualTo(2L);
        assertThat(series.text()).contains("2.000, of 1 of 3 rounds");
        assertThat(new LoadRatio(new Spread(2, 2, 2), 3, 3).text()).isEqualTo("2.000");
    }

    @Test
    @Tag("slow")
    void shouldWriteWhatThereIsAndFailWhenARunDoes(@TempDir Path directory) throws Exception {
        Path json = directory.resolve("series.json");
        Path page = directory.resolve("page");
        // the baseline has no use for so few workers, Netty alone needs none
        String options = "load --engine plain --vs bare --workers 0 --rate 500 --warmup 0s --duration 200ms --keys 10"
                + " --json " + json + " --report " + page;
        assertThat(console.run(options.split(" ", -1))).as(console.err()).isEqualTo(1);
        assertThat(console.out()).contains("plain, round 1, failed: ended with 1", "round  1 bare     handled");
        assertThat(runs(JsonReader.object(Files.readString(json)))).hasSize(2).anySatisfy(run -> assertThat(run)
                .containsOnlyKeys("round", "engine", "failed"));
        assertThat(Files.readString(page.resolve("index.html"))).contains("plain, round 1, failed: ended with 1");
    }
}
