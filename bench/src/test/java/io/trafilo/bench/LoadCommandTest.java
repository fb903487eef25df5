package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LoadCommandTest {
    private final TestConsole console = new TestConsole();

    @SuppressWarnings("unchecked")
    private static Map<String, Object> inner(Map<String, Object> map, String name) {
        return (Map<String, Object>) map.get(name);
    }

    private static long number(Map<String, Object> map, String name) {
        return (Long) map.get(name);
    }

    @Test
    void shouldAccountForEveryDatagramWhenRunEndToEnd(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("load.json");
        int exitCode = console.run(
                "load",
                "--rate",
                "5000",
                "--warmup",
                "500ms",
                "--duration",
                "1s",
                "--keys",
                "100",
                "--distribution",
                "zipf",
                "--json",
                file.toString());
        assertThat(exitCode).as(console.out() + console.err()).isZero();
        Map<String, Object> report = JsonReader.object(Files.readString(file));
        Map<String, Object> warmup = inner(report, "warmup");
        Map<String, Object> total = inner(report, "total");
        assertThat(report).containsEntry("conserved", true);
        for (Map<String, Object> counts : List.of(report, warmup, total)) {
            assertThat(number(counts, "received") + number(counts, "kernelDropped"))
                    .isEqualTo(number(counts, "sent"));
            assertThat(number(counts, "handled")).isEqualTo(number(counts, "received"));
        }
        assertThat(number(report, "sent")).isPositive();
        assertThat(number(warmup, "sent")).isPositive();
        for (String count : List.of("sent", "received", "kernelDropped", "handled")) {
            assertThat(number(warmup, count) + number(report, count)).isEqualTo(number(total, count));
        }
        Map<String, Object> blaster = inner(report, "blaster");
        assertThat(number(blaster, "sent") + number(blaster, "skipped") + number(blaster, "failed"))
                .isEqualTo(5_000);
        Map<String, Object> latency = inner(report, "latencyMicros");
        assertThat(number(latency, "count")).isEqualTo(number(report, "handled"));
        assertThat((Double) latency.get("p50")).isPositive().isLessThanOrEqualTo((Double) latency.get("p99"));
        assertThat((Double) latency.get("p999")).isLessThanOrEqualTo((Double) latency.get("max"));
        assertThat((Double) report.get("handledPerSecond")).isPositive();
        checkBusiest((List<?>) report.get("busiestKeys"));
        assertThat(inner(report, "ledger")).containsEntry("handled", total.get("handled"));
        assertThat(console.out()).contains("conserved: true", "latency", "svc0");
    }

    private static void checkBusiest(List<?> busiest) {
        assertThat(busiest).hasSize(10);
        long last = Long.MAX_VALUE;
        for (Object entry : busiest) {
            Map<?, ?> key = (Map<?, ?>) entry;
            assertThat((Long) key.get("events")).isLessThanOrEqualTo(last);
            assertThat((Long) key.get("windowCount")).isPositive();
            last = (Long) key.get("events");
        }
        assertThat(((Map<?, ?>) busiest.get(0)).get("key")).isEqualTo("svc0");
    }

    @Test
    void shouldHandleDatagramsLongerThanTheUsualOnes(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("load.json");
        String options = "load --rate 500 --warmup 0s --duration 500ms --size 4000 --json " + file;
        assertThat(console.run(options.split(" ", -1)))
                .as(console.out() + console.err())
                .isZero();
        Map<String, Object> report = JsonReader.object(Files.readString(file));
        assertThat(number(report, "sent")).isPositive();
        assertThat(number(report, "handled")).isEqualTo(number(report, "sent"));
    }

    @Test
    void shouldAccountForEveryDatagramOfTheBaselines(@TempDir Path directory) throws Exception {
        for (String engine : List.of("plain", "bare")) {
            Path file = directory.resolve(engine + ".json");
            String options = "load --engine " + engine + " --rate 5000 --warmup 300ms --duration 700ms --json " + file;
            assertThat(console.run(options.split(" ", -1)))
                    .as(console.out() + console.err())
                    .isZero();
            Map<String, Object> report = JsonReader.object(Files.readString(file));
            assertThat(report).containsEntry("engine", engine).containsEntry("conserved", true);
            assertThat(number(report, "received")).isPositive().isEqualTo(number(report, "handled"));
            assertThat((Double) report.get("cpuMicrosPerDatagram")).isPositive();
            assertThat((Double) report.get("allocatedBytesPerDatagram")).isPositive();
            assertThat(number(report, "blasterCeiling")).isPositive();
            if (engine.equals("plain")) {
                assertThat(number(report, "retainedTimestamps")).isEqualTo(5_000);
                assertThat(number(inner(report, "latencyMicros"), "count")).isEqualTo(number(report, "handled"));
            } else {
                assertThat(report).doesNotContainKey("latencyMicros");
            }
        }
    }

    @Test
    void shouldNotCloseTheSumsWhenOneInAMillionIsLost() {
        long million = 1_000_000;
        LoadCounts whole = counts(million, million, 0);
        assertThat(report(million, whole, million).conserved()).isTrue();
        // not received, not handled, not taken by the handler though counted: one each
        LoadReport missing = report(million + 1, whole, million);
        assertThat(missing.conserved()).isFalse();
        assertThat(missing.text())
                .contains("conserved: false", "sent = 1000001, but received + kernelDropped = 1000000");
        assertThat(missing.asMap()).containsEntry("conserved", false);
        assertThat(report(million, counts(million, million - 1, 1), million - 1).conserved())
                .isFalse();
        assertThat(report(million, whole, million - 1).conserved()).isFalse();
    }

    @Test
    void shouldFailTheRunWhenAnEventIsLostBetweenSocketAndHandler() throws Exception {
        LoadTest test = new LoadTest(settings(), console.console(), (settings, latencies, err) -> {
            LoadTarget whole = LoadTest.open(settings, latencies, err);
            return (LoadTarget) Proxy.newProxyInstance(
                    LoadTarget.class.getClassLoader(),
                    new Class<?>[] {LoadTarget.class},
                    (proxy, method, arguments) -> {
                        Object result = method.invoke(whole, arguments);
                        return result instanceof LoadCounts counts ? oneLess(counts) : result;
                    });
        });
        LoadReport report = test.run();
        assertThat(report.conserved()).isFalse();
        assertThat(report.text()).contains("but the handler measured");
    }

    private static LoadCounts oneLess(LoadCounts counts) {
        return counts(counts.received(), Math.max(0, counts.handled() - 1), 0);
    }

    private static LoadCounts counts(long received, long handled, long pending) {
        return new LoadCounts(received, 0, 0, handled, pending, List.of(), Map.of());
    }

    private static LoadSettings settings() {
        LoadCommand command = new LoadCommand(new TestConsole().console());
        new CommandLine(command)
                .registerConverter(Duration.class, new DurationConverter())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .parseArgs("--rate", "1000", "--duration", "300ms", "--warmup", "0s", "--keys", "10");
        return command.settings();
    }

    private static LoadReport report(long sent, LoadCounts end, long measuredByHandler) {
        Histogram histogram = new Histogram(3);
        histogram.recordValueWithCount(1_000, measuredByHandler);
        Latency latency = Latency.of(histogram);
        return new LoadReport(
                settings(),
                new LoadReport.Environment("nio", 1, "nio", 1, "jdk", 1),
                LoadPhase.none(),
                new LoadPhase(new BlastResult(sent, 1, 0, Map.of()), LoadCounts.NONE, end, 1),
                new LoadReport.Latencies(latency, latency),
                new Usage(1, 1, 0, 0, 1, Double.NaN),
                0,
                List.of(),
                List.of());
    }

    @Test
    void shouldCompareRoundByRoundWhenTwoEnginesRunInTurn(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("series.json");
        String options = "load --vs plain --rounds 2 --rate 2000 --warmup 0s --duration 300ms --json " + file;
        assertThat(console.run(options.split(" ", -1)))
                .as(console.out() + console.err())
                .isZero();
        Map<String, Object> series = JsonReader.object(Files.readString(file));
        List<?> runs = (List<?>) series.get("runs");
        assertThat(runs)
                .extracting(run -> String.valueOf(((Map<?, ?>) run).get("engine")))
                .containsExactly("trafilo", "plain", "plain", "trafilo");
        Map<String, Object> ratio = inner(inner(series, "ratio"), "allocatedBytesPerDatagram");
        double least = (Double) ratio.get("min");
        assertThat(least).isPositive().isLessThanOrEqualTo((Double) ratio.get("median"));
        assertThat(inner(series, "figures")).containsOnlyKeys("trafilo", "plain");
        assertThat(console.out()).contains("trafilo / plain, round by round");
    }

    @Test
    void shouldFindTheHighestRateWithoutLoss() throws Exception {
        Map<String, Object> found = LoadRamp.search(
                rate -> {
                    long lost = rate == 0 || rate > 70_000 ? 5 : 0;
                    return Map.of(
                            "rate", rate, "lost", lost, "blaster", Map.of("achievedRate", 100_000.0, "skipped", 0L));
                },
                console.console());
        assertThat((Long) found.get("rate")).isBetween(65_000L, 70_000L);
    }

    @Test
    void shouldTakeTheMiddleOfRounds() {
        assertThat(Spread.of(List.of(3.0, 1.0, 2.0))).isEqualTo(new Spread(2, 1, 3));
        assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(new Spread(2.5, 1, 4));
    }

    @Test
    void shouldMergeThreadsWhenLatenciesAreRecorded() throws Exception {
        LatencyRecorder recorder = new LatencyRecorder(false);
        recorder.record(0, 0, 1);
        recorder.begin();
        recorder.record(0, 1_000, 3_000);
        Thread other = new Thread(() -> recorder.record(400, 500, 9_500));
        other.start();
        other.join();
        Latency latency = Latency.of(recorder.sinceReceipt());
        assertThat(latency.count()).isEqualTo(2);
        assertThat(latency.max()).isBetween(9.0, 9.1);
        assertThat(latency.p50()).isBetween(2.0, 2.01);
        assertThat(Latency.of(recorder.sinceDue()).p50()).isBetween(3.0, 3.01);
    }
}
