package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.Ledger;
import io.trafilo.Trafilo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void shouldNotCloseTheSumsWhenADatagramIsMissing() {
        Trafilo<KeyStats> engine = Trafilo.<KeyStats>builder()
                .state(key -> new KeyStats())
                .handler((event, stats) -> stats.events++)
                .build();
        engine.start();
        engine.close();
        Ledger ledger = engine.ledger();
        assertThat(report(0, ledger).conserved()).isTrue();
        LoadReport missing = report(1, ledger);
        assertThat(missing.conserved()).isFalse();
        assertThat(missing.text()).contains("conserved: false", "sent = 1, but received + kernelDropped = 0");
        assertThat(missing.asMap()).containsEntry("conserved", false);
    }

    private static LoadReport report(long sent, Ledger ledger) {
        LoadSettings settings = new LoadSettings(
                1,
                Duration.ofSeconds(1),
                Duration.ZERO,
                new TrafficOptions(),
                new EngineOptions(),
                new ListenerOptions());
        return new LoadReport(
                settings,
                new LoadReport.Environment("nio", 1, "nio", "jdk", 1),
                LoadPhase.none(ledger),
                new LoadPhase(new BlastResult(sent, 1, 0, Map.of()), null, ledger),
                LoadReport.Latency.of(new LatencyRecorder()),
                List.of());
    }

    @Test
    void shouldMergeThreadsWhenLatenciesAreRecorded() throws Exception {
        LatencyRecorder recorder = new LatencyRecorder();
        recorder.record(0, 1);
        recorder.begin();
        recorder.record(1_000, 3_000);
        Thread other = new Thread(() -> recorder.record(500, 9_500));
        other.start();
        other.join();
        LoadReport.Latency latency = LoadReport.Latency.of(recorder);
        assertThat(latency.count()).isEqualTo(2);
        assertThat(latency.max()).isBetween(9.0, 9.1);
        assertThat(latency.p50()).isBetween(2.0, 2.01);
        assertThat(latency.spanNanos()).isEqualTo(6_500);
    }
}
