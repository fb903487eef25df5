package io.trafilo.bench.report;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Bars side by side: what the labels reach, as medians over their rounds. Each measure has an axis of its own, from zero. */
final class ComparisonPlot {
    private static final List<Measure> MEASURES = List.of(
            new Measure("Handled", "datagrams / s", "more is better", ReportRun::handledPerSecond),
            new Measure("CPU per datagram", "µs", "less is better", ReportRun::cpuMicrosPerDatagram),
            new Measure("Latency at 99.9 %", "µs from receipt", "less is better", run -> run.latencyMicros(99.9)));

    private final List<LabelRuns> labels;

    /**
     * What is compared.
     *
     * @param name the heading of its bars
     * @param unit of the values
     * @param better which way is better
     * @param value of one run
     */
    record Measure(String name, String unit, String better, ToDoubleFunction<ReportRun> value) {}

    ComparisonPlot(List<LabelRuns> labels) {
        this.labels = labels;
    }

    Plot plot() {
        Canvas canvas = new Canvas(Bars.height(labels.size()));
        int width = Canvas.WIDTH / MEASURES.size();
        for (int i = 0; i < MEASURES.size(); i++) {
            new Bars(MEASURES.get(i), labels).draw(canvas.graphics(), i * width, width);
        }
        boolean rounds = labels.stream().anyMatch(label -> label.rounds().size() > 1);
        return new Plot(
                "comparison.png",
                "Comparison",
                "Bar plots. " + MEASURES.stream().map(this::words).collect(Collectors.joining(" ")),
                "Each plot has an axis of its own, from zero."
                        + (rounds ? " The bars are medians over the rounds, the dots single rounds." : ""),
                canvas);
    }

    private String words(Measure measure) {
        return measure.name + ", " + measure.unit + ": "
                + labels.stream()
                        .map(label -> label.name() + " " + Bars.text(label.median(measure.value)))
                        .collect(Collectors.joining(", "))
                + ".";
    }
}
