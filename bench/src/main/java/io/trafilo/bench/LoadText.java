package io.trafilo.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A load run in words, for the console and for the page. */
final class LoadText {
    private final LoadRun run;
    private final LoadReport report;
    private final Map<String, String> facts = new LinkedHashMap<>();

    private LoadText(LoadRun run) {
        this.run = run;
        this.report = run.report();
    }

    /** Everything a run tells, by name, in the order in which to tell it. */
    static Map<String, String> facts(LoadRun run) {
        LoadText text = new LoadText(run);
        text.addCounts();
        text.addFigures();
        text.addSettings();
        return text.facts;
    }

    private void addCounts() {
        add("Search", LoadRamp.text(run));
        add("Sums", report.conserved() ? "all close" : String.join("; ", report.imbalances()));
        add("Sent", "%,d", report.measured().sent());
        add("Received", "%,d", report.measured().received());
        add("Handled", "%,d", report.measured().handled());
        if (Boolean.TRUE.equals(report.settings().gro())) {
            int most = report.settings().traffic().gso();
            add("Kernel's drops, with GRO", "each of a packet with 1 to %,d datagrams", most);
        }
        report.measured().lostByLayer().forEach((layer, lost) -> add("Lost in the " + layer, "%,d", lost));
        add("Lost while warming up", "%,d", report.warmup().counts().lost());
    }

    /** The figures that are compared, and others of their kind. */
    private void addFigures() {
        for (LoadFigure figure : LoadFigure.values()) {
            add(figure.words().name(), figure.text(run));
        }
        addMaximum("Latency from receipt, max", report.latencyMicros());
        addMaximum("Latency from when due, max", report.sendLatencyMicros());
        BlastResult blaster = report.blaster();
        add("Blaster: sent", "%,.0f/s for %.3f s", blaster.achievedRate(), blaster.seconds());
        add("Blaster: not sent in time", "%,d", blaster.skipped());
        add(
                "Blaster: refused by the kernel",
                "%,d%s",
                blaster.failed(),
                blaster.failed() == 0 ? "" : " " + blaster.sendErrors());
        add("All pauses for garbage", "%,.1f ms", report.gcPauseMillisTotal());
        if (report.stealPercent() != null) {
            add("Stolen by others on the host", "%,.1f %%", report.stealPercent());
        }
    }

    private void addMaximum(String name, @Nullable Latency latency) {
        if (latency != null) {
            add(name, "%,.0f µs", latency.max());
        }
    }

    private void addSettings() {
        LoadSettings.Applied settings = report.settings();
        TrafficOptions.Traffic traffic = settings.traffic();
        add("Rate", settings.rate() == 0 ? "as fast as it can" : format("%,d/s", settings.rate()));
        add("Time", words(settings.duration()) + ", after " + words(settings.warmup()) + " to warm up");
        boolean zipf = traffic.distribution() == TrafficOptions.Distribution.ZIPF;
        add(
                "Keys",
                "%,d, %s%s, seed %d",
                traffic.keys(),
                words(traffic.distribution()),
                zipf ? " with exponent " + traffic.zipfExponent() : "",
                traffic.seed());
        add("Datagram", "%,d bytes, segments in a packet (GSO): %d", traffic.size(), traffic.gso());
        List<String> engine = new ArrayList<>();
        addKnown(engine, "window", settings.window());
        addKnown(engine, "slide", settings.slide());
        addKnown(engine, "workers", settings.workers());
        addKnown(engine, "shards", settings.shards());
        addKnown(engine, "ring", settings.ring());
        addKnown(engine, "policy", settings.policy());
        add("Engine options", String.join(", ", engine));
        List<String> listener = new ArrayList<>();
        addKnown(listener, "threads", settings.threads());
        addKnown(listener, "gro", settings.gro());
        addKnown(listener, "listener warmup", settings.listenerWarmup());
        addKnown(listener, "run to completion", settings.runToCompletion());
        add("Listener options", String.join(", ", listener));
        LoadReport.Environment environment = report.environment();
        add(
                "Socket",
                "read by %s, receive buffer %,d bytes",
                environment.listenerTransport(),
                environment.receiveBufferBytes());
        add("Machine", machine(report));
        add("JDK", environment.jdk());
    }

    private static void addKnown(List<String> known, String name, @Nullable Object value) {
        if (value != null) {
            known.add(name + " " + words(value));
        }
    }

    private static String words(Object value) {
        if (value instanceof Boolean on) {
            return on ? "on" : "off";
        }
        return value instanceof Duration duration
                ? DurationConverter.text(duration)
                : value.toString().toLowerCase(Locale.ROOT);
    }

    static String machine(LoadReport report) {
        LoadReport.Environment environment = report.environment();
        return environment.cpus() + " processors, " + environment.processor() + ", " + environment.os();
    }

    private void add(String name, String format, Object... values) {
        add(name, format(format, values));
    }

    private void add(String name, String value) {
        if (!value.isEmpty()) {
            facts.put(name, value);
        }
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** For the console. */
    static String console(LoadRun run) {
        LoadReport report = run.report();
        LoadPhase.Counts warmup = report.warmup().counts();
        LoadPhase.Counts measured = report.measured();
        LoadPhase.Counts total = report.total();
        StringBuilder out = new StringBuilder();
        line(out, "%n%-16s %15s %15s %15s", "", "warm-up", "measured", "both");
        row(out, "sent", warmup.sent(), measured.sent(), total.sent());
        row(out, "received", warmup.received(), measured.received(), total.received());
        row(out, "lost", warmup.lost(), measured.lost(), total.lost());
        total.lostByLayer()
                .forEach((layer, lost) -> row(out, "  " + layer, warmup.lost(layer), measured.lost(layer), lost));
        row(out, "handled", warmup.handled(), measured.handled(), total.handled());
        line(out, "%nmeasured");
        LoadText figures = new LoadText(run);
        figures.addFigures();
        figures.facts.forEach((name, value) -> line(out, "  %-32s %s", name, value));
        if (report.blaster().skipped() > 0) {
            line(
                    out,
                    "  the blaster did not hold %,d/s: this machine has too little time for it; each skipped one counts as"
                            + " 100 ms late",
                    report.settings().rate());
        }
        if (!report.busiestKeys().isEmpty()) {
            line(out, "%nbusiest keys%n  %-20s %12s %26s", "key", "events", "in its last window");
        }
        for (BusyKey key : report.busiestKeys()) {
            line(out, "  %-20s %,12d %,26d", Console.printable(key.key()), key.events(), key.windowCount());
        }
        line(out, "%nall counters, both phases%n%s", counters(report.ledger()));
        line(out, "conserved: %s", report.conserved());
        report.imbalances().forEach(imbalance -> line(out, "  %s", imbalance));
        if (Boolean.TRUE.equals(report.settings().gro())
                && report.settings().traffic().gso() > 1) {
            int most = report.settings().traffic().gso();
            line(out, "  with --gro one drop in the kernel stands for 1 to %d datagrams", most);
        }
        report.warnings().forEach(warning -> line(out, "  %s", warning));
        return out.toString();
    }

    /** Counters, one a line. */
    static String counters(Map<String, Long> counters) {
        StringBuilder out = new StringBuilder();
        counters.forEach((name, value) -> line(out, "  %-20s %,15d", name, value));
        return out.toString();
    }

    private static void row(StringBuilder out, String name, long first, long second, long third) {
        line(out, "%-16s %,15d %,15d %,15d", name, first, second, third);
    }

    private static void line(StringBuilder out, String format, Object... values) {
        out.append(format(format, values)).append(System.lineSeparator());
    }
}
