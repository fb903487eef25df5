package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LoadPageTest {
    private final TestConsole console = new TestConsole();

    @TempDir
    private Path directory;

    private Map<String, Object> run(String options) throws IOException {
        Path json = directory.resolve("load.json");
        String all = "load " + options + " --json " + json + " --report " + page();
        assertThat(console.run(all.split(" ", -1)))
                .as(console.out() + console.err())
                .isZero();
        assertThat(console.out()).endsWith("report: " + page().resolve("index.html") + System.lineSeparator());
        return TestJson.object(Files.readString(json));
    }

    private Path page() {
        return directory.resolve("new").resolve("page");
    }

    private String html() throws IOException {
        return Files.readString(page().resolve("index.html"));
    }

    /** What the page's script makes its tables and plots of. */
    private Map<String, Object> content() throws IOException {
        return TestJson.ofPage(page().resolve("index.html"));
    }

    private Map<String, Object> shownRun(int index) throws IOException {
        return map(((List<?>) content().get("runs")).get(index));
    }

    private Map<String, Object> figures(int index) throws IOException {
        return map(shownRun(index).get("figures"));
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(page())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void shouldShowWhatTheJsonSaysWhenThereIsOneRun() throws IOException {
        Map<String, Object> report = run("--rate 2000 --warmup 100ms --duration 1s --keys 10");
        assertThat(files()).containsExactly("index.html");
        Map<String, Object> content = content();
        assertThat(content).containsEntry("title", "Load test of trafilo");
        assertThat((String) content.get("command")).endsWith(" --report " + page());
        assertThat((String) content.get("command"))
                .contains(" -jar trafilo-bench.jar load --rate 2000 --warmup 100ms --duration 1s");
        assertThat((String) content.get("note")).contains("the warm-up was shorter than 9 s");
        assertThat(shownRun(0)).containsEntry("run", report);
        assertThat(figures(0))
                .containsEntry("Handled per second", text("%,.0f", "handledPerSecond", report))
                .containsEntry("What the blaster can send alone", text("%,.0f/s", "blasterCeiling", report))
                .containsEntry("Allocated per datagram", text("%,.0f bytes", "allocatedBytesPerDatagram", report))
                .containsEntry("Longest pause for garbage", text("%,.1f ms", "gcPauseMillisMax", report))
                .containsEntry("Retained timestamps", text("%,.0f", "retainedTimestamps", report))
                .containsKeys("Resident memory", "Stolen by others on the host");
        assertThat(figures(0).values()).noneMatch(text -> String.valueOf(text).contains("null"));
        assertThat(html().substring(0, html().indexOf("<!-- uPlot"))).doesNotContain("NaN");
    }

    private static String text(String format, String figure, Map<String, Object> report) {
        return String.format(Locale.ROOT, format, TestJson.figure(report, figure));
    }

    /** Console, JSON and page of one series, which takes its time. */
    @Test
    @Tag("slow")
    void shouldCompareRoundByRoundWhenTwoEnginesRunInTurn() throws IOException {
        Map<String, Object> series = run("--vs plain --rounds 2 --rate 1000 --warmup 0s --duration 300ms");
        List<?> runs = (List<?>) series.get("runs");
        assertThat(runs)
                .extracting(run -> map(run).get("engine"))
                .containsExactly("trafilo", "plain", "plain", "trafilo");
        Map<String, Object> spread = map(TestJson.value(series, "ratio.allocatedBytesPerDatagram"));
        assertThat((Double) spread.get("min")).isPositive().isLessThanOrEqualTo((Double) spread.get("median"));
        assertThat(series).containsOnlyKeys("runs", "figures", "ratio");
        TestJson.checkFields(Json.line(Map.of("figures", series.get("figures"))), "series");
        assertThat(console.out()).contains("trafilo / plain, round by round");
        assertThat(files()).containsExactly("comparison.png", "index.html");
        String ratio = text("%,.3f (", "ratio.allocatedBytesPerDatagram.median", series);
        Map<String, Object> content = content();
        assertThat(content).containsEntry("title", "Load test of trafilo against plain");
        assertThat((String) map(content.get("ratios")).get("Allocated per datagram"))
                .startsWith(ratio);
        assertThat((List<?>) content.get("engines"))
                .extracting(engine -> map(engine).get("rounds"))
                .containsExactly(2L, 2L);
        assertThat((List<?>) content.get("comparison")).hasSize(3);
        for (Object run : runs) {
            assertThat(TestJson.value(map(run), "latencyMicros.distribution")).isInstanceOf(List.class);
            assertThat(handledInSamples(map(run))).isCloseTo(TestJson.figure(map(run), "handled"), within(0.01));
        }
    }

    /** The samples leave out nothing: the rates by their times sum up to what was handled. */
    private static double handledInSamples(Map<String, Object> report) {
        double sum = 0;
        double before = 0;
        for (Object sample : (List<?>) report.get("samples")) {
            double seconds = TestJson.figure(map(sample), "seconds");
            sum += (seconds - before) * TestJson.figure(map(sample), "handledPerSecond");
            before = seconds;
        }
        return sum;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @Test
    @Tag("slow")
    void shouldShowRoundsWhenOneEngineRunsInRounds() throws IOException {
        run("--engine bare --rounds 2 --rate 1000 --warmup 0s --duration 200ms");
        assertThat(files()).containsExactly("index.html");
        Map<String, Object> content = content();
        assertThat(content).containsEntry("title", "Load test of bare").containsEntry("ratios", Map.of());
        assertThat((List<?>) content.get("engines")).hasSize(1);
        assertThat(map(shownRun(0).get("run"))).doesNotContainKey("latencyMicros");
    }

    @Test
    @Tag("slow")
    void shouldShowTheRunThatWasFoundWhenTheRateIsSearched() throws IOException {
        Map<String, Object> series = run("--ramp --engine bare --warmup 0s --duration 50ms --size 16 --keys 10");
        assertThat((List<?>) series.get("runs")).hasSize(1);
        assertThat(content()).containsEntry("title", "Load test of bare: the highest rate without loss");
        Map<String, Object> found = map(((List<?>) series.get("runs")).get(0));
        assertThat(found).containsKey("rateWithoutLoss");
        String text = "the highest rate without loss is " + text("%,.0f/s", "rateWithoutLoss", found);
        assertThat(console.out()).containsAnyOf(text, "no rate without loss was found");
        assertThat(shownRun(0).get("search")).isIn(text, "no rate without loss was found");
    }

    private static LoadRun run(LoadEngine engine) {
        return TestLoads.run(engine, 10, 10);
    }

    private void write(List<LoadRun> runs, List<String> failures) throws IOException {
        new LoadPage("--report", page(), List.of()).write("title", runs, failures, Map.of());
    }

    @Test
    void shouldSayThatNoRateWithoutLossWasFound() throws IOException {
        write(List.of(run(LoadEngine.TRAFILO).withRateWithoutLoss(0)), List.of());
        assertThat((String) content().get("note"))
                .contains("no rate without loss was found; what is shown is the slowest run (trafilo 1).");
        assertThat(shownRun(0)).containsEntry("search", "no rate without loss was found");
    }

    @Test
    void shouldNameTheRunsThatFailedAboveTheOthers() throws Exception {
        LoadSeries series = LoadSeries.run(
                LoadEngine.TRAFILO,
                LoadEngine.PLAIN,
                1,
                engine -> {
                    if (engine == LoadEngine.PLAIN) {
                        throw new FailureException("ended with 3: <boom>");
                    }
                    return run(engine);
                },
                console.console());
        write(series.runs(), series.failures());
        assertThat((String) content().get("note"))
                .startsWith("Runs failed and are left out: plain, round 1, failed: ended with 3: <boom>.");
        assertThat(html()).doesNotContain("<boom>");
    }

    @Test
    void shouldReadTheSameFromTheJsonOfAnotherProcess() {
        LoadRun here = run(LoadEngine.TRAFILO);
        assertThat(Json.read(Json.pretty(here), LoadRun.class)).isEqualTo(here);
        assertThat(LoadText.figures(here))
                .containsKey("Latency from receipt, max")
                .doesNotContainKey("Stolen by others on the host");
    }

    @Test
    void shouldRemoveTheImageThatAnEarlierReportLeft() throws IOException {
        write(List.of(run(LoadEngine.TRAFILO), run(LoadEngine.PLAIN)), List.of());
        Files.createFile(page().resolve("other.png"));
        assertThat(files()).containsExactly("comparison.png", "index.html", "other.png");
        write(List.of(run(LoadEngine.TRAFILO)), List.of());
        assertThat(files()).containsExactly("index.html", "other.png");
    }

    @Test
    void shouldTellRatiosAndFiguresOfEachWhenRunsAreCompared() throws IOException {
        List<LoadRun> runs = List.of(TestLoads.run(LoadEngine.TRAFILO, 12, 10), TestLoads.run(LoadEngine.PLAIN, 9, 9));
        new LoadPage("--report", page(), List.of())
                .write("two", runs, List.of(), Map.of("Handled per second", "1.111 (1.000 to 1.200)"));
        assertThat(content()).containsEntry("ratios", Map.of("Handled per second", "1.111 (1.000 to 1.200)"));
        assertThat(figures(0)).containsEntry("Lost", "2");
        assertThat(figures(1)).containsEntry("Lost", "0");
    }

    @Test
    void shouldWriteThePageAndSayWhyThereIsNoImageWhenItCannotBeDrawn() throws IOException {
        List<LoadRun> runs = List.of(run(LoadEngine.TRAFILO), run(LoadEngine.PLAIN));
        LoadPage page = new LoadPage("--report", page(), List.of());
        assertThatThrownBy(() -> page.write("two", runs, List.of(), Map.of(), (panels, file) -> {
                    throw new InternalError("no head");
                }))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("fontconfig")
                .hasMessageContaining("index.html")
                .hasRootCauseMessage("no head");
        assertThat(files()).containsExactly("index.html");
        assertThat((List<?>) content().get("comparison")).hasSize(3);
    }

    @Test
    void shouldLeaveNothingBehindWhenTheDirectoryIsTried() throws IOException {
        new LoadPage("--report", page(), List.of());
        assertThat(files()).isEmpty();
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> new LoadPage("--report", file, List.of()))
                .isInstanceOf(SettingException.class)
                .hasMessage("--report: " + file
                        + " (expected: a directory that exists or can be created, to write files to)");
    }

    @Test
    void shouldCompareMediansAndSingleRoundsWhenTwoEnginesHaveRounds() throws IOException {
        List<Double> bars = new ArrayList<>();
        List<LoadRun> runs = List.of(
                TestLoads.run(LoadEngine.TRAFILO, 148_000, 148_000).inRound(1),
                run(LoadEngine.PLAIN).inRound(1),
                run(LoadEngine.PLAIN).inRound(2),
                TestLoads.run(LoadEngine.TRAFILO, 152_000, 152_000).inRound(2));
        new LoadPage("--report", page(), List.of())
                .write(
                        "two",
                        runs,
                        List.of(),
                        Map.of(),
                        (panels, file) ->
                                bars.addAll(panels.get(0).lines().get(0).ys()));
        assertThat(bars).containsExactly(150_000.0, 148_000.0, 152_000.0);
    }

    @Test
    void shouldLeaveAGapWhenTheRingFillIsNotKnown() throws IOException {
        write(List.of(run(LoadEngine.TRAFILO)), List.of());
        List<?> samples = (List<?>) TestJson.value(shownRun(0), "run.samples");
        assertThat(samples).extracting(sample -> map(sample).get("ringFill")).containsExactly(0.5, null);
    }

    @Test
    void shouldQuoteForAShellWhenTheCommandIsTold() {
        assertThat(LoadPage.command(List.of("-Xmx1g", "-Da=b c"), List.of("--report", "it's", "--rate", "0")))
                .isEqualTo("java -Xmx1g '-Da=b c' -jar trafilo-bench.jar load --report 'it'\\''s' --rate 0");
    }
}
