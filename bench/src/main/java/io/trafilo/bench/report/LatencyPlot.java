package io.trafilo.bench.report;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.knowm.xchart.XYChart;

/**
 * The latency by percentile, on the scale of HdrHistogram: each step to the right is a tenth of the datagrams before it, x =
 * log10(1 / (1 - p)). The maximum, at infinity on this scale, is told in words.
 */
final class LatencyPlot {
    private static final int HEIGHT = 460;
    private static final int HEIGHT_OF_NOTHING = 90;
    private static final int AXIS_WIDTH = 100;
    private static final double ONE_NANO_IN_MICROS = 0.001;

    static final Kind FROM_RECEIPT = new Kind(
            "latency.png",
            "Latency from receipt to handler",
            "What the engine adds, once it has read a datagram.",
            ReportRun::latency);
    static final Kind FROM_DUE = new Kind(
            "latency-from-due.png",
            "Latency from when due to handler",
            "From when each datagram was to be sent: the wait in the kernel is in it, and the time by which the sender was late."
                    + " At full speed nothing is ever due, and it is from the sending.",
            ReportRun::sendLatency);

    private final Kind kind;
    private final List<LabelRuns> labels;
    private final List<Curve> curves = new ArrayList<>();

    /**
     * Which of the latencies.
     *
     * @param fileName of the plot
     * @param heading what it is
     * @param meaning what it says
     * @param distribution of one run
     */
    record Kind(String fileName, String heading, String meaning, Function<ReportRun, List<Percentile>> distribution) {}

    LatencyPlot(Kind kind, List<LabelRuns> labels) {
        this.kind = kind;
        this.labels = labels;
        for (LabelRuns label : labels) {
            curves.add(curve(distribution(label)));
        }
    }

    private List<Percentile> distribution(LabelRuns label) {
        return kind.distribution.apply(label.shown());
    }

    private static Curve curve(List<Percentile> distribution) {
        List<Percentile> points = distribution.stream()
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

    boolean isKnown() {
        return curves.stream().anyMatch(Curve::isKnown);
    }

    Plot plot() {
        Canvas canvas = new Canvas(isKnown() ? HEIGHT : HEIGHT_OF_NOTHING);
        if (isKnown()) {
            canvas.paint(chart(), 0, 0, Canvas.WIDTH, HEIGHT);
        } else {
            canvas.say("No latency was measured.");
        }
        return new Plot(
                kind.fileName,
                kind.heading,
                isKnown()
                        ? "Line plot of the latency by percentile, both axes logarithmic: "
                                + labels.stream().map(this::words).collect(Collectors.joining("; ")) + "."
                        : "No latency was measured.",
                isKnown() ? caption() : "",
                canvas);
    }

    private String caption() {
        return kind.meaning
                + " Both axes are logarithmic: each step to the right is the slowest tenth of what lies right"
                + " of the step before." + maxima();
    }

    private XYChart chart() {
        XYChart chart = new XYChart(Canvas.WIDTH, HEIGHT);
        PlotStyle.apply(chart.getStyler());
        chart.setTitle(kind.heading);
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
        // a little below, so that the lowest power of ten has its label
        chart.getStyler().setYAxisMin(0.95 * bottom);
        chart.getStyler().setYAxisMax(top);
        chart.getStyler().setYAxisLeftWidthHint(AXIS_WIDTH);
        double end = end(lastNines());
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

    /** Where the axis ends: a little behind the last point, and with room for half the label of the last whole number. */
    private static double end(double lastNines) {
        double end = Math.max(1, 1.02 * lastNines);
        double room = end / 30;
        return Math.max(end, Math.floor(end) + room);
    }

    private double lastNines() {
        return labels.stream()
                .flatMap(label -> distribution(label).stream())
                .filter(point -> point.isKnown() && point.percentile() < 100)
                .mapToDouble(point -> nines(point.percentile()))
                .max()
                .orElse(1);
    }

    private String words(LabelRuns label) {
        return label.name() + " " + micros(label, 50) + " µs at 50 %, " + micros(label, 99) + " µs at 99 %, "
                + micros(label, 99.9) + " µs at 99.9 %";
    }

    private String micros(LabelRuns label, double percentile) {
        return Figures.number(Percentile.micros(distribution(label), percentile));
    }

    private String maxima() {
        String known = labels.stream()
                .filter(label -> Double.isFinite(Percentile.micros(distribution(label), 100)))
                .map(label -> label.name() + " " + micros(label, 100) + " µs")
                .collect(Collectors.joining(", "));
        return known.isEmpty() ? "" : " Beyond the right edge lies the maximum: " + known + ".";
    }
}
