package io.trafilo.bench.report;

import io.trafilo.bench.report.ComparisonPlot.Measure;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** One measure of all labels as bars that lie, each with its name and value above it. */
final class Bars {
    private static final int PADDING = 20;
    private static final int TOP = 62;
    private static final int ROW = 46;
    private static final int BAR = 18;
    private static final int BAR_BELOW_NAME = 18;
    private static final int BOTTOM = 34;
    private static final int ROOM_FOR_LABEL = 24;
    private static final double DOT = 6;

    private final Measure measure;
    private final List<LabelRuns> labels;
    private final double end;

    Bars(Measure measure, List<LabelRuns> labels) {
        this.measure = measure;
        this.labels = labels;
        double largest = labels.stream()
                .flatMap(label -> label.rounds().stream())
                .mapToDouble(measure.value())
                .filter(Double::isFinite)
                .max()
                .orElse(0);
        end = largest > 0 ? Figures.axisEnd(largest, largest) : 1;
    }

    static int height(int labels) {
        return TOP + ROW * labels + BOTTOM;
    }

    static String text(double value) {
        return Double.isFinite(value) ? Figures.number(value) : "not known";
    }

    void draw(Graphics2D graphics, int x, int width) {
        int left = x + PADDING;
        int span = width - 2 * PADDING - ROOM_FOR_LABEL;
        write(graphics, measure.name(), left, 28, PlotStyle.font(Font.BOLD, 13), PlotStyle.TEXT);
        String unit = measure.unit() + ", " + measure.better();
        write(graphics, unit, left, 46, PlotStyle.font(Font.PLAIN, 12), PlotStyle.QUIET);
        drawAxis(graphics, left, span);
        for (int i = 0; i < labels.size(); i++) {
            drawBar(graphics, i, left, span);
        }
    }

    private void drawAxis(Graphics2D graphics, int left, int span) {
        int bottom = TOP + ROW * labels.size();
        for (int half = 0; half <= 2; half++) {
            int at = left + span * half / 2;
            graphics.setColor(half == 0 ? PlotStyle.AXIS : PlotStyle.GRID);
            graphics.fillRect(at, TOP, 1, bottom - TOP);
            String label = Figures.number(end * half / 2);
            graphics.setFont(PlotStyle.font(Font.PLAIN, 11));
            int middle = half == 0 ? 0 : graphics.getFontMetrics().stringWidth(label) / 2;
            write(graphics, label, at - middle, bottom + 16, graphics.getFont(), PlotStyle.QUIET);
        }
    }

    private void drawBar(Graphics2D graphics, int row, int left, int span) {
        LabelRuns label = labels.get(row);
        int top = TOP + ROW * row;
        Font plain = PlotStyle.font(Font.PLAIN, 11);
        Font bold = PlotStyle.font(Font.BOLD, 11);
        double median = label.median(measure.value());
        write(graphics, label.name(), left + 6, top + 13, plain, PlotStyle.TEXT);
        int behind = graphics.getFontMetrics().stringWidth(label.name());
        write(graphics, text(median), left + 6 + behind + 6, top + 13, bold, PlotStyle.TEXT);
        graphics.setColor(PlotStyle.colour(row));
        graphics.fill(new Rectangle2D.Double(left, top + BAR_BELOW_NAME, pixels(median, span), BAR));
        if (label.rounds().size() > 1) {
            for (ReportRun run : label.rounds()) {
                double value = measure.value().applyAsDouble(run);
                if (Double.isFinite(value)) {
                    drawDot(graphics, left + pixels(value, span), top + BAR_BELOW_NAME + BAR / 2.0);
                }
            }
        }
    }

    private static void drawDot(Graphics2D graphics, double x, double y) {
        double outer = DOT + 2;
        graphics.setColor(Color.WHITE);
        graphics.fill(new Ellipse2D.Double(x - outer / 2, y - outer / 2, outer, outer));
        graphics.setColor(PlotStyle.TEXT);
        graphics.fill(new Ellipse2D.Double(x - DOT / 2, y - DOT / 2, DOT, DOT));
    }

    private double pixels(double value, int span) {
        return Double.isFinite(value) ? Math.max(0, value / end * span) : 0;
    }

    private static void write(Graphics2D graphics, String text, int x, int y, Font font, Color colour) {
        graphics.setFont(font);
        graphics.setColor(colour);
        graphics.drawString(text, x, y);
    }
}
