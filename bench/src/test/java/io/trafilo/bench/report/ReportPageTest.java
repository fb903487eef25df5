package io.trafilo.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ReportPageTest {
    private static final double NAN = Double.NaN;
    private static final ReportHead HEAD =
            new ReportHead("A load test", "on one machine", "java -jar bench.jar load", "");

    @TempDir
    private Path directory;

    private String write(List<ReportRun> runs) throws IOException {
        return write(runs, Map.of());
    }

    private String write(List<ReportRun> runs, Map<String, String> ratios) throws IOException {
        ReportPage.write(directory, HEAD, runs, ratios);
        return Files.readString(directory.resolve("index.html"));
    }

    /** The page without the images, in which any letters may follow each other. */
    private static String withoutImages(String page) {
        return page.replaceAll("base64,[A-Za-z0-9+/=]+", "base64,");
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private int coloursOf(String name) throws IOException {
        BufferedImage image = ImageIO.read(directory.resolve(name).toFile());
        assertThat(image).as(name).isNotNull();
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        return (int) Arrays.stream(pixels).distinct().count();
    }

    @Test
    void shouldShowAllWhenThereIsOneRun() throws IOException {
        String page = write(List.of(TestRuns.run("trafilo", 1, 150_000)));
        assertThat(files())
                .containsExactly("index.html", "latency-from-due.png", "latency.png", "ring.png", "throughput.png");
        for (String name : List.of("latency-from-due.png", "latency.png", "ring.png", "throughput.png")) {
            assertThat(coloursOf(name)).as(name).isGreaterThan(2);
            String png = Base64.getEncoder().encodeToString(Files.readAllBytes(directory.resolve(name)));
            assertThat(page.contains("src=\"data:image/png;base64," + png))
                    .as(name)
                    .isTrue();
        }
        assertThat(page)
                .contains("<title>A load test</title>", "<h1>A load test</h1>", "on one machine")
                .contains("<code>java -jar bench.jar load</code>", "150,000", "4,000", "10,000, uniform")
                .doesNotContain("median round");
    }

    @Test
    void shouldCompareMediansWhenTwoLabelsHaveThreeRounds() throws IOException {
        String page = write(TestRuns.threeRoundsOfTwo());
        assertThat(files())
                .containsExactly(
                        "comparison.png",
                        "index.html",
                        "latency-from-due.png",
                        "latency.png",
                        "ring.png",
                        "throughput.png");
        assertThat(coloursOf("comparison.png")).isGreaterThan(3);
        assertThat(withoutImages(page))
                .contains("trafilo round 3 of 3, plain round 1 of 3")
                .contains("medians over the rounds")
                .contains("trafilo 150,000, plain 91,000");
    }

    @Test
    void shouldSayWhatIsUnknownWhenNothingWasMeasured() throws IOException {
        String page = write(List.of(TestRuns.unknown("trafilo", 1), TestRuns.unknown("plain", 1)));
        assertThat(files()).containsExactly("comparison.png", "index.html", "latency.png", "throughput.png");
        for (String name : List.of("comparison.png", "latency.png", "throughput.png")) {
            assertThat(coloursOf(name)).as(name).isGreaterThan(1);
        }
        assertThat(withoutImages(page))
                .contains(
                        "No samples were taken.",
                        "No latency was measured.",
                        "Handled, datagrams / s: trafilo not known, plain not known.")
                .doesNotContain("NaN", "Infinity");
    }

    @Test
    void shouldDrawWhatIsKnownWhenSomeValuesAreNot() throws IOException {
        List<Sample> samples = List.of(
                new Sample(1, NAN, NAN, NAN, NAN),
                new Sample(2, 5, NAN, 0, NAN),
                new Sample(NAN, 1e12, 1e12, 1e12, 1),
                new Sample(4, Double.POSITIVE_INFINITY, 3, NAN, NAN));
        List<Percentile> latency = List.of(new Percentile(NAN, 1), new Percentile(50, NAN), new Percentile(90, 0));
        String page = write(List.of(
                new ReportRun("a", 1, NAN, 0, 2, samples, latency, latency, Map.of()),
                new ReportRun("a", 2, 7, 0, NAN, samples, latency, latency, Map.of()),
                TestRuns.unknown("b", 1)));
        assertThat(files())
                .containsExactly(
                        "comparison.png", "index.html", "latency-from-due.png", "latency.png", "throughput.png");
        assertThat(withoutImages(page))
                .contains("a round 2 of 2, b round 1 of 1", "a handled up to 3.00/s, b not known")
                .doesNotContain("NaN", "Infinity", "∞");
    }

    @Test
    void shouldDrawWhenAllValuesAreZeroOrTiny() throws IOException {
        List<Sample> zero = List.of(new Sample(0, 0, 0, 0, 0));
        List<Percentile> tiny = List.of(new Percentile(0, 0), new Percentile(100, 0));
        write(List.of(
                new ReportRun("a", 1, 0, 0, 0, zero, tiny, tiny, Map.of()),
                new ReportRun("b", 1, 1e-9, 0, 1e-9, zero, tiny, tiny, Map.of())));
        assertThat(files()).hasSize(6);
    }

    @Test
    void shouldDrawWhenLabelsAreManyLongOrAlike() throws IOException {
        String lengthy = "a label that is much longer than any plot has room for ";
        List<ReportRun> runs = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            runs.add(TestRuns.run(lengthy + i, 1, 1000 + i));
        }
        runs.add(TestRuns.run("two\nlines", 1, 1000));
        runs.add(TestRuns.run("\0", 1, 1000));
        write(runs);
        assertThat(files()).hasSize(6);
    }

    @Test
    void shouldEscapeWhenTextHasMarkup() throws IOException {
        String evil = "<script>alert('1')</script> & \"quoted\"";
        ReportRun run = new ReportRun(
                evil, 1, 1, 1, 1, List.of(), List.of(), List.of(), Map.of("name " + evil, "value " + evil));
        ReportHead head = new ReportHead("title " + evil, "subtitle " + evil, "command " + evil, "warning " + evil);
        ReportPage.write(
                directory, head, List.of(run, TestRuns.unknown("b", 1)), Map.of("figure " + evil, "ratio " + evil));
        String page = Files.readString(directory.resolve("index.html"));
        String escaped = "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;quoted&quot;";
        assertThat(withoutImages(page))
                .contains("title " + escaped, "subtitle " + escaped, "command " + escaped, "warning " + escaped)
                .contains("figure " + escaped, "ratio " + escaped)
                .contains("name " + escaped, "value " + escaped)
                .doesNotContain("<script", "</script", "\"quoted");
    }

    @Test
    void shouldReferToNoHostWhenOpened() throws IOException {
        String page = write(TestRuns.threeRoundsOfTwo());
        String markup = withoutImages(page);
        assertThat(markup)
                .doesNotContain("http://", "https://", "//", "url(", "@import", "<link", "<iframe", "<script")
                .contains("default-src 'none'")
                .doesNotContainPattern("src=\"(?!data:)");
        assertThat(markup.split("<img ", -1)).hasSize(6).allSatisfy(part -> assertThat(part)
                .satisfiesAnyOf(
                        image -> assertThat(image).containsPattern("alt=\"[^\"]{30,}\""),
                        start -> assertThat(start).startsWith("<!DOCTYPE html>")));
    }

    @Test
    void shouldRemoveStalePlotsWhenAnEarlierReportLeftThem() throws IOException {
        write(TestRuns.threeRoundsOfTwo());
        Files.createFile(directory.resolve("other.png"));
        write(List.of(TestRuns.unknown("trafilo", 1)));
        assertThat(files()).containsExactly("index.html", "latency.png", "other.png", "throughput.png");
    }

    @Test
    void shouldWriteThePageWithoutPlotsAndSayWhyWhenThereAreNoFonts() throws IOException {
        write(TestRuns.threeRoundsOfTwo());
        PageText text = new PageText(HEAD, TestRuns.threeRoundsOfTwo(), Map.of());
        assertThatThrownBy(() -> ReportPage.write(directory, text, () -> {
                    throw new InternalError("no head");
                }))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no fonts")
                .hasMessageContaining("fontconfig")
                .hasMessageContaining("index.html")
                .hasRootCauseMessage("no head");
        assertThat(files()).containsExactly("index.html");
        assertThat(Files.readString(directory.resolve("index.html")))
                .contains("Java finds no fonts", "150,000")
                .doesNotContain("<img");
    }

    @Test
    void shouldRefuseWhenThereAreNoRuns() {
        assertThatThrownBy(() -> write(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldTellRatiosAndWhatIsTheSameOnceWhenRunsAreCompared() throws IOException {
        ReportRun first = withFacts(TestRuns.run("trafilo", 1, 1000), Map.of("JDK", "17", "memory", "100 MiB"));
        ReportRun second = withFacts(TestRuns.run("plain", 1, 900), Map.of("JDK", "17", "memory", "80 MiB"));
        String page = withoutImages(write(List.of(first, second), Map.of("Handled", "1.111 (1.000 to 1.200)")));
        assertThat(page)
                .contains("<h2>trafilo / plain</h2>", "<th scope=\"row\">Handled</th><td>1.111 (1.000 to 1.200)</td>")
                .containsOnlyOnce("<th scope=\"row\">JDK</th><td>17</td></tr>")
                .containsOnlyOnce("<th scope=\"row\">memory</th><td>100 MiB</td><td>80 MiB</td></tr>");
        assertThat(withoutImages(write(List.of(first)))).doesNotContain("trafilo / ", "Ratio");
    }

    private static ReportRun withFacts(ReportRun run, Map<String, String> facts) {
        return new ReportRun(
                run.label(),
                run.round(),
                run.handledPerSecond(),
                run.lost(),
                run.cpuMicrosPerDatagram(),
                run.samples(),
                run.latency(),
                run.sendLatency(),
                facts);
    }
}
