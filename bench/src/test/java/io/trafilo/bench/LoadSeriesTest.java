package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
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
    void shouldSayAWarningOnceWhenRunsDifferInItsNumbersOnly() throws Exception {
        LoadSeries series =
                LoadSeries.run(LoadEngine.TRAFILO, null, 2, engine -> notHeld(1 + runsOfTrafilo++), console.console());
        assertThat(series.text())
                .containsOnlyOnce("the blaster did not hold 1,000/s")
                .containsOnlyOnce("timestamps went early")
                .contains("100 ms late (trafilo 1, trafilo 2)");
    }

    @Test
    void shouldShowTheWarningsOfTheConsoleOnThePage(@TempDir Path directory) throws Exception {
        LoadRun run = notHeld(7);
        assertThat(LoadText.console(run)).contains("  the blaster did not hold 1,000/s");
        Path page = new LoadPage("--report", directory, List.of()).write("title", List.of(run), List.of(), Map.of());
        assertThat(Files.readString(page)).contains("\"note\":\"the blaster did not hold 1,000/s");
    }

    /** A run whose blaster was late, and in which some timestamps went early. */
    private static LoadRun notHeld(long times) {
        LoadSettings settings = TestLoads.settings();
        LoadCounts end = new LoadCounts(10, 10, 0, Map.of(), List.of(), Map.of("truncated", times));
        LoadReport report = TestLoads.report(settings, 10, end, 10);
        LoadPhase measured = new LoadPhase(BlastResult.of(10, 1, times, Map.of()), LoadCounts.NONE, end, 1);
        return LoadRun.of(LoadReport.of(
                settings,
                report.environment(),
                LoadPhase.NONE,
                measured,
                null,
                new Usage(1, 1, 0, 0, 0, 1, 0),
                List.of(),
                List.of()));
    }

    @Test
    void shouldPrintIntegersAsIntegers() throws Exception {
        assertThat(series().text())
                .containsPattern("(?m)^  lost +4$")
                .containsPattern("(?m)^  handledPerSecond +60 \\(30 to 90\\)$")
                .containsPattern("(?m)^  residentBytes +1,048,576$")
                .containsPattern("(?m)^  cpuMicrosPerDatagram +0\\.00$");
    }

    @Test
    void shouldLeaveItAtTheRunsThatAreOverWhenStopped() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        LoadSeries.Run run = engine -> {
            if (begun.incrementAndGet() == 3) {
                throw new FailureException("stopped");
            }
            return TestLoads.run(engine, 10, 10);
        };
        LoadSeries series =
                LoadSeries.run(LoadEngine.TRAFILO, LoadEngine.PLAIN, 5, run, () -> begun.get() == 3, console.console());
        assertThat(begun).hasValue(3);
        assertThat(series.runs()).hasSize(2);
        assertThat(series.failures()).isEmpty();
        assertThat(console.out()).contains("stopped in round 2; the run of plain is left out");
    }

    @Test
    void shouldShowHowFarARunIs() {
        String live = "measured   3 s  received    99,998/s  handled    99,998/s  ring   0 %  lost 0";
        Progress terminal = new Progress(console.console().err(), true);
        terminal.take("plain", live);
        terminal.take("plain", "conserved: true");
        terminal.end();
        assertThat(console.err()).isEqualTo("\r  plain: " + live + "\033[K\r\033[K");
        TestConsole file = new TestConsole();
        Progress lines = new Progress(file.console().err(), false);
        for (int i = 0; i < 11; i++) {
            lines.take("plain", live);
        }
        lines.end();
        assertThat(file.err().lines()).containsExactly("  plain: " + live, "  plain: " + live);
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
