package io.trafilo.bench.report;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tables of a page. All are as wide as they must be and scroll on their own where the page is narrower. */
final class PageTables {
    private static final String BEGIN = "<div class=\"wide\" tabindex=\"0\"><table>\n";
    private static final String BEGIN_OF_WORDS = "<div class=\"wide\" tabindex=\"0\"><table class=\"words\">\n";
    private static final String END = "</tbody></table></div>\n";

    private final List<ReportRun> runs;

    PageTables(List<ReportRun> runs) {
        this.runs = runs;
    }

    void appendFigures(Html out) {
        out.element("h2", runs.size() == 1 ? "Figures" : "Runs");
        out.raw(BEGIN).raw("<thead><tr>").columnHeading("Label", "");
        out.columnHeading("Round", "");
        out.columnHeading("Handled", "datagrams/s");
        out.columnHeading("Lost", "datagrams");
        out.columnHeading("CPU per datagram", "µs");
        out.columnHeading("p50", "µs");
        out.columnHeading("p99", "µs");
        out.columnHeading("p99.9", "µs");
        out.raw("</tr></thead>\n<tbody>\n");
        for (ReportRun run : runs) {
            out.raw("<tr>").rowHeading(run.label());
            out.cell(Integer.toString(run.round()));
            out.cell(Figures.whole(run.handledPerSecond()));
            out.cell(Figures.whole(run.lost()));
            out.cell(Figures.number(run.cpuMicrosPerDatagram()));
            out.cell(Figures.number(run.latencyMicros(50)));
            out.cell(Figures.number(run.latencyMicros(99)));
            out.cell(Figures.number(run.latencyMicros(99.9)));
            out.raw("</tr>\n");
        }
        out.raw(END);
        out.raw("<p class=\"below\">")
                .text("Latencies are those from receipt to handler.")
                .raw("</p>\n");
    }

    /** The ratios of the first label to the second. */
    void appendRatios(Html out, Map<String, String> ratios) {
        if (ratios.isEmpty()) {
            return;
        }
        List<LabelRuns> labels = LabelRuns.of(runs);
        out.element(
                "h2",
                labels.get(0).name() + " / " + labels.get(labels.size() - 1).name());
        out.raw(BEGIN).raw("<thead><tr>").columnHeading("Figure", "");
        out.columnHeading("Ratio, round by round", "median (least to most)").raw("</tr></thead>\n<tbody>\n");
        ratios.forEach(
                (name, ratio) -> out.raw("<tr>").rowHeading(name).cell(ratio).raw("</tr>\n"));
        out.raw(END);
    }

    /** What is true of all runs first, once, then what differs. */
    void appendFacts(Html out) {
        Set<String> names = new LinkedHashSet<>();
        runs.forEach(run -> names.addAll(run.facts().keySet()));
        List<String> common = names.stream().filter(this::isCommon).toList();
        names.removeAll(common);
        if (!names.isEmpty()) {
            out.element("h2", "Facts of each run");
            out.raw(BEGIN_OF_WORDS).raw("<thead><tr>").columnHeading("Fact", "");
            runs.forEach(run -> out.columnHeading(run.label(), "round " + run.round()));
            out.raw("</tr></thead>\n<tbody>\n");
            for (String name : names) {
                out.raw("<tr>").rowHeading(name);
                runs.forEach(run -> out.cell(fact(run, name)));
                out.raw("</tr>\n");
            }
            out.raw(END);
        }
        if (!common.isEmpty()) {
            out.element("h2", runs.size() == 1 ? "Facts" : "Facts of all runs");
            out.raw(BEGIN_OF_WORDS).raw("<tbody>\n");
            for (String name : common) {
                out.raw("<tr>").rowHeading(name).cell(fact(runs.get(0), name)).raw("</tr>\n");
            }
            out.raw(END);
        }
    }

    private boolean isCommon(String name) {
        return runs.stream().map(run -> fact(run, name)).distinct().count() == 1;
    }

    private static String fact(ReportRun run, String name) {
        return run.facts().getOrDefault(name, Figures.UNKNOWN);
    }
}
