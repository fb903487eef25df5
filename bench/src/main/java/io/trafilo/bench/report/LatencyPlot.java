package io.trafilo.bench.report;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.knowm.xchart.XYChart;

/**
 * The latency by percentile, on the scale of HdrHistogram: each step to the right is a tenth of the datagrams before it, x =
 * log10(1 / (1 - p)). The maximum, at infinity on this scale, is told in words.
 */
final class LatencyPlot {
    private static final int HEIGHT = 460;
    private static final int AXIS_WIDTH = 84;
    private static final double ONE_NANO_IN_MICROS = 0.001;

    private final List<LabelRuns> labels;
    private final List<Curve> curves = new ArrayList<>();

    LatencyPlot(List<LabelRuns> labels) {
        this.labels = labels;
        for (LabelRuns label : labels) {
            curves.add(curve(label.shown()));
        }
    }

    private static Curve curve(ReportRun run) {
        List<Percentile> points = run.latency().stream()
                .filter(Percentile::isKnown)
                .filter(point -> point.percentile() < 100)
                .sorted(Comparator.comparingDouble(Percentile::percentile))
                .toList();
        return new Curve(
                points.stream().mapToDouble(point -> nines(point.percentile())).toArray(),
                // the axis has no zero: what was faster than the clock can tell is drawn at the least it can
                points.stream()
                        .mapToDouble(point -> Math.max(point.micros(), ONE_NANO_IN_MICROS))
                        .toArray());
    }

    /** 0 for 0 %, 1 for 90 %, 2 for 99 % and so on. */
    static double nines(double percentile) {
        return -Math.log10(1 - percentile / 100);
    }

    /** The percentile of a whole number of nines: 3 gives 99.9 %. */
    static String percent(double nines) {
        BigDecimal beyond = BigDecimal.ONE.movePointRight(2 - (int) Math.round(nines));
        return new BigDecimal(100).subtract(beyond).stripTrailingZeros().toPlainString() + " %";
    }

    Plot plot() {
        Canvas canvas = new Canvas(HEIGHT);
        boolean known = curves.stream().anyMatch(Curve::isKnown);
        if (known) {
            canvas.paint(chart(), 0, 0, Canvas.WIDTH, HEIGHT);
        } else {
            canvas.say("No latency was measured.");
        }
        return new Plot(
                "latency.png",
                "Latency by percentile",
                known
                        ? "Line plot of the latency by percentile, both axes logarithmic: "
                                + labels.stream().map(LatencyPlot::words).collect(Collectors.joining("; ")) + "."
                        : "No latency was measured.",
                "Both axes are logarithmic: each step to the right is the slowest tenth of what lies right of the step before."
                        + maxima(),
                canvas);
    }

    private XYChart chart() {
        XYChart chart = new XYChart(Canvas.WIDTH, HEIGHT);
        PlotStyle.apply(chart.getStyler());
        chart.setTitle("Latency by percentile");
        chart.setXAxisTitle("percentile");
        chart.setYAxisTitle("µs, logarithmic");
        double smallest = curves.stream()
                .mapToDouble(Curve::smallest)
                .filter(Double::isFinite)
                .min()
                .orElse(1);
        double largest = curves.stream()
                .mapToDouble(Curve::largest)
                .filter(Double::isFinite)
                .max()
                .orElse(1);
        double bottom = Math.pow(10, Math.floor(Math.log10(smallest)));
        double top = Math.max(Math.pow(10, Math.ceil(Math.log10(largest))), 10 * bottom);
        chart.getStyler().setYAxisLogarithmic(true);
        chart.getStyler().setYAxisMin(bottom);
        chart.getStyler().setYAxisMax(top);
        chart.getStyler().setYAxisLeftWidthHint(AXIS_WIDTH);
        double end = Math.max(1, Math.ceil(lastNines()));
        chart.getStyler().setXAxisMin(0.0);
        chart.getStyler().setXAxisMax(end);
        chart.getStyler().setPlotGridVerticalLinesVisible(true);
        // XChart rounds the step that this asks for: to one
        chart.getStyler().setXAxisTickMarkSpacingHint((int) ((Canvas.WIDTH - AXIS_WIDTH) / end));
        chart.setCustomXAxisTickLabelsFormatter(LatencyPlot::percent);
        chart.getStyler().setLegendVisible(labels.size() > 1);
        for (int i = 0; i < labels.size(); i++) {
            curves.get(i).addTo(chart, labels.get(i).name(), i);
        }
        return chart;
    }

    private double lastNines() {
        return labels.stream()
                .flatMap(label -> label.shown().latency().stream())
                .filter(point -> point.isKnown() && point.percentile() < 100)
                .mapToDouble(point -> nines(point.percentile()))
                .max()
                .orElse(1);
    }

    private static String words(LabelRuns label) {
        ReportRun run = label.shown();
        return label.name() + " " + Figures.number(run.latencyMicros(50)) + " µs at 50 %, "
                + Figures.number(run.latencyMicros(99)) + " µs at 99 %, "
                + Figures.number(run.latencyMicros(99.9)) + " µs at 99.9 %";
    }

    private String maxima() {
        String known = labels.stream()
                .filter(label -> Double.isFinite(label.shown().latencyMicros(100)))
                .map(label -> label.name() + " " + Figures.number(label.shown().latencyMicros(100)) + " µs")
                .collect(Collectors.joining(", "));
        return known.isEmpty() ? "" : " Beyond the right edge lies the maximum: " + known + ".";
    }
}
