package io.trafilo.bench.report;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.knowm.xchart.XYChart;

/** The plots over time: rates and losses, and how full the ring was. All axes begin at zero. */
final class TimePlots {
    private static final String NO_SAMPLES = "No samples were taken.";
    private static final int AXIS_WIDTH = 100;

    private final List<LabelRuns> labels;
    private final double lastSecond;

    TimePlots(List<LabelRuns> labels) {
        this.labels = labels;
        this.lastSecond = labels.stream()
                .flatMap(label -> label.shown().samples().stream())
                .mapToDouble(Sample::seconds)
                .filter(Double::isFinite)
                .max()
                .orElse(0);
    }

    Plot throughput() {
        int height = 600;
        Canvas canvas = new Canvas(height);
        boolean anyRate = isAnyKnown(Sample::receivedPerSecond) || isAnyKnown(Sample::handledPerSecond);
        boolean anyLoss = isAnyKnown(Sample::lostPerSecond);
        if (anyRate || anyLoss) {
            canvas.paint(rates(), 0, 0, Canvas.WIDTH, 360);
            canvas.paint(losses(anyLoss), 0, 360, Canvas.WIDTH, 240);
        } else {
            canvas.say(NO_SAMPLES);
        }
        String alternative = anyRate || anyLoss
                ? "Two line plots over time. Above, datagrams received and handled per second: "
                        + each("handled up to", "/s", Sample::handledPerSecond)
                        + ". Below, datagrams lost per second: "
                        + each("lost up to", "/s", Sample::lostPerSecond) + "."
                : NO_SAMPLES;
        String caption = "Above, the broad pale line is what was received, the thin line with marks what was handled; "
                + "below, on an axis of its own, what was lost.";
        return new Plot("throughput.png", "Throughput and losses over time", alternative, caption, canvas);
    }

    private XYChart rates() {
        double largest =
                Math.max(orZero(largest(Sample::receivedPerSecond)), orZero(largest(Sample::handledPerSecond)));
        XYChart chart = chart("Received and handled", "datagrams / s", axisEnd(largest));
        for (int i = 0; i < labels.size(); i++) {
            curve(labels.get(i), Sample::receivedPerSecond)
                    .addShadowTo(chart, labels.get(i).name() + " received", i);
        }
        addLines(chart, Sample::handledPerSecond);
        chart.getStyler().setLegendVisible(false);
        return chart;
    }

    private XYChart losses(boolean known) {
        double largest = largest(Sample::lostPerSecond);
        String title = !known ? "Lost: not known" : largest > 0 ? "Lost" : "Lost: nothing";
        XYChart chart = chart(title, "datagrams / s", axisEnd(largest));
        addLines(chart, Sample::lostPerSecond);
        chart.getStyler().setYAxisTickMarkSpacingHint(30);
        return chart;
    }

    boolean hasRing() {
        return isAnyKnown(Sample::ringFill);
    }

    Plot ring() {
        int height = 340;
        Canvas canvas = new Canvas(height);
        ToDoubleFunction<Sample> percent = sample -> 100 * sample.ringFill();
        double largest = largest(percent);
        XYChart chart = chart("Ring fill", "% of the ring", largest > 100 ? largest : Math.min(102, axisEnd(largest)));
        addLines(chart, percent);
        canvas.paint(chart, 0, 0, Canvas.WIDTH, height);
        return new Plot(
                "ring.png",
                "Ring fill over time",
                "Line plot of how full the ring was over time: " + each("filled up to", " %", percent) + ".",
                "How full the ring was at the moment of each sample. The axis ends near the highest fill seen, not at 100 %.",
                canvas);
    }

    private XYChart chart(String title, String unit, double end) {
        XYChart chart = new XYChart(Canvas.WIDTH, 300);
        PlotStyle.apply(chart.getStyler());
        chart.setTitle(title);
        chart.setXAxisTitle("seconds since the measured phase began");
        chart.setYAxisTitle(unit);
        chart.getStyler().setXAxisMin(0.0);
        // a little more than there is, so that no mark is cut
        chart.getStyler().setXAxisMax(lastSecond > 0 ? 1.01 * lastSecond : 1.0);
        chart.getStyler().setYAxisMin(-0.02 * end);
        chart.getStyler().setYAxisMax(end);
        chart.getStyler().setYAxisLeftWidthHint(AXIS_WIDTH);
        chart.getStyler().setLegendVisible(labels.size() > 1);
        return chart;
    }

    private void addLines(XYChart chart, ToDoubleFunction<Sample> value) {
        for (int i = 0; i < labels.size(); i++) {
            curve(labels.get(i), value).addTo(chart, labels.get(i).name(), i);
        }
    }

    private static Curve curve(LabelRuns label, ToDoubleFunction<Sample> value) {
        List<Sample> samples = label.shown().samples().stream()
                .filter(sample -> Double.isFinite(sample.seconds()))
                .sorted(Comparator.comparingDouble(Sample::seconds))
                .toList();
        return new Curve(
                samples.stream().mapToDouble(Sample::seconds).toArray(),
                samples.stream().mapToDouble(value).toArray());
    }

    private boolean isAnyKnown(ToDoubleFunction<Sample> value) {
        return labels.stream().anyMatch(label -> curve(label, value).isKnown());
    }

    private double largest(ToDoubleFunction<Sample> value) {
        return labels.stream()
                .mapToDouble(label -> curve(label, value).largest())
                .filter(Double::isFinite)
                .max()
                .orElse(Double.NaN);
    }

    private String each(String verb, String unit, ToDoubleFunction<Sample> value) {
        return labels.stream()
                .map(label -> {
                    double largest = curve(label, value).largest();
                    return label.name() + " "
                            + (Double.isFinite(largest) ? verb + " " + Figures.number(largest) + unit : "not known");
                })
                .collect(Collectors.joining(", "));
    }

    /** With room above the highest point for its mark. */
    private static double axisEnd(double largest) {
        return Figures.axisEnd(1.05 * largest, 1);
    }

    private static double orZero(double value) {
        return Double.isFinite(value) ? value : 0;
    }
}
