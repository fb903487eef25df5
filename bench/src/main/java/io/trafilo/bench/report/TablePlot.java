package io.trafilo.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.knowm.xchart.XYChart;

/** A {@link Table} as lines, from zero upwards; what was varied is on a logarithmic axis where it spans a hundredfold. */
public final class TablePlot {
    private static final int HEIGHT = 360;
    private static final double LOGARITHMIC_FROM = 100;

    /** What is left free at either end, of the axis. */
    private static final double MARGIN = 0.02;

    private static final int TICK_PIXELS = 200;

    private TablePlot() {}

    /**
     * Draws a table and writes it as PNG. Needs no display.
     *
     * @param table what to draw
     * @param png the file to write
     * @throws IOException if it cannot be written
     */
    public static void write(Table table, Path png) throws IOException {
        Canvas.goHeadless();
        Canvas canvas = new Canvas(HEIGHT);
        canvas.paint(chart(table), 0, 0, Canvas.WIDTH, HEIGHT);
        Files.write(png, canvas.png());
    }

    static XYChart chart(Table table) {
        XYChart chart = new XYChart(Canvas.WIDTH, HEIGHT);
        PlotStyle.apply(chart.getStyler());
        chart.setTitle(table.title());
        chart.setXAxisTitle(table.varied());
        chart.setYAxisTitle(table.unit());
        double[] varied = table.column(0);
        double first = varied[0];
        double last = varied[varied.length - 1];
        boolean logarithmic = last >= LOGARITHMIC_FROM * first;
        double beside = logarithmic ? Math.pow(last / first, MARGIN) : 1;
        double room = logarithmic ? 0 : MARGIN * (last - first);
        chart.getStyler().setXAxisLogarithmic(logarithmic);
        chart.getStyler().setXAxisMin(first / beside - room);
        chart.getStyler().setXAxisMax(last * beside + room);
        chart.getStyler().setXAxisTickMarkSpacingHint(TICK_PIXELS);
        chart.getStyler().setPlotGridVerticalLinesVisible(true);
        chart.getStyler().setLegendVisible(table.names().size() > 1);
        double largest = 0;
        for (int i = 0; i < table.names().size(); i++) {
            Curve curve = new Curve(varied, table.column(i + 1));
            curve.addTo(chart, table.names().get(i), i);
            largest = Math.max(largest, curve.isKnown() ? curve.largest() : 0);
        }
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setYAxisMax(Figures.axisEnd(1.05 * largest, Double.MIN_NORMAL));
        return chart;
    }
}
