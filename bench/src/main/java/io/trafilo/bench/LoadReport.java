package io.trafilo.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What came out of a load test. */
record LoadReport(
        LoadSettings settings,
        Environment environment,
        LoadPhase warmup,
        LoadPhase measured,
        @Nullable Latencies latency,
        Usage usage,
        long retainedTimestamps,
        List<LoadSample> samples,
        List<BusyKey> busiest) {

    /** A part of what the blaster can send. */
    private static final double BLASTER_IS_NEAR = 0.8;

    private static final double MUCH_STOLEN_PERCENT = 5;

    /** The warm-up after which the compiler is done but for a rest. */
    private static final Duration COMPILED = Duration.ofSeconds(9);

    /** What the test ran on. */
    record Environment(
            String listenerTransport,
            int receiveBufferBytes,
            String blasterTransport,
            long blasterCeiling,
            String jdk,
            int cpus,
            String processor) {
        static Environment of(LoadTarget target, BlasterProcess blaster) {
            return new Environment(
                    target.transport(),
                    target.receiveBufferBytes(),
                    blaster.transport(),
                    blaster.ceiling(),
                    System.getProperty("java.vm.name") + " " + Runtime.version(),
                    Runtime.getRuntime().availableProcessors(),
                    processorName());
        }

        private static String processorName() {
            String model = Proc.firstLine("/proc/cpuinfo", "model name");
            return model.isEmpty()
                    ? System.getProperty("os.arch")
                    : model.substring(model.indexOf(':') + 1).strip();
        }

        String text() {
            return "listener " + listenerTransport + ", receive buffer " + receiveBufferBytes + " bytes; blaster "
                    + blasterTransport + String.format(Locale.ROOT, ", can send %,d/s alone; ", blasterCeiling) + jdk
                    + ", " + cpus + " processors, " + processor;
        }

        Map<String, Object> asMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("listenerTransport", listenerTransport);
            map.put("receiveBufferBytes", receiveBufferBytes);
            map.put("blasterTransport", blasterTransport);
            map.put("blasterCeiling", blasterCeiling);
            map.put("jdk", jdk);
            map.put("cpus", cpus);
            map.put("processor", processor);
            map.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
            return map;
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

    private LoadCounts end() {
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
        List<String> broken = new ArrayList<>(end().imbalances());
        long missing = totalSent() - end().arrived();
        long uncounted = end().kernelDropped() * (datagramsPerDrop() - 1);
        if (missing < 0 || missing > uncounted) {
            broken.add("sent = " + totalSent() + ", but received + kernelDropped = " + end().arrived());
        }
        if (end().pending() != 0) {
            broken.add(end().pending() + " were taken and never handled");
        }
        if (latency != null && latency.sinceReceipt().count() != measured.handled()) {
            broken.add("handled = " + measured.handled() + ", but the handler measured "
                    + latency.sinceReceipt().count());
        }
        return broken;
    }

    /** What makes the figures other than they seem. */
    private List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        long ceiling = environment.blasterCeiling();
        if (settings.rate() == 0 && measured.lost() == 0) {
            warnings.add("nothing was lost at full speed: the blaster is the limit, not the engine");
        } else if (settings.rate() == 0 && measured.handledPerSecond() > BLASTER_IS_NEAR * ceiling) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "the blaster alone can send %,d/s, not much more than was handled: it may be the limit",
                    ceiling));
        }
        if (end().details().getOrDefault("truncated", 0L) > 0) {
            warnings.add(end().details().get("truncated") + " timestamps went early, so the windows were not whole");
        }
        if (settings.warmup().compareTo(COMPILED) < 0) {
            warnings.add("the warm-up was shorter than 9 s: the compiler's work is in the figures");
        }
        if (usage.stealPercent() > MUCH_STOLEN_PERCENT) {
            warnings.add("others on the host had a part of the processors' time: measure again");
        }
        return warnings;
    }

    /** With UDP_GRO the kernel drops a packet of the sender's whole; loopback puts no packets together. */
    private long datagramsPerDrop() {
        return settings.listener().gro && settings.engine() != LoadEngine.PLAIN ? settings.traffic().segments : 1;
    }

    private double cpuMicrosPerDatagram() {
        return perDatagram(usage.cpuNanos() / 1e3);
    }

    private double allocatedBytesPerDatagram() {
        return perDatagram((double) usage.allocatedBytes());
    }

    private double perDatagram(double amount) {
        return measured.received() == 0 ? 0 : amount / measured.received();
    }

    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(
                "note",
                "warmup: the phase before; total, ledger, conserved, imbalances: both together; all else: the measured"
                        + " phase; latencyMicros: receipt to handler; sendLatencyMicros: when due to handler, a skipped one as"
                        + " 100 ms late");
        map.put("engine", settings.engine().label());
        map.putAll(measured.asMap());
        map.put("conserved", conserved());
        map.put("imbalances", imbalances());
        map.put("warnings", warnings());
        map.put("handledPerSecond", measured.handledPerSecond());
        if (latency != null) {
            map.put("latencyMicros", latency.sinceReceipt().asMap());
            map.put("sendLatencyMicros", latency.sinceDue().asMap());
        }
        map.put("cpuMicrosPerDatagram", cpuMicrosPerDatagram());
        map.put("allocatedBytesPerDatagram", allocatedBytesPerDatagram());
        map.put("gcPauseMillisMax", usage.gcPauseMillisMax());
        map.put("gcPauseMillisTotal", usage.gcPauseMillisTotal());
        map.put("retainedTimestamps", retainedTimestamps);
        map.put("residentBytes", usage.residentBytes());
        if (!Double.isNaN(usage.stealPercent())) {
            map.put("stealPercent", usage.stealPercent());
        }
        map.put("blaster", measured.blast().asMap());
        Map<String, Object> before = warmup.asMap();
        before.put("blaster", warmup.blast().asMap());
        map.put("warmup", before);
        Map<String, Object> total = new LinkedHashMap<>();
        total.put("sent", totalSent());
        total.put("received", end().received());
        total.put("kernelDropped", end().kernelDropped());
        total.put("handled", end().handled());
        total.put("lost", warmup.lost() + measured.lost());
        total.put("lostByLayer", end().lostByLayer());
        map.put("total", total);
        map.put("ledger", end().details());
        map.put("samples", samples.stream().map(LoadSample::asMap).toList());
        map.put("busiestKeys", busiest.stream().map(BusyKey::asMap).toList());
        map.put("settings", settings.asMap());
        map.putAll(environment.asMap());
        return map;
    }

    String text() {
        StringBuilder out = new StringBuilder();
        line(out, "%n%-16s %15s %15s %15s", "", "warm-up", "measured", "both");
        row(out, "sent", warmup.blast().sent(), measured.blast().sent(), totalSent());
        row(out, "received", warmup.received(), measured.received(), end().received());
        row(out, "lost", warmup.lost(), measured.lost(), warmup.lost() + measured.lost());
        end().lostByLayer()
                .forEach((layer, lost) -> row(out, "  " + layer, warmup.lost(layer), measured.lost(layer), lost));
        row(out, "handled", warmup.handled(), measured.handled(), end().handled());
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
                    "                 it did not hold %,d/s: this machine has too little time for it; each skipped one counts"
                            + " as 100 ms late",
                    settings.rate());
        }
        line(out, "handled          %,.0f/s", measured.handledPerSecond());
        if (latency != null) {
            line(
                    out,
                    "latency          %s (receipt to handler)",
                    latency.sinceReceipt().text());
            line(
                    out,
                    "                 %s (%s to handler)",
                    latency.sinceDue().text(),
                    settings.rate() == 0 ? "sent" : "when it was to be sent");
        }
        line(
                out,
                "per datagram     %,.2f us of processor time, %,.0f bytes allocated",
                cpuMicrosPerDatagram(),
                allocatedBytesPerDatagram());
        line(
                out,
                "collector        longest pause %,.1f ms, all %,.1f ms",
                usage.gcPauseMillisMax(),
                usage.gcPauseMillisTotal());
        line(
                out,
                "memory           %,d timestamps retained, %,d MiB resident",
                retainedTimestamps,
                usage.residentBytes() >> 20);
        if (!Double.isNaN(usage.stealPercent())) {
            line(out, "stolen           %.1f %% of the processors' time, by others on the host", usage.stealPercent());
        }
        if (!busiest.isEmpty()) {
            appendBusiest(out);
        }
        line(out, "%nall counters, both phases");
        end().details().forEach((name, value) -> line(out, "  %-20s %,15d", name, value));
        line(out, "%nconserved: %s", conserved());
        imbalances().forEach(imbalance -> line(out, "  %s", imbalance));
        if (datagramsPerDrop() > 1) {
            line(out, "  with --gro one drop in the kernel stands for 1 to %d datagrams", datagramsPerDrop());
        }
        warnings().forEach(warning -> line(out, "  %s", warning));
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
