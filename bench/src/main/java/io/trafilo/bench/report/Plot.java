package io.trafilo.bench.report;

import java.util.List;

/**
 * A plot of one or more panels.
 *
 * @param heading what it shows
 * @param words the same in numbers, for readers who cannot see it
 * @param caption how to read it
 * @param panels none where there is nothing to show
 */
public record Plot(String heading, String words, String caption, List<Panel> panels) {
    // the palette of Okabe and Ito, without its yellow, which is too pale for a line on white
    private static final List<String> COLOURS =
            List.of("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000");

    /** What the axes of a panel are. */
    public enum Kind {
        /** Lines over time or another linear axis, from zero. */
        LINES,
        /** The same over a logarithmic axis. */
        LOG_LINES,
        /** Lines by percentile, x being {@code -log10(1 - p)}, and a logarithmic axis for the values. */
        PERCENTILES,
        /** A bar for each line: its first value is the bar's, the others are dots on it. */
        BARS
    }

    /** Lines or bars that share their axes; x and y say what is on them. */
    public record Panel(String title, String x, String y, Kind kind, List<Line> lines) {}

    /** A line in a colour of CSS; a pale one lies broad below the others. A value that is not known is NaN. */
    public record Line(String name, String colour, boolean pale, List<Double> xs, List<Double> ys) {
        /** A thin line, whose colour its number decides on. */
        public static Line of(String name, int number, List<Double> xs, List<Double> ys) {
            return new Line(name, COLOURS.get(number % COLOURS.size()), false, xs, ys);
        }

        /** The same line under another name, to lie below the others. */
        public Line below(String newName) {
            return new Line(newName, colour, true, xs, ys);
        }

        /** The largest value, NaN if none is known. */
        public double largest() {
            return ys.stream()
                    .mapToDouble(y -> y)
                    .filter(Double::isFinite)
                    .max()
                    .orElse(Double.NaN);
        }
    }
}
