package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
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
        Map<String, Object> report = TestJson.object(Files.readString(file));
        Map<String, Object> warmup = inner(report, "warmup");
        Map<String, Object> total = inner(report, "total");
        TestJson.checkFields(Files.readString(file), "trafilo");
        assertThat(report).containsEntry("conserved", true);
        for (Map<String, Object> counts : List.of(report, warmup, total)) {
            assertThat(number(counts, "received") + number(counts, "kernelDropped"))
                    .isEqualTo(number(counts, "sent"));
            assertThat(number(counts, "handled")).isEqualTo(number(counts, "received"));
            Map<String, Object> lost = inner(counts, "lostByLayer");
            assertThat(lost).containsOnlyKeys("kernel", "listener", "ring", "parser", "state");
            assertThat(lost.get("kernel")).isEqualTo(counts.get("kernelDropped"));
            long lostInAll = lost.keySet().stream()
                    .mapToLong(layer -> number(lost, layer))
                    .sum();
            assertThat(number(counts, "lost")).isEqualTo(lostInAll);
            assertThat(number(counts, "handled") + lostInAll).isEqualTo(number(counts, "sent"));
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
        assertThat(console.out()).contains("conserved: true", "Latency from receipt, p99 ", "svc0");
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
    @EnabledOnOs(OS.LINUX)
    void shouldTellWhatWasUsedWhenRunEndToEnd(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("load.json");
        String options = "load --rate 2000 --warmup 100ms --duration 500ms --json " + file;
        assertThat(console.run(options.split(" ", -1)))
                .as(console.out() + console.err())
                .isZero();
        Map<String, Object> report = TestJson.object(Files.readString(file));
        for (String positive : List.of(
                "cpuMicrosPerDatagram",
                "allocatedBytesPerDatagram",
                "retainedTimestamps",
                "residentBytes",
                "blasterCeiling")) {
            assertThat(TestJson.figure(report, positive)).as(positive).isPositive();
        }
        for (String known : List.of("gcPauseMillisMax", "gcPauseMillisTotal", "stealPercent")) {
            assertThat(TestJson.figure(report, known)).as(known).isNotNegative();
        }
        assertThat(String.valueOf(report.get("processor"))).isNotBlank();
        assertThat(console.out())
                .contains("CPU per datagram ", "Allocated per datagram ", "Longest pause for garbage ")
                .contains("Retained timestamps ", "Resident memory ", "Stolen by others", "can send", "/s alone");
    }

    @Test
    void shouldDoAsTheOptionsOfTrafficSay(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("load.json");
        String options = "load --rate 4000 --warmup 0s --duration 1s --keys 5 --distribution zipf --zipf-exponent 2"
                + " --size 100 --window 300ms --slide 100ms --gso 4 --gro --json " + file;
        assumeTrue(Epoll.isAvailable() && EpollDatagramChannel.isSegmentedDatagramPacketSupported(), "no UDP_SEGMENT");
        assertThat(console.run(options.split(" ", -1)))
                .as(console.out() + console.err())
                .isZero();
        Map<String, Object> report = TestJson.object(Files.readString(file));
        assertThat(inner(report, "settings"))
                .containsEntry("keys", 5L)
                .containsEntry("distribution", "zipf")
                .containsEntry("zipfExponent", 2.0)
                .containsEntry("size", 100L)
                .containsEntry("window", "300ms")
                .containsEntry("gso", 4L)
                .containsEntry("gro", true);
        assertThat(String.valueOf(report.get("blasterTransport"))).contains("4");
        List<?> busiest = (List<?>) report.get("busiestKeys");
        assertThat(busiest).hasSizeBetween(2, 5);
        // with the exponent 2, the first of 5 keys has 68 % of the events
        Map<?, ?> first = (Map<?, ?>) busiest.get(0);
        double share = ((Number) first.get("events")).doubleValue() / number(report, "handled");
        assertThat(share).isBetween(0.5, 0.85);
        assertThat(number(report, "retainedTimestamps")).isPositive().isLessThan(number(report, "handled"));
        assertThat((Long) first.get("windowEndNanos") - (Long) first.get("windowStartNanos"))
                .isEqualTo(300_000_000);
    }

    @Test
    void shouldHandleDatagramsLongerThanTheUsualOnes(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("load.json");
        String options = "load --rate 500 --warmup 0s --duration 500ms --size 4000 --json " + file;
        assertThat(console.run(options.split(" ", -1)))
                .as(console.out() + console.err())
                .isZero();
        Map<String, Object> report = TestJson.object(Files.readString(file));
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
            Map<String, Object> report = TestJson.object(Files.readString(file));
            TestJson.checkFields(Files.readString(file), engine);
            assertThat(report).containsEntry("engine", engine).containsEntry("conserved", true);
            assertThat(number(report, "received")).isPositive().isEqualTo(number(report, "handled"));
            assertThat((Double) report.get("cpuMicrosPerDatagram")).isPositive();
            assertThat((Double) report.get("allocatedBytesPerDatagram")).isPositive();
            assertThat(number(report, "blasterCeiling")).isPositive();
            if (engine.equals("plain")) {
                assertThat(number(report, "retainedTimestamps")).isEqualTo(number(inner(report, "total"), "handled"));
                assertThat(number(inner(report, "latencyMicros"), "count")).isEqualTo(number(report, "handled"));
            } else {
                assertThat(report).doesNotContainKey("latencyMicros");
            }
        }
    }

    @Test
    void shouldFindTheHighestRateWithoutLoss() throws Exception {
        LoadRun found = LoadRamp.search(rate -> searched(rate, rate == 0 || rate > 70_000 ? 5 : 0), console.console());
        assertThat(found.rateWithoutLoss()).isBetween(65_000L, 70_000L);
        assertThat(found.report().settings().rate()).isEqualTo(found.rateWithoutLoss());
    }

    @Test
    void shouldFindTheRateSentWhenNothingIsLostAtFullSpeed() throws Exception {
        LoadRun found = LoadRamp.search(rate -> searched(rate, 0), console.console());
        assertThat(found.report().settings().rate()).isZero();
        assertThat(found.rateWithoutLoss()).isEqualTo(100_000);
        assertThat(LoadRamp.text(found)).isEqualTo("the highest rate without loss is 100,000/s");
    }

    @Test
    void shouldSayThatThereIsNoRateWithoutLossWhenEveryRunLoses() throws Exception {
        LoadRun found = LoadRamp.search(rate -> searched(rate, 5), console.console());
        assertThat(found.rateWithoutLoss()).isZero();
        assertThat(LoadRamp.text(found)).isEqualTo("no rate without loss was found");
        LoadSeries series = LoadSeries.run(LoadEngine.BARE, null, 1, engine -> found, console.console());
        assertThat(console.out()).contains("no rate without loss was found");
        assertThat(series.runs().get(0).rateWithoutLoss()).isZero();
    }

    /** A run at a rate, in which 100,000 datagrams were sent in a second. */
    private static LoadRun searched(long rate, long lost) {
        LoadSettings settings = TestLoads.settings("--engine", "bare").with(rate, Duration.ofSeconds(1), Duration.ZERO);
        long handled = 100_000 - lost;
        LoadCounts end = TestLoads.counts(handled, handled, 0);
        LoadPhase second =
                new LoadPhase(BlastResult.of(100_000, 1_000_000_000, 0, Map.of()), LoadCounts.NONE, end, 1_000_000_000);
        return LoadRun.of(LoadReport.of(
                settings,
                TestLoads.report(settings, 0, end, 0).environment(),
                LoadPhase.NONE,
                second,
                null,
                new Usage(1, 1, 0, 0, 0, 1, 0),
                List.of(),
                List.of()));
    }

    @Test
    void shouldReportWhatWasMeasuredSoFarWhenStopped() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        LoadSettings settings = TestLoads.settings().with(1_000, Duration.ofHours(1), Duration.ZERO);
        LoadReport report = new LoadTest(
                        settings,
                        console.console(),
                        LoadTest::open,
                        new LatencyRecorder(false),
                        () -> stop.set(true),
                        stop::get)
                .run();
        assertThat(report.conserved()).as("%s", report.imbalances()).isTrue();
        assertThat(report.measured().sent())
                .isPositive()
                .isEqualTo(report.measured().handled() + report.measured().lost());
        assertThat(report.blaster().stopped()).isTrue();
        assertThat(report.warnings()).contains("stopped before its time was over");
        assertThat(Json.line(report)).contains("\"stopped\":true");
    }

    @Test
    void shouldSayThatNothingWasMeasuredWhenStoppedWhileWarmingUp() {
        LoadSettings settings = TestLoads.settings().with(1_000, Duration.ofHours(1), Duration.ofHours(1));
        LoadTest load = new LoadTest(settings, console.console(), LoadTest::open, () -> true);
        assertThatThrownBy(load::run)
                .isInstanceOf(FailureException.class)
                .hasMessage("stopped while warming up: nothing was measured");
    }

    @Test
    void shouldTakeTheMiddleOfRounds() {
        assertThat(Spread.of(3, 1, 2)).isEqualTo(new Spread(2, 1, 3));
        assertThat(Spread.of(4, 1, 2, 3)).isEqualTo(new Spread(2.5, 1, 4));
        assertThat(Spread.of().median()).isNaN();
        assertThat(new Spread(2.5, 1, 4).text(3)).isEqualTo("2.500 (1.000 to 4.000)");
        assertThat(new Spread(1, 1, 1).text(3)).isEqualTo("1.000");
        assertThat(new Spread(1_234, 0, 4_000).text(0)).isEqualTo("1,234 (0 to 4,000)");
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
