package io.trafilo.bench;

import io.trafilo.Key;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A load run in words. */
final class LoadText {
    private final LoadRun run;
    private final LoadReport report;
    private final Map<String, String> figures = new LinkedHashMap<>();

    private LoadText(LoadRun run) {
        this.run = run;
        this.report = run.report();
    }

    /** The figures of a run, by name, in the order in which to tell them; those that it has. */
    static Map<String, String> figures(LoadRun run) {
        LoadText text = new LoadText(run);
        text.addFigures();
        return text.figures;
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
        if (Double.isFinite(report.gcPauseMillisTotal())) {
            add("All pauses for garbage", "%,.1f ms", report.gcPauseMillisTotal());
        }
        if (report.stealPercent() != null) {
            add("Stolen by others on the host", "%,.1f %%", report.stealPercent());
        }
    }

    private void addMaximum(String name, @Nullable Latency latency) {
        if (latency != null) {
            add(name, "%,.0f µs", latency.max());
        }
    }

    private void add(String name, String format, Object... values) {
        add(name, Console.format(format, values));
    }

    private void add(String name, String value) {
        if (!value.isEmpty()) {
            figures.put(name, value);
        }
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
        figures(run).forEach((name, value) -> line(out, "  %-32s %s", name, value));
        if (!report.busiestKeys().isEmpty()) {
            line(out, "%nbusiest keys%n  %-20s %12s %26s", "key", "events", "in its last window");
        }
        for (BusyKey key : report.busiestKeys()) {
            line(out, "  %-20s %,12d %,26d", Key.printable(key.key()), key.events(), key.windowCount());
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
    static String counters(Map<String, @Nullable Long> counters) {
        StringBuilder out = new StringBuilder();
        counters.forEach((name, value) ->
                line(out, "  %-20s %15s", name, value == null ? "unknown" : Console.format("%,d", value)));
        return out.toString();
    }

    private static void row(StringBuilder out, String name, long first, long second, long third) {
        line(out, "%-16s %,15d %,15d %,15d", name, first, second, third);
    }

    private static void line(StringBuilder out, String format, Object... values) {
        out.append(Console.format(format, values)).append(System.lineSeparator());
    }
}
