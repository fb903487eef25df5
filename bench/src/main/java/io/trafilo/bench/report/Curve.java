package io.trafilo.bench.report;

import java.awt.Color;
import java.util.Arrays;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A line of a plot: points from left to right, with a gap where a value is not known.
 *
 * <p>The line is one series and its marks are another: a mark at every point would hide a long line, and a point between two
 * gaps has no line and would be hidden without one.
 */
final class Curve {
    private static final int MARKS = 12;

    private final double[] xs;
    private final double[] ys;

    Curve(double[] xs, double[] ys) {
        // Ends with a point that is none: with all points equally far apart, XChart puts its ticks at points,
        // not at round numbers.
        this.xs = Arrays.copyOf(xs, xs.length + 1);
        this.ys = Arrays.copyOf(ys, ys.length + 1);
        this.xs[xs.length] = Double.NaN;
        this.ys[ys.length] = Double.NaN;
        for (int i = 0; i < ys.length; i++) {
            this.ys[i] = Double.isFinite(ys[i]) ? ys[i] : Double.NaN;
        }
    }

    boolean isKnown() {
        return Arrays.stream(ys).anyMatch(Double::isFinite);
    }

    /** The largest value, or NaN if none is known. */
    double largest() {
        return Arrays.stream(ys).filter(Double::isFinite).max().orElse(Double.NaN);
    }

    double smallest() {
        return Arrays.stream(ys).filter(Double::isFinite).min().orElse(Double.NaN);
    }

    /** Draws it in the look of a label, whose name the legend then shows. */
    void addTo(XYChart chart, String name, int label) {
        if (!isKnown()) {
            return;
        }
        addLine(chart, name + " line", PlotStyle.colour(label), 2f);
        double[] marked = new double[ys.length];
        int step = Math.max(1, ys.length / MARKS);
        // not the same points for all labels: marks of lines that lie on each other stay apart
        int first = (label * step / 3) % step;
        for (int i = 0; i < ys.length; i++) {
            marked[i] = i % step == first || isAlone(i) ? ys[i] : Double.NaN;
        }
        if (Arrays.stream(marked).allMatch(Double::isNaN)) {
            marked = ys;
        }
        XYSeries marks = chart.addSeries(name, xs, marked);
        marks.setLineStyle(SeriesLines.NONE);
        marks.setMarker(PlotStyle.mark(label));
        marks.setMarkerColor(PlotStyle.colour(label));
    }

    /** Draws it broad and pale, to lie under the lines, and without a place in the legend. */
    void addShadowTo(XYChart chart, String name, int label) {
        if (isKnown()) {
            addLine(chart, name, PlotStyle.pale(label), 7f);
        }
    }

    private void addLine(XYChart chart, String name, Color colour, float width) {
        XYSeries line = chart.addSeries(name, xs, ys);
        line.setLineStyle(PlotStyle.line(width));
        line.setLineColor(colour);
        line.setMarker(SeriesMarkers.NONE);
        line.setShowInLegend(false);
    }

    private boolean isAlone(int i) {
        return (i == 0 || Double.isNaN(ys[i - 1])) && (i == ys.length - 1 || Double.isNaN(ys[i + 1]));
    }
}
