package io.trafilo.bench.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.Locale;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** How all plots look. A label has a colour that colour-blind readers can tell from the others, and a mark of its own besides. */
final class PlotStyle {
    static final Color TEXT = new Color(0x24292F);
    static final Color QUIET = new Color(0x5B6570);

    static final Color GRID = new Color(0xE4E7EB);
    static final Color AXIS = new Color(0x9AA4AE);

    // The palette of Okabe and Ito, without its yellow, which is too pale for a line on white.
    private static final Color[] COLOURS = {
        new Color(0x0072B2),
        new Color(0xD55E00),
        new Color(0x009E73),
        new Color(0xCC79A7),
        new Color(0x56B4E9),
        new Color(0xE69F00),
        new Color(0x000000)
    };
    private static final Marker[] MARKS = {
        SeriesMarkers.CIRCLE,
        SeriesMarkers.SQUARE,
        SeriesMarkers.DIAMOND,
        SeriesMarkers.TRIANGLE_UP,
        SeriesMarkers.TRIANGLE_DOWN,
        SeriesMarkers.CROSS
    };

    private PlotStyle() {}

    static Color colour(int label) {
        return COLOURS[label % COLOURS.length];
    }

    /** The colour mixed with white. */
    static Color pale(int label) {
        Color full = colour(label);
        return new Color(mixed(full.getRed()), mixed(full.getGreen()), mixed(full.getBlue()));
    }

    private static int mixed(int channel) {
        return 255 - (255 - channel) * 3 / 10;
    }

    static Marker mark(int label) {
        return MARKS[label % MARKS.length];
    }

    static BasicStroke line(float width) {
        return new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    }

    static void apply(AxesChartStyler styler) {
        styler.setBaseFont(font(Font.PLAIN, 12));
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setChartFontColor(TEXT);
        styler.setChartPadding(10);
        styler.setChartTitleFont(font(Font.BOLD, 13));
        styler.setChartTitleBoxVisible(false);
        styler.setChartTitlePadding(6);
        styler.setLegendBackgroundColor(Color.WHITE);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setLegendFont(font(Font.PLAIN, 12));
        styler.setLegendPosition(Styler.LegendPosition.OutsideS);
        styler.setLegendLayout(Styler.LegendLayout.Horizontal);
        styler.setPlotBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        // not 1: XChart leaves out the labels of ticks at the very ends, such as the zero
        styler.setPlotContentSize(0.995);
        styler.setAntiAlias(true);
        styler.setMarkerSize(8);
        styler.setToolTipsEnabled(false);
        styler.setAxisTitleFont(font(Font.PLAIN, 12));
        styler.setXAxisTitleColor(QUIET);
        styler.setYAxisTitleColor(QUIET);
        styler.setAxisTickLabelsFont(font(Font.PLAIN, 11));
        styler.setAxisTickLabelsColor(TEXT);
        styler.setYAxisLabelAlignment(AxesChartStyler.TextAlignment.Right);
        styler.setAxisTickMarksColor(AXIS);
        styler.setAxisTickMarksStroke(line(1));
        styler.setPlotGridLinesColor(GRID);
        styler.setPlotGridLinesStroke(line(1));
        styler.setPlotGridVerticalLinesVisible(false);
        styler.setPlotMargin(0);
        styler.setLocale(Locale.ROOT);
        styler.setXAxisDecimalPattern("#,##0.######");
        styler.setYAxisDecimalPattern("#,##0.######");
    }

    static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }
}
