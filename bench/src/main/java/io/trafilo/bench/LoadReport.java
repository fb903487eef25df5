package io.trafilo.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What came out of a load test, as it stands in the JSON. */
record LoadReport(
        String note,
        LoadEngine engine,
        @Inline LoadPhase.Counts measured,
        boolean conserved,
        List<String> imbalances,
        List<String> warnings,
        double handledPerSecond,
        @Nullable Latency latencyMicros,
        @Nullable Latency sendLatencyMicros,
        double cpuMicrosPerDatagram,
        double allocatedBytesPerDatagram,
        double gcPauseMillisMax,
        double gcPauseMillisTotal,
        long retainedTimestamps,
        long residentBytes,
        @Nullable Double stealPercent,
        BlastResult blaster,
        Warmup warmup,
        LoadPhase.Counts total,
        Map<String, @Nullable Long> ledger,
        List<LoadSampler.Sample> samples,
        List<BusyKey> busiestKeys,
        LoadSettings.Applied settings,
        @Inline Environment environment) {

    private static final String NOTE =
            "warmup: the phase before; total, ledger, conserved, imbalances: both together; all else: the measured"
                    + " phase; latencyMicros: receipt to handler; sendLatencyMicros: when due to handler, a skipped one as"
                    + " 100 ms late";

    /** A part of what the blaster can send. */
    private static final double BLASTER_IS_NEAR = 0.8;

    private static final double MUCH_STOLEN_PERCENT = 5;

    /** The warm-up after which the compiler is done but for a rest. */
    private static final Duration COMPILED = Duration.ofSeconds(9);

    /** The phase before the measured one. */
    record Warmup(@Inline LoadPhase.Counts counts, BlastResult blaster) {}

    /** What the test ran on. */
    record Environment(
            String listenerTransport,
            int receiveBufferBytes,
            String blasterTransport,
            long blasterCeiling,
            String jdk,
            int cpus,
            String processor,
            String os) {
        static Environment of(LoadTarget.Socket socket, BlasterProcess.Ready blaster) {
            return new Environment(
                    socket.transport(),
                    socket.receiveBufferBytes(),
                    blaster.transport(),
                    blaster.ceiling(),
                    System.getProperty("java.vm.name") + " " + Runtime.version(),
                    Runtime.getRuntime().availableProcessors(),
                    Proc.processor(),
                    System.getProperty("os.name") + " " + System.getProperty("os.version"));
        }

        String text() {
            return "listener " + listenerTransport + ", receive buffer " + receiveBufferBytes + " bytes; blaster "
                    + blasterTransport + Console.format(", can send %,d/s alone; ", blasterCeiling) + jdk
                    + ", " + cpus + " processors, " + processor;
        }
    }

    /** Both latencies of the measured phase: to the handler from receipt, and from when each datagram was to be sent. */
    record Latencies(Latency sinceReceipt, Latency sinceDue) {
        /** {@code skipped} datagrams were given up by the sender, which then was so late at least. */
        static Latencies of(LatencyRecorder recorder, long skipped) {
            Histogram sinceDue = recorder.sinceDue();
            if (skipped > 0) {
                sinceDue.recordValueWithCount(Pacer.MAX_BACKLOG_NANOS, skipped);
            }
            return new Latencies(Latency.of(recorder.sinceReceipt()), Latency.of(sinceDue));
        }
    }

    static LoadReport of(
            LoadSettings settings,
            Environment environment,
            LoadPhase warmup,
            LoadPhase measured,
            @Nullable Latencies latencies,
            Usage usage,
            List<LoadSampler.Sample> samples,
            List<BusyKey> busiest) {
        LoadPhase.Counts counts = measured.counts();
        LoadCounts end = measured.after();
        LoadPhase.Counts total = LoadPhase.Counts.between(
                warmup.blast().sent() + measured.blast().sent(), LoadCounts.NONE, end);
        Latency sinceReceipt = latencies == null ? null : latencies.sinceReceipt();
        List<String> imbalances = imbalances(settings, total, end);
        if (sinceReceipt != null && sinceReceipt.count() != counts.handled()) {
            imbalances.add("handled = " + counts.handled() + ", but the handler measured " + sinceReceipt.count());
        }
        double received = counts.received() == 0 ? Double.POSITIVE_INFINITY : counts.received();
        return new LoadReport(
                NOTE,
                settings.engine(),
                counts,
                imbalances.isEmpty(),
                imbalances,
                warnings(settings, measured, environment.blasterCeiling(), usage.stealPercent()),
                measured.handledPerSecond(),
                sinceReceipt,
                latencies == null ? null : latencies.sinceDue(),
                usage.cpuNanos() / 1e3 / received,
                usage.allocatedBytes() / received,
                usage.gcPauseMillisMax(),
                usage.gcPauseMillisTotal(),
                usage.retainedTimestamps(),
                usage.residentBytes(),
                Double.isNaN(usage.stealPercent()) ? null : usage.stealPercent(),
                measured.blast(),
                new Warmup(warmup.counts(), warmup.blast()),
                total,
                end.details(),
                samples,
                busiest,
                settings.applied(),
                environment);
    }

    /** Where a datagram that was sent, in either phase, is not accounted for. */
    private static List<String> imbalances(LoadSettings settings, LoadPhase.Counts total, LoadCounts end) {
        List<String> broken = new ArrayList<>(end.imbalances());
        long missing = total.sent() - end.arrived();
        long uncounted = end.kernelDropped() * (settings.datagramsPerDrop() - 1);
        if (missing < 0 || missing > uncounted) {
            broken.add("sent = " + total.sent() + ", but received + kernelDropped = " + end.arrived()
                    + (end.isKernelDroppedKnown() ? "" : ", and nobody knows what the kernel dropped"));
        }
        if (end.pending() != 0) {
            broken.add(end.pending() + " were taken and never handled");
        }
        return broken;
    }

    /** What makes the figures other than they seem. */
    private static List<String> warnings(
            LoadSettings settings, LoadPhase measured, long blasterCeiling, double stealPercent) {
        List<String> warnings = new ArrayList<>();
        if (settings.rate() == 0 && measured.counts().lost() == 0) {
            warnings.add("nothing was lost at full speed: the blaster is the limit, not the engine");
        } else if (settings.rate() == 0 && measured.handledPerSecond() > BLASTER_IS_NEAR * blasterCeiling) {
            warnings.add("the blaster alone can send not much more than was handled: it may be the limit");
        }
        if (measured.blast().isStopped()) {
            warnings.add("stopped before its time was over");
        }
        if (measured.blast().skipped() > 0) {
            warnings.add(Console.format(
                    "the blaster did not hold %,d/s: this machine has too little time for it; each skipped one counts as"
                            + " 100 ms late",
                    settings.rate()));
        }
        Long truncated = measured.after().details().get("truncated");
        if (truncated != null && truncated > 0) {
            warnings.add("timestamps went early (truncated), so the windows were not whole");
        }
        if (settings.warmup().compareTo(COMPILED) < 0) {
            warnings.add("the warm-up was shorter than 9 s: the compiler's work is in the figures");
        }
        if (stealPercent > MUCH_STOLEN_PERCENT) {
            warnings.add("others on the host had a part of the processors' time: measure again");
        }
        return warnings;
    }
}
