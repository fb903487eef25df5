package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Signals to a listening process under load. */
@Tag("slow")
@Timeout(180)
class SignalFaultTest {
    private static final int TERMINATED = 128 + 15;

    /** Of the listener 5 s and of the engine 10 s by default, and some for a JVM on a busy machine to end. */
    private static final Duration DEADLINE = Duration.ofSeconds(5 + 10 + 5);

    private static final Duration SLIDE = Duration.ofMillis(200);

    @TempDir
    Path directory;

    @Test
    void shouldDrainReportAndAccountForEveryDatagramWhenTerminatedUnderLoad() throws Exception {
        try (PrivateNetwork network = PrivateNetwork.open();
                BenchProcess listener = BenchProcess.listen(network, directory);
                BenchProcess blaster = BenchProcess.blast(network, directory, listener.address(), 0, "3s")) {
            await().atMost(60, TimeUnit.SECONDS).until(() -> listener.lines().size() > 20);
            long signalledNanos = System.nanoTime();
            listener.signal("TERM");
            Map<String, Object> ledger = listener.end(TERMINATED);
            assertThat(Duration.ofNanos(System.nanoTime() - signalledNanos)).isLessThan(DEADLINE);
            Map<String, Object> blast = blaster.end(0);
            assertThat(ledger).containsEntry("conserved", true).containsEntry("abandoned", 0L);
            assertThat(listener.errors()).contains("conserved                       true");
            assertThat(number(blast, "failed")).as("sent after the end, too").isPositive();
            assertThat(number(ledger, "received") + number(ledger, "kernelDropped") + network.udp("NoPorts"))
                    .as("%s %s", ledger, blast)
                    .isEqualTo(number(blast, "sent"))
                    .isEqualTo(network.udp("OutDatagrams"));
            assertThat(number(ledger, "handled")).isEqualTo(number(ledger, "received"));
        }
    }

    @Test
    void shouldReportWhatWasMeasuredSoFarWhenALoadTestIsInterrupted() throws Exception {
        try (PrivateNetwork network = PrivateNetwork.open();
                BenchProcess load = BenchProcess.load(network, directory)) {
            load.signal("TERM"); // SIGINT is ignored by children of a job in the background
            Map<String, Object> report = load.end(TERMINATED);
            assertThat(report).containsEntry("conserved", true);
            assertThat(TestJson.value(report, "blaster.stopped")).isEqualTo(true);
            assertThat(number(report, "handled")).isPositive();
            assertThat(load.lines()).contains("conserved: true", "  stopped before its time was over");
        }
    }

    @Test
    void shouldReportTheRunsThatAreOverWhenASeriesIsInterrupted() throws Exception {
        try (PrivateNetwork network = PrivateNetwork.open();
                BenchProcess load = BenchProcess.series(network, directory)) {
            load.signal("TERM"); // SIGINT is ignored by children of a job in the background
            Map<String, Object> report = load.end(TERMINATED);
            assertThat((List<?>) report.get("runs")).hasSizeBetween(1, 2);
            assertThat(load.lines())
                    .contains("trafilo: median (from to)")
                    .anyMatch(line -> line.startsWith("stopped in round ") || line.startsWith("round  1 plain "));
        }
    }

    @Test
    void shouldEmitNoMissedSlideWhenStoppedForAWhile() throws Exception {
        stopAndContinue(Duration.ofSeconds(3));
    }

    @Test
    void shouldEmitNoMissedSlideWhenStoppedForLong() throws Exception {
        stopAndContinue(Duration.ofSeconds(10));
    }

    private void stopAndContinue(Duration pause) throws Exception {
        String duration = pause.toSeconds() + 2 + "s";
        try (PrivateNetwork network = PrivateNetwork.open();
                BenchProcess listener =
                        BenchProcess.listen(network, directory, "--window", "1s", "--slide", SLIDE.toMillis() + "ms");
                BenchProcess blaster = BenchProcess.blast(network, directory, listener.address(), 2_000, duration)) {
            await().atMost(60, TimeUnit.SECONDS).until(() -> listener.lines().size() > 100);
            listener.signal("STOP");
            await().until(() -> listener.state() == 'T');
            Instant stopped = Instant.now();
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> Duration.between(stopped, Instant.now()).compareTo(pause) > 0);
            Instant continued = Instant.now();
            listener.signal("CONT");
            Map<String, Object> blast = blaster.end(0);
            listener.signal("TERM");
            Map<String, Object> ledger = listener.end(TERMINATED);
            assertThat(ledger).containsEntry("conserved", true);
            assertThat(number(ledger, "received") + number(ledger, "kernelDropped"))
                    .isEqualTo(number(blast, "sent"));
            assertThat(number(ledger, "handled")).isEqualTo(number(ledger, "received"));
            checkWindows(endsByKey(listener.lines()), nanos(stopped), nanos(continued));
        }
    }

    /** No window for a slide that was missed, neither late nor with the time it would have had. */
    private static void checkWindows(Map<String, List<Long>> endsByKey, long stoppedNanos, long continuedNanos) {
        long slideNanos = SLIDE.toNanos();
        assertThat(endsByKey).hasSize(20);
        endsByKey.forEach((key, ends) -> {
            for (int i = 1; i < ends.size(); i++) {
                assertThat(ends.get(i) - ends.get(i - 1)).as(key).isGreaterThanOrEqualTo(slideNanos);
            }
            assertThat(ends)
                    .as(key)
                    .noneMatch(end -> end > stoppedNanos + slideNanos && end < continuedNanos - slideNanos);
            assertThat(ends).as(key).anyMatch(end -> end > continuedNanos - slideNanos);
        });
    }

    private static Map<String, List<Long>> endsByKey(List<String> windows) {
        Map<String, List<Long>> ends = new TreeMap<>();
        for (String line : windows) {
            Map<String, Object> window = TestJson.object(line);
            ends.computeIfAbsent((String) window.get("key"), key -> new ArrayList<>())
                    .add(number(window, "endNanos"));
        }
        return ends;
    }

    private static long number(Map<String, Object> map, String name) {
        return (Long) map.get(name);
    }

    private static long nanos(Instant instant) {
        return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    }
}
