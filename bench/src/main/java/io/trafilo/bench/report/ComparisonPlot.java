package io.trafilo.bench.report;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.style.Styler;

/** Bars side by side: what the labels reach, as medians over their rounds. Each measure has an axis of its own, from zero. */
final class ComparisonPlot {
    private static final int HEIGHT = 380;

    private static final List<Measure> MEASURES = List.of(
            new Measure("Handled", "datagrams / s", "more is better", ReportRun::handledPerSecond),
            new Measure("CPU per datagram", "µs", "less is better", ReportRun::cpuMicrosPerDatagram),
            new Measure("Latency, 99.9 %", "µs", "less is better", run -> run.latencyMicros(99.9)));

    private final List<LabelRuns> labels;

    private record Measure(String name, String unit, String better, ToDoubleFunction<ReportRun> value) {}

    ComparisonPlot(List<LabelRuns> labels) {
        this.labels = labels;
    }

    Plot plot() {
        Canvas canvas = new Canvas(HEIGHT);
        int width = Canvas.WIDTH / MEASURES.size();
        for (int i = 0; i < MEASURES.size(); i++) {
            canvas.paint(chart(MEASURES.get(i), width), i * width, 0, width, HEIGHT);
        }
        boolean rounds = labels.stream().anyMatch(label -> label.rounds().size() > 1);
        return new Plot(
                "comparison.png",
                "Comparison",
                "Bar plots. " + MEASURES.stream().map(this::words).collect(Collectors.joining(" ")),
                "Each plot has an axis of its own, from zero."
                        + (rounds ? " The bars are medians over the rounds." : "") + missing(),
                canvas);
    }

    private CategoryChart chart(Measure measure, int width) {
        CategoryChart chart = new CategoryChart(width, HEIGHT);
        PlotStyle.apply(chart.getStyler());
        chart.setTitle(measure.name);
        chart.setYAxisTitle(measure.unit);
        chart.setXAxisTitle(measure.better);
        double[] medians = labels.stream()
                .mapToDouble(label -> label.median(measure.value))
                .toArray();
        double largest = Arrays.stream(medians).filter(Double::isFinite).max().orElse(Double.NaN);
        // room for the number above the highest bar
        double end = Figures.axisEnd(1.1 * largest, Double.MIN_NORMAL);
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setYAxisMax(largest > 0 ? end : 1.0);
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
        chart.getStyler().setOverlapped(true);
        chart.getStyler().setAvailableSpaceFill(0.6);
        List<String> names = labels.stream().map(LabelRuns::name).toList();
        for (int i = 0; i < medians.length; i++) {
            List<Double> bars = new ArrayList<>();
            for (int at = 0; at < medians.length; at++) {
                bars.add(at == i && Double.isFinite(medians[i]) ? medians[i] : null);
            }
            CategorySeries series = chart.addSeries(names.get(i), names, bars);
            series.setFillColor(PlotStyle.colour(i));
            series.setLineColor(new Color(0, true));
        }
        return chart;
    }

    private String words(Measure measure) {
        return measure.name + ", " + measure.unit + ": "
                + labels.stream()
                        .map(label -> label.name() + " " + Figures.number(label.median(measure.value)))
                        .collect(Collectors.joining(", "))
                + ".";
    }

    private String missing() {
        String names = MEASURES.stream()
                .flatMap(measure -> labels.stream()
                        .filter(label -> Double.isNaN(label.median(measure.value)))
                        .map(label -> measure.name + " of " + label.name()))
                .collect(Collectors.joining("; "));
        return names.isEmpty() ? "" : " Not known: " + names + ".";
    }
}
