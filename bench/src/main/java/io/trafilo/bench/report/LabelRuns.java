package io.trafilo.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The rounds of one label.
 *
 * @param name the label as the plots write it: short, on one line, and no other label's
 * @param rounds at least one
 */
record LabelRuns(String name, List<ReportRun> rounds) {
    private static final int MAX_NAME = 28;

    /** The runs by label, in the order in which the labels first appear. */
    static List<LabelRuns> of(List<ReportRun> runs) {
        Map<String, List<ReportRun>> byLabel = new LinkedHashMap<>();
        for (ReportRun run : runs) {
            byLabel.computeIfAbsent(run.label(), label -> new ArrayList<>()).add(run);
        }
        List<String> names = new ArrayList<>();
        List<LabelRuns> all = new ArrayList<>();
        byLabel.forEach((label, rounds) -> {
            String name = uniqueName(label, names);
            names.add(name);
            all.add(new LabelRuns(name, List.copyOf(rounds)));
        });
        return all;
    }

    private static String uniqueName(String label, List<String> taken) {
        String line = label.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        if (line.isEmpty()) {
            line = "?";
        }
        String shortened = line.length() <= MAX_NAME ? line : line.substring(0, MAX_NAME - 1) + "…";
        String name = shortened;
        for (int i = 2; taken.contains(name); i++) {
            name = shortened + " (" + i + ")";
        }
        return name;
    }

    /** The round that stands for all: the median by handled per second, the lower of the middle two; the first if none is known. */
    ReportRun shown() {
        List<ReportRun> known = rounds.stream()
                .filter(run -> Double.isFinite(run.handledPerSecond()))
                .sorted(Comparator.comparingDouble(ReportRun::handledPerSecond))
                .toList();
        return known.isEmpty() ? rounds.get(0) : known.get((known.size() - 1) / 2);
    }

    /** The median over the rounds in which the value is known; NaN if there is none. */
    double median(ToDoubleFunction<ReportRun> value) {
        double[] known = rounds.stream()
                .mapToDouble(value)
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        if (known.length == 0) {
            return Double.NaN;
        }
        int middle = known.length / 2;
        return known.length % 2 == 1 ? known[middle] : (known[middle - 1] + known[middle]) / 2;
    }
}
