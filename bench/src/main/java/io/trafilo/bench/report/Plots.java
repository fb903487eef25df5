package io.trafilo.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Which plots there are of the runs. */
final class Plots {
    /** Every name a plot may have. */
    static final List<String> FILE_NAMES = List.of(
            "comparison.png",
            "throughput.png",
            LatencyPlot.FROM_RECEIPT.fileName(),
            LatencyPlot.FROM_DUE.fileName(),
            "ring.png");

    private Plots() {}

    static List<Plot> of(List<ReportRun> runs) {
        List<LabelRuns> labels = LabelRuns.of(runs);
        List<Plot> plots = new ArrayList<>();
        if (labels.size() > 1) {
            plots.add(new ComparisonPlot(labels).plot());
        }
        TimePlots overTime = new TimePlots(labels);
        String rounds = shownRounds(labels);
        plots.add(overTime.throughput().withNote(rounds));
        LatencyPlot fromReceipt = new LatencyPlot(LatencyPlot.FROM_RECEIPT, labels);
        plots.add(fromReceipt.plot().withNote(fromReceipt.isKnown() ? rounds : ""));
        LatencyPlot fromDue = new LatencyPlot(LatencyPlot.FROM_DUE, labels);
        if (fromDue.isKnown()) {
            plots.add(fromDue.plot().withNote(rounds));
        }
        if (overTime.hasRing()) {
            plots.add(overTime.ring().withNote(rounds));
        }
        return plots;
    }

    private static String shownRounds(List<LabelRuns> labels) {
        if (labels.stream().allMatch(label -> label.rounds().size() == 1)) {
            return "";
        }
        return " Shown is the median round by handled per second: "
                + labels.stream()
                        .map(label -> label.name() + " round " + label.shown().round() + " of "
                                + label.rounds().size())
                        .collect(Collectors.joining(", "))
                + ".";
    }
}
