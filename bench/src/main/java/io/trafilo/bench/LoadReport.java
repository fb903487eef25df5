package io.trafilo.bench;

import io.trafilo.Ledger;
import io.trafilo.netty.UdpListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What came out of a load test. */
record LoadReport(
        LoadSettings settings,
        Environment environment,
        LoadPhase warmup,
        LoadPhase measured,
        Latency latency,
        List<BusyKey> busiest) {

    /** Under UDP_GRO the kernel counts one drop for a buffer of up to so many datagrams. */
    private static final long MAX_DATAGRAMS_PER_DROP = 64;

    /** What the test ran on. */
    record Environment(
            String listenerTransport, int receiveBufferBytes, String blasterTransport, String jdk, int cpus) {
        static Environment of(UdpListener listener, BlasterProcess blaster) {
            return new Environment(
                    listener.transport().name().toLowerCase(Locale.ROOT),
                    listener.receiveBufferBytes(),
                    blaster.transport(),
                    System.getProperty("java.vm.name") + " " + Runtime.version(),
                    Runtime.getRuntime().availableProcessors());
        }

        String text() {
            return "listener " + listenerTransport + ", receive buffer " + receiveBufferBytes + " bytes; blaster "
                    + blasterTransport + "; " + jdk + ", " + cpus + " processors";
        }

        Map<String, Object> asMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("listenerTransport", listenerTransport);
            map.put("receiveBufferBytes", receiveBufferBytes);
            map.put("blasterTransport", blasterTransport);
            map.put("jdk", jdk);
            map.put("cpus", cpus);
            map.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
            return map;
        }
    }

    /** From receipt to the handler, and from the first event handled to the last. */
    record Latency(long count, double p50, double p99, double p999, double max, long spanNanos) {
        static Latency of(LatencyRecorder recorder) {
            Histogram all = recorder.merged();
            return new Latency(
                    all.getTotalCount(),
                    all.getValueAtPercentile(50) / 1e3,
                    all.getValueAtPercentile(99) / 1e3,
                    all.getValueAtPercentile(99.9) / 1e3,
                    all.getMaxValue() / 1e3,
                    recorder.spanNanos());
        }

        Map<String, Object> asMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("p50", p50);
            map.put("p99", p99);
            map.put("p999", p999);
            map.put("max", max);
            map.put("count", count);
            return map;
        }
    }

    private Ledger ledger() {
        return measured.after();
    }

    private long totalSent() {
        return warmup.blast().sent() + measured.blast().sent();
    }

    /** Whether every datagram that was sent, in both phases, is accounted for. */
    boolean conserved() {
        return imbalances().isEmpty();
    }

    private List<String> imbalances() {
        List<String> broken = new ArrayList<>(ledger().imbalances());
        long missing = totalSent() - ledger().received() - ledger().kernelDropped();
        long uncounted = settings.listener().gro ? ledger().kernelDropped() * (MAX_DATAGRAMS_PER_DROP - 1) : 0;
        if (missing < 0 || missing > uncounted) {
            broken.add("sent = " + totalSent() + ", but received + kernelDropped = "
                    + (ledger().received() + ledger().kernelDropped()));
        }
        return broken;
    }

    private double handledPerSecond() {
        return latency.spanNanos() == 0 ? 0 : measured.handled() / (latency.spanNanos() / 1e9);
    }

    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(
                "note",
                "sent, received, kernelDropped, handled, lost, handledPerSecond, latencyMicros, blaster: the measured"
                        + " phase; warmup: the phase before; total, ledger, conserved, imbalances: both together");
        map.putAll(measured.asMap());
        map.put("conserved", conserved());
        map.put("imbalances", imbalances());
        map.put("handledPerSecond", handledPerSecond());
        map.put("latencyMicros", latency.asMap());
        map.put("blaster", measured.blast().asMap());
        Map<String, Object> before = warmup.asMap();
        before.put("blaster", warmup.blast().asMap());
        map.put("warmup", before);
        Map<String, Object> total = new LinkedHashMap<>();
        total.put("sent", totalSent());
        total.put("received", ledger().received());
        total.put("kernelDropped", ledger().kernelDropped());
        total.put("handled", ledger().handled());
        total.put("lost", LoadPhase.lost(ledger()));
        map.put("total", total);
        map.put("ledger", ledger().asMap());
        map.put("busiestKeys", busiest.stream().map(BusyKey::asMap).toList());
        map.put("settings", settings.asMap());
        map.putAll(environment.asMap());
        return map;
    }

    String text() {
        StringBuilder out = new StringBuilder();
        line(out, "%n%-16s %15s %15s %15s", "", "warm-up", "measured", "both");
        row(out, "sent", warmup.blast().sent(), measured.blast().sent(), totalSent());
        row(out, "received", warmup.received(), measured.received(), ledger().received());
        row(out, "lost in kernel", warmup.kernelDropped(), measured.kernelDropped(), ledger().kernelDropped());
        row(out, "lost in all", warmup.lost(), measured.lost(), LoadPhase.lost(ledger()));
        row(out, "handled", warmup.handled(), measured.handled(), ledger().handled());
        BlastResult blast = measured.blast();
        line(
                out,
                "%nblaster          %,.0f/s for %.3f s; %,d skipped, %,d refused by the kernel %s",
                blast.achievedRate(),
                blast.seconds(),
                blast.skipped(),
                blast.failed(),
                blast.sendErrors().isEmpty() ? "" : blast.sendErrors());
        if (blast.skipped() > 0) {
            line(
                    out,
                    "                 it did not hold %,d/s: this machine has too little time for it",
                    settings.rate());
        }
        line(out, "handled          %,.0f/s", handledPerSecond());
        line(
                out,
                "latency          p50 %,.1f us, p99 %,.1f us, p99.9 %,.1f us, max %,.1f us (receipt to handler)",
                latency.p50(),
                latency.p99(),
                latency.p999(),
                latency.max());
        appendBusiest(out);
        line(out, "%nall counters, both phases");
        ledger().asMap().forEach((name, value) -> line(out, "  %-20s %,15d", name, value));
        line(out, "%nconserved: %s", conserved());
        imbalances().forEach(imbalance -> line(out, "  %s", imbalance));
        if (settings.listener().gro) {
            line(out, "  with --gro one drop in the kernel stands for 1 to %d datagrams", MAX_DATAGRAMS_PER_DROP);
        }
        return out.toString();
    }

    private void appendBusiest(StringBuilder out) {
        line(out, "%nbusiest keys%n  %-20s %12s %26s", "key", "events", "in its last window");
        for (BusyKey key : busiest) {
            line(out, "  %-20s %,12d %,26d", Terminal.printable(key.key()), key.events(), key.windowCount());
        }
    }

    private static void row(StringBuilder out, String name, long first, long second, long third) {
        line(out, "%-16s %,15d %,15d %,15d", name, first, second, third);
    }

    private static void line(StringBuilder out, String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
    }
}
