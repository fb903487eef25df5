package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the page's script makes of a report, in a browser. Skipped where there is none. */
@Tag("slow")
@Timeout(120)
class PageScriptTest {
    private static final List<String> BROWSERS = List.of("chromium", "chromium-browser", "google-chrome");
    private static final String UNKNOWN = "–";

    @TempDir
    private Path directory;

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

    private static Path browser() {
        Optional<Path> found = BROWSERS.stream()
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                        .map(path -> Path.of(path, name)))
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty()) {
            System.out.println("PageScriptTest is skipped: none of " + BROWSERS + " is on the PATH");
        }
        assumeTrue(found.isPresent(), "no browser");
        return found.orElseThrow();
    }

    /** The elements of the page of some runs, after its scripts ran without an error. */
    private String dom(String title, List<LoadRun> runs, List<String> failures, Map<String, String> ratios)
            throws IOException, InterruptedException {
        Path browser = browser();
        Path page = new LoadPage("--report", directory.resolve("page"), List.of("--rate", "<b>"))
                .write(title, runs, failures, ratios, (panels, file) -> {});
        List<String> command = new ArrayList<>(List.of(browser.toString(), "--headless", "--no-sandbox"));
        command.addAll(List.of("--disable-gpu", "--disable-background-networking", "--virtual-time-budget=3000"));
        command.addAll(List.of("--user-data-dir=" + directory.resolve("profile"), "--enable-logging=stderr"));
        command.addAll(List.of("--dump-dom", page.toUri().toString()));
        Path dom = directory.resolve("dom");
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder(command)
                .redirectOutput(dom.toFile())
                .redirectError(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isZero();
        // scripts that throw and what the page's policy forbids are told there
        assertThat(Files.readString(log)).doesNotContain("CONSOLE");
        String html = Files.readString(dom);
        return html.substring(html.indexOf("<main>"), html.indexOf("</main>")).replace("<tr>", "\n<tr>");
    }

    private static List<String> all(String pattern, String html) {
        return Pattern.compile(pattern)
                .matcher(html)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static String row(String name, String... cells) {
        return "<tr><th scope=\"row\">" + name + "</th><td>" + String.join("</td><td>", cells) + "</td></tr>";
    }

    @Test
    void shouldShowAllWhenThereIsOneRun() throws Exception {
        LoadRun run = TestLoads.run(LoadEngine.TRAFILO, 1_234_569, 1_234_567);
        String html = dom("title", List.of(run), List.of(), Map.of());
        assertThat(all("<h2>(.*?)</h2>", html))
                .containsExactly(
                        "Figures",
                        "Throughput and losses over time",
                        "Latency from receipt to handler",
                        "Latency from when due to handler",
                        "Ring fill over time",
                        "Facts");
        assertThat(all("aria-label=\"(.*?)\"", html)).hasSize(4).allMatch(words -> words.length() > 30);
        assertThat(all("(<canvas)", html)).hasSize(5);
        assertThat(html)
                .contains(
                        "<h1>title</h1>",
                        "1 processors, processor, os; jdk</p>",
                        "role=\"note\">the warm-up was shorter than 9 s")
                .contains(row("trafilo", "1", "1,234,567", "2", "0.00", "1.0", "1.0", "1.0"))
                .contains(row("Sent", "1,234,569"), row("Lost in the kernel", "2"), row("Lost while warming up", "0"))
                .contains(row("Sums", "all close"), row("Rate", "1,000/s"), row("Keys", "10, uniform, seed 1"))
                .contains(row("Time", "300ms, after 0s to warm up"), row("Machine", "1 processors, processor, os"))
                .contains(row("Engine options", "window 5s, slide 1s, workers 1, shards 128, ring 4096, policy block"))
                .contains("gro off, listener warmup off, run to completion off", "up to 50.0.")
                .contains("µs at 99.9 %.", "<th scope=\"col\">CPU per datagram, µs</th>")
                .doesNotContain("median round", "NaN", "null", "undefined");
    }

    @Test
    void shouldCompareMediansWhenTwoEnginesHaveThreeRounds() throws Exception {
        Map<String, String> ratios = Map.of("Handled per second", "1.648 (1.600 to 1.705)");
        String html = dom("title", threeRoundsOfTwo(), List.of(), ratios);
        assertThat(all("<h2>(.*?)</h2>", html))
                .startsWith("Runs", "trafilo / plain", "Comparison", "Throughput and losses over time")
                .endsWith("Facts of each run", "Facts of all runs");
        assertThat(html)
                .contains(row("Handled per second", "1.648 (1.600 to 1.705)"))
                .contains(": trafilo 150,000, plain 91,000.", "medians over the rounds")
                .contains("trafilo round 3 of 3, plain round 1 of 3")
                .contains(row("Handled", "148,000", "91,000", "95,000", "152,000", "150,000", "88,000"))
                .containsOnlyOnce(row("JDK", "jdk"));
        assertThat(all("<th scope=\"col\">(\\w+, round \\d)</th>", html))
                .containsExactly(
                        "trafilo, round 1",
                        "plain, round 1",
                        "plain, round 2",
                        "trafilo, round 2",
                        "trafilo, round 3",
                        "plain, round 3");
        assertThat(all("class=\"u-label\">(.*?)</div>", html))
                .startsWith("seconds", "trafilo received", "plain received", "trafilo", "plain");
    }

    @Test
    void shouldSayWhatIsUnknownWhenNothingWasMeasured() throws Exception {
        LoadSettings settings = TestLoads.settings("--engine", "bare");
        LoadReport nothing = TestLoads.report(settings, 0, TestLoads.counts(0, 0, 0), 0);
        LoadRun empty = LoadRun.of(LoadReport.of(
                settings,
                nothing.environment(),
                LoadPhase.NONE,
                LoadPhase.NONE,
                null,
                new Usage(0, 0, 0, 0, 0, 0, Double.NaN),
                List.of(),
                List.of()));
        String compared = dom("title", List.of(empty, run(LoadEngine.TRAFILO, 1, 1)), List.of(), Map.of());
        assertThat(compared)
                .contains("Latency at 99.9 %, µs from receipt, less is better: bare not known, trafilo 1.00")
                .doesNotContain("NaN", "undefined");
        String alone = dom("title", List.of(empty), List.of(), Map.of());
        assertThat(all("<figcaption>(.*?)</figcaption>", alone))
                .containsExactly("No samples were taken.", "No latency was measured.");
        assertThat(alone).contains(row("bare", "1", "0", "0", "0.00", UNKNOWN, UNKNOWN, UNKNOWN));
    }

    @Test
    void shouldTellWhatWasSearchedAndSetWhenItIsNotTheUsual() throws Exception {
        LoadSettings settings = TestLoads.settings("--gro", "--gso=2", "--distribution=zipf")
                .with(0, Duration.ofSeconds(1), Duration.ZERO);
        LoadRun run = LoadRun.of(TestLoads.report(settings, 11, TestLoads.counts(10, 10, 0), 10));
        String html = dom("title", List.of(run.withRateWithoutLoss(0)), List.of(), Map.of());
        assertThat(html)
                .contains(row("Search", "no rate without loss was found"), row("Rate", "as fast as it can"))
                .contains(row("Kernel's drops, with GRO", "each of a packet with 1 to 2 datagrams"))
                .contains(row("Keys", "10, zipf with exponent 0.99, seed 1"))
                .contains("<th scope=\"row\">Sums</th><td>sent = 11, but received + kernelDropped = 10")
                .contains("its sums do not close: sent = 11");
    }

    @Test
    void shouldShowTextAsItIsWhenItHasMarkup() throws Exception {
        String evil = "</script><script>console.log('1')</script> & \"quoted\"";
        String shown = "&lt;/script&gt;&lt;script&gt;console.log('1')&lt;/script&gt; &amp; \"quoted\"";
        String html =
                dom("title " + evil, threeRoundsOfTwo(), List.of("failure " + evil), Map.of(evil, "ratio " + evil));
        assertThat(html)
                .contains("<h1>title " + shown, "failure " + shown, row(shown, "ratio " + shown))
                .contains("--rate '&lt;b&gt;'</code>")
                .doesNotContain("<script");
    }
}
