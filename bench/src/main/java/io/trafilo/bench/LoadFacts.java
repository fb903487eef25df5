package io.trafilo.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the report of a load run tells besides its figures, in words for people. What the report has not is left out. */
final class LoadFacts {
    private final Map<String, Object> report;
    private final Map<String, String> facts = new LinkedHashMap<>();

    private LoadFacts(Map<String, Object> report) {
        this.report = report;
    }

    /** The facts by name, in the order in which to tell them. */
    static Map<String, String> of(Map<String, Object> report) {
        LoadFacts facts = new LoadFacts(report);
        facts.addCounts();
        facts.addResources();
        facts.addSettings();
        facts.addMachine();
        return facts.facts;
    }

    private void addCounts() {
        add("Search", LoadRamp.text(report));
        add("Sums", imbalances(report).isEmpty() ? "all close" : String.join("; ", imbalances(report)));
        add("Sent", whole("%,d", "sent"));
        add("Received", whole("%,d", "received"));
        add("Handled", whole("%,d", "handled"));
        boolean gro = Boolean.TRUE.equals(LoadFigures.value(report, "settings.gro"));
        add(
                "Kernel's drops, with GRO",
                gro ? "each of a packet with " + whole("1 to %,d datagrams", "settings.gso") : "");
        if (report.get("lostByLayer") instanceof Map<?, ?> lost) {
            lost.keySet().forEach(layer -> add("Lost in the " + layer, whole("%,d", "lostByLayer." + layer)));
        }
        add("Lost while warming up", whole("%,d", "warmup.lost"));
        add("Blaster: sent", whole("%,d/s", "blaster.achievedRate"));
        add("Blaster: not sent in time", whole("%,d", "blaster.skipped"));
        add("Blaster: refused by the kernel", whole("%,d", "blaster.failed"));
        add("Blaster: can send alone", whole("%,d/s", "blasterCeiling"));
        add("Latency from receipt, max", decimal("%,.0f µs", "latencyMicros.max"));
        add("Latency from when due, p50", decimal("%,.1f µs", "sendLatencyMicros.p50"));
        add("Latency from when due, p99", decimal("%,.0f µs", "sendLatencyMicros.p99"));
        add("Latency from when due, p99.9", decimal("%,.0f µs", "sendLatencyMicros.p999"));
        add("Latency from when due, max", decimal("%,.0f µs", "sendLatencyMicros.max"));
    }

    private void addResources() {
        add("Allocated per datagram", decimal("%,.0f bytes", "allocatedBytesPerDatagram"));
        add("Longest pause for garbage", decimal("%,.1f ms", "gcPauseMillisMax"));
        add("All pauses for garbage", decimal("%,.1f ms", "gcPauseMillisTotal"));
        add("Retained timestamps", whole("%,d", "retainedTimestamps"));
        double residentBytes = figure("residentBytes");
        add("Resident memory", residentBytes > 0 ? format("%,.0f MiB", residentBytes / (1 << 20)) : "");
        add("Stolen by others on the host", decimal("%,.1f %%", "stealPercent"));
    }

    private void addSettings() {
        if (!(report.get("settings") instanceof Map<?, ?> settings)) {
            return;
        }
        double rate = figure("settings.rate");
        add("Rate", rate == 0 ? "as fast as it can" : whole("%,d/s", "settings.rate"));
        add("Time", settings.get("duration") + ", after " + settings.get("warmup") + " to warm up");
        boolean zipf = "zipf".equals(settings.get("distribution"));
        add(
                "Keys",
                whole("%,d", "settings.keys") + ", " + settings.get("distribution")
                        + (zipf ? " with exponent " + settings.get("zipfExponent") : "") + ", seed "
                        + settings.get("seed"));
        add("Datagram", whole("%,d bytes", "settings.size") + ", segments in a packet (GSO): " + settings.get("gso"));
        add("Engine options", known(settings, "window", "slide", "workers", "shards", "ring", "policy"));
        add("Listener options", known(settings, "threads", "gro", "listenerWarmup", "runToCompletion"));
    }

    /** Those of the settings that the engine has, with their values. */
    private static String known(Map<?, ?> settings, String... names) {
        return Arrays.stream(names)
                .filter(settings::containsKey)
                .map(name -> words(name) + " " + words(settings.get(name)))
                .collect(Collectors.joining(", "));
    }

    /** A setting's name or value as people write it: runToCompletion is run to completion. */
    private static String words(@Nullable Object value) {
        if (value instanceof Boolean on) {
            return on ? "on" : "off";
        }
        return String.valueOf(value).replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    private void addMachine() {
        add(
                "Socket",
                "read by " + report.get("listenerTransport") + ", "
                        + whole("receive buffer %,d bytes", "receiveBufferBytes"));
        add("Machine", machine(report));
        add("JDK", String.valueOf(report.get("jdk")));
    }

    static String machine(Map<String, Object> report) {
        return format("%.0f processors, ", LoadFigures.figure(report, "cpus")) + report.get("processor") + ", "
                + report.get("os");
    }

    /** Those of the run's sums that do not close, in words. */
    static List<String> imbalances(Map<String, Object> report) {
        return texts(report, "imbalances");
    }

    /** What makes the run's figures other than they seem. */
    static List<String> warnings(Map<String, Object> report) {
        return texts(report, "warnings");
    }

    private static List<String> texts(Map<String, Object> report, String name) {
        List<String> texts = new ArrayList<>();
        if (report.get(name) instanceof List<?> list) {
            list.forEach(text -> texts.add(String.valueOf(text)));
        }
        return texts;
    }

    private void add(String name, String value) {
        if (!value.isEmpty()) {
            facts.put(name, value);
        }
    }

    private double figure(String name) {
        return LoadFigures.figure(report, name);
    }

    /** A figure rounded, in a format; empty if the report has none of the name. */
    private String whole(String format, String name) {
        double value = figure(name);
        return Double.isNaN(value) ? "" : format(format, Math.round(value));
    }

    private String decimal(String format, String name) {
        double value = figure(name);
        return Double.isNaN(value) ? "" : format(format, value);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
