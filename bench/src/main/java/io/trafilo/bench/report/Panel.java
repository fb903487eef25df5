package io.trafilo.bench.report;

import java.util.List;

/**
 * Lines or bars that share their axes.
 *
 * @param x what is on the horizontal axis
 * @param y what is on the vertical axis
 */
public record Panel(String title, String x, String y, Kind kind, List<Line> lines) {
    // the palette of Okabe and Ito, without its yellow, which is too pale for a line on white
    private static final List<String> COLOURS =
            List.of("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000");

    /** What the axes of a panel are. */
    public enum Kind {
        /** Lines over a linear axis, from zero. */
        LINES,
        /** The same over a logarithmic axis. */
        LOG_LINES,
        /** A bar for each line: its first value is the bar's, the others are dots on it. */
        BARS
    }

    /** A line in a colour of CSS. A value that is not known is NaN. */
    public record Line(String name, String colour, List<Double> xs, List<Double> ys) {
        /** A line whose colour its number decides on. */
        public static Line of(String name, int number, List<Double> xs, List<Double> ys) {
            return new Line(name, Panel.colour(number), xs, ys);
        }
    }

    /** The colour of what has this number, counted from 0. */
    public static String colour(int number) {
        return COLOURS.get(number % COLOURS.size());
    }
}
