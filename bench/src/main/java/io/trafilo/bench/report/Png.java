package io.trafilo.bench.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Panels as a PNG file, for documents. Needs no display. */
public final class Png {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 360;
    private static final int SCALE = 2;
    private static final double MARGIN = 0.02;
    private static final Color QUIET = new Color(0x5B6570);

    private Png() {}

    /** Draws panels side by side. */
    public static void write(List<Panel> panels, Path file) throws IOException {
        if (System.getProperty("java.awt.headless") == null) {
            System.setProperty("java.awt.headless", "true");
        }
        BufferedImage image = new BufferedImage(SCALE * WIDTH, SCALE * HEIGHT, BufferedImage.TYPE_INT_RGB);
        int width = WIDTH / panels.size();
        Graphics2D graphics = image.createGraphics();
        graphics.scale(SCALE, SCALE);
        for (Panel panel : panels) {
            chart(panel, width).paint(graphics, width, HEIGHT);
            graphics.translate(width, 0);
        }
        ImageIO.write(image, "png", file.toFile());
    }

    private static Chart<?, ?> chart(Panel panel, int width) {
        return panel.kind() == Panel.Kind.BARS ? bars(panel, width) : lines(panel, width);
    }

    private static CategoryChart bars(Panel panel, int width) {
        CategoryChart chart = new CategoryChart(width, HEIGHT);
        CategoryStyler styler = chart.getStyler();
        apply(panel, chart);
        styler.setLabelsVisible(true);
        styler.setLabelsPosition(0.95);
        styler.setLabelsFontColorAutomaticEnabled(true);
        styler.setAvailableSpaceFill(0.6);
        for (Panel.Line line : panel.lines()) {
            double value = line.ys().get(0);
            // three significant digits, or all of the whole
            double shown = value < 100
                    ? new BigDecimal(value).round(new MathContext(3)).doubleValue()
                    : Math.rint(value);
            chart.addSeries(line.name(), List.of(" "), List.of(Double.isFinite(shown) ? shown : 0))
                    .setFillColor(Color.decode(line.colour()));
        }
        return chart;
    }

    private static XYChart lines(Panel panel, int width) {
        XYChart chart = new XYChart(width, HEIGHT);
        apply(panel, chart);
        boolean logarithmic = panel.kind() == Panel.Kind.LOG_LINES;
        List<Double> xs = panel.lines().get(0).xs();
        double first = xs.get(0);
        double last = xs.get(xs.size() - 1);
        double beside = logarithmic ? Math.pow(last / first, MARGIN) : 1;
        double room = logarithmic ? 0 : MARGIN * (last - first);
        chart.getStyler().setXAxisLogarithmic(logarithmic);
        chart.getStyler().setXAxisMin(first / beside - room);
        chart.getStyler().setXAxisMax(last * beside + room);
        chart.getStyler().setPlotGridVerticalLinesVisible(true);
        chart.getStyler().setLegendVisible(panel.lines().size() > 1);
        for (Panel.Line line : panel.lines()) {
            XYSeries series = chart.addSeries(line.name(), line.xs(), line.ys());
            series.setLineColor(Color.decode(line.colour()));
            series.setLineStyle(stroke(2));
            series.setMarker(SeriesMarkers.CIRCLE);
            series.setMarkerColor(Color.decode(line.colour()));
        }
        return chart;
    }

    private static void apply(Panel panel, Chart<? extends AxesChartStyler, ?> chart) {
        chart.setTitle(panel.title());
        chart.setXAxisTitle(panel.x());
        chart.setYAxisTitle(panel.y());
        AxesChartStyler styler = chart.getStyler();
        styler.setBaseFont(font(Font.PLAIN, 12));
        styler.setChartTitleFont(font(Font.BOLD, 13));
        styler.setLegendFont(font(Font.PLAIN, 12));
        styler.setAxisTitleFont(font(Font.PLAIN, 12));
        styler.setAxisTickLabelsFont(font(Font.PLAIN, 11));
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setChartTitleBoxVisible(false);
        styler.setChartPadding(10);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setLegendPosition(Styler.LegendPosition.OutsideS);
        styler.setLegendLayout(Styler.LegendLayout.Horizontal);
        styler.setPlotBorderVisible(false);
        // not 1: XChart leaves out the labels of ticks at the very ends, such as the zero
        styler.setPlotContentSize(0.995);
        styler.setPlotGridLinesColor(new Color(0xE4E7EB));
        styler.setPlotGridLinesStroke(stroke(1));
        styler.setPlotGridVerticalLinesVisible(false);
        styler.setXAxisTitleColor(QUIET);
        styler.setYAxisTitleColor(QUIET);
        styler.setMarkerSize(8);
        styler.setYAxisMin(0.0);
        double largest = panel.lines().stream()
                .flatMap(line -> line.ys().stream())
                .filter(Double::isFinite)
                .max(Double::compare)
                .orElse(0.0);
        styler.setYAxisMax(largest > 0 ? 1.08 * largest : 1);
        styler.setLocale(Locale.ROOT);
        styler.setXAxisDecimalPattern("#,##0.######");
        styler.setYAxisDecimalPattern("#,##0.######");
    }

    private static BasicStroke stroke(float width) {
        return new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    }

    private static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }
}
