package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trafilo.bench.report.Percentile;
import io.trafilo.bench.report.ReportRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        return JsonReader.object(Files.readString(json));
    }

    private Path page() {
        return directory.resolve("new").resolve("page");
    }

    private String html() throws IOException {
        return Files.readString(page().resolve("index.html")).replaceAll("base64,[A-Za-z0-9+/=]+", "base64,");
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(page())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void shouldShowWhatTheJsonSaysWhenThereIsOneRun() throws IOException {
        Map<String, Object> report = run("--rate 2000 --warmup 100ms --duration 1s --keys 10");
        assertThat(files())
                .containsExactly("index.html", "latency-from-due.png", "latency.png", "ring.png", "throughput.png");
        assertThat(html())
                .contains("<h1>Load test of trafilo</h1>", "load --rate 2000 --warmup 100ms --duration 1s")
                .contains("<td>" + text("%,.0f", "handledPerSecond", report) + "</td>")
                .contains(row("Sent", text("%,.0f", "sent", report)))
                .contains(row("Lost in the kernel", text("%,.0f", "lostByLayer.kernel", report)))
                .contains(row("Lost in the ring", "0"))
                .contains(row("Blaster: can send alone", text("%,.0f/s", "blasterCeiling", report)))
                .contains(row("Allocated per datagram", text("%,.0f bytes", "allocatedBytesPerDatagram", report)))
                .contains(row("Longest pause for garbage", text("%,.1f ms", "gcPauseMillisMax", report)))
                .contains(row("Retained timestamps", text("%,.0f", "retainedTimestamps", report)))
                .contains("Resident memory", "Stolen by others on the host", "<th scope=\"row\">Machine</th>")
                .contains(row("JDK", String.valueOf(report.get("jdk"))))
                .contains(row("Keys", "10, uniform, seed 1"))
                .contains("role=\"note\"", "the warm-up was shorter than 9 s")
                .doesNotContain("null", "NaN");
    }

    private static String text(String format, String figure, Map<String, Object> report) {
        return String.format(Locale.ROOT, format, LoadFigures.figure(report, figure));
    }

    private static String row(String fact, String value) {
        return "<th scope=\"row\">" + fact + "</th><td>" + value + "</td>";
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
        Map<String, Object> spread = map(LoadFigures.value(series, "ratio.allocatedBytesPerDatagram"));
        assertThat((Double) spread.get("min")).isPositive().isLessThanOrEqualTo((Double) spread.get("median"));
        assertThat(map(series.get("figures"))).containsOnlyKeys("trafilo", "plain");
        assertThat(console.out()).contains("trafilo / plain, round by round");
        assertThat(files())
                .containsExactly(
                        "comparison.png",
                        "index.html",
                        "latency-from-due.png",
                        "latency.png",
                        "ring.png",
                        "throughput.png");
        String ratio = text("%,.3f (", "ratio.allocatedBytesPerDatagram.median", series);
        assertThat(html())
                .contains("<h1>Load test of trafilo against plain</h1>", "<h2>trafilo / plain</h2>")
                .contains("<th scope=\"row\">Allocated per datagram</th><td>" + ratio)
                .contains(" of 2, plain round ");
        for (Object run : runs) {
            assertThat(LoadFigures.value(map(run), "latencyMicros.distribution"))
                    .isInstanceOf(List.class);
            assertThat(handledInSamples(map(run))).isCloseTo(LoadFigures.figure(map(run), "handled"), within(0.01));
        }
    }

    /** The samples leave out nothing: the rates by their times sum up to what was handled. */
    private static double handledInSamples(Map<String, Object> report) {
        double sum = 0;
        double before = 0;
        for (Object sample : (List<?>) report.get("samples")) {
            double seconds = LoadFigures.figure(map(sample), "seconds");
            sum += (seconds - before) * LoadFigures.figure(map(sample), "handledPerSecond");
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
        assertThat(files()).containsExactly("index.html", "latency.png", "throughput.png");
        assertThat(html())
                .contains("<h1>Load test of bare</h1>", "bare round ", " of 2.", "No latency was measured.")
                .doesNotContain("bare / ", "null", "NaN");
    }

    @Test
    @Tag("slow")
    void shouldShowTheRunThatWasFoundWhenTheRateIsSearched() throws IOException {
        Map<String, Object> series = run("--ramp --engine bare --warmup 0s --duration 50ms --size 16 --keys 10");
        assertThat((List<?>) series.get("runs")).hasSize(1);
        assertThat(html()).contains("<h1>Load test of bare: the highest rate without loss</h1>");
        Map<String, Object> found = map(((List<?>) series.get("runs")).get(0));
        assertThat(found).containsKey("rateWithoutLoss");
        assertThat(console.out()).contains(LoadRamp.text(found));
        assertThat(html()).contains(row("Search", LoadRamp.text(found)));
    }

    @Test
    void shouldSayThatNoRateWithoutLossWasFound() throws IOException {
        Map<String, Object> lossy =
                TestLoads.report(10, TestLoads.counts(10, 10, 0), 10).asMap();
        lossy.put("rateWithoutLoss", 0L);
        new LoadPage("--report", page(), List.of()).write("search", lossy);
        assertThat(html())
                .contains(
                        "role=\"note\">",
                        "trafilo, round 1: no rate without loss was found; what is shown is the slowest run.")
                .contains(row("Search", "no rate without loss was found"));
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
                    return TestLoads.report(10, TestLoads.counts(10, 10, 0), 10).asMap();
                },
                console.console());
        new LoadPage("--report", page(), List.of()).write("two", series);
        assertThat(html())
                .contains(
                        "role=\"note\">Runs failed and are left out: plain, round 1, failed: ended with 3: &lt;boom&gt;.")
                .doesNotContain("trafilo / ");
    }

    @Test
    void shouldReadTheSameFromTheJsonOfAnotherProcess() {
        Map<String, Object> report =
                TestLoads.report(10, TestLoads.counts(10, 10, 0), 10).asMap();
        ReportRun here = LoadPage.run(report);
        assertThat(LoadPage.run(JsonReader.object(Json.pretty(report)))).isEqualTo(here);
        assertThat(here.samples()).hasSize(2);
        assertThat(here.samples().get(0).ringFill()).isEqualTo(0.5);
        assertThat(here.samples().get(1).ringFill()).isNaN();
        double p99 = LoadFigures.figure(report, "latencyMicros.p99");
        assertThat(here.latency()).contains(new Percentile(99, p99)).hasSizeGreaterThan(3);
        assertThat(here.facts())
                .containsKey("Latency from receipt, max")
                .doesNotContainKey("Stolen by others on the host");
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
    void shouldQuoteForAShellWhenTheCommandIsTold() {
        assertThat(LoadPage.command(List.of("-Xmx1g", "-Da=b c"), List.of("--report", "it's", "--rate", "0")))
                .isEqualTo("java -Xmx1g '-Da=b c' -jar trafilo-bench.jar load --report 'it'\\''s' --rate 0");
    }
}
