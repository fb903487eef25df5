package io.trafilo.bench.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Measured values against what was varied. Read from lines: first {@code # title: ...}, {@code # unit: ...} and any other
 * comments; then a line that names the columns, and a line for each value of the first column, separated by commas. An empty
 * cell is a value that is not known.
 *
 * @param title what was measured
 * @param unit of the measured values
 * @param varied the name of the first column
 * @param names of the other columns
 * @param rows each with a value for every column, their first values ascending
 */
public record Table(String title, String unit, String varied, List<String> names, List<double[]> rows) {
    private static final String TITLE = "# title:";
    private static final String UNIT = "# unit:";
    private static final double LOGARITHMIC_FROM = 100;

    /** Reads a table. Throws IllegalArgumentException, which names the line, if it is none. */
    public static Table parse(List<String> lines) {
        String title = "";
        String unit = "";
        List<String> header = List.of();
        List<double[]> rows = new ArrayList<>();
        for (int n = 1; n <= lines.size(); n++) {
            String line = lines.get(n - 1).strip();
            if (line.startsWith(TITLE)) {
                title = line.substring(TITLE.length()).strip();
            } else if (line.startsWith(UNIT)) {
                unit = line.substring(UNIT.length()).strip();
            } else if (header.isEmpty() && isText(line)) {
                header = cells(line);
                check(header.size() > 1, n, "one column (expected: two or more)");
            } else if (isText(line)) {
                rows.add(row(line, n, header.size()));
                check(ascends(rows), n, "its first value is not above that of the line before");
            }
        }
        check(!title.isEmpty() && !unit.isEmpty(), 1, "no title or no unit (expected: '# title: ...', '# unit: ...')");
        check(!rows.isEmpty(), lines.size(), "the end, and no values");
        return new Table(title, unit, header.get(0), header.subList(1, header.size()), List.copyOf(rows));
    }

    private static boolean isText(String line) {
        return !line.isEmpty() && !line.startsWith("#");
    }

    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        for (String cell : line.split(",", -1)) {
            cells.add(cell.strip());
        }
        return List.copyOf(cells);
    }

    private static double[] row(String line, int n, int columns) {
        List<String> cells = cells(line);
        check(cells.size() == columns, n, cells.size() + " values (expected: " + columns + ")");
        double[] row = new double[columns];
        for (int i = 0; i < columns; i++) {
            row[i] = number(cells.get(i), n);
        }
        check(row[0] > 0 && Double.isFinite(row[0]), n, "its first value is not above 0");
        return row;
    }

    private static double number(String cell, int n) {
        if (cell.isEmpty()) {
            return Double.NaN;
        }
        try {
            return Double.parseDouble(cell);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("line " + n + ": '" + cell + "' (expected: a number)", e);
        }
    }

    private static boolean ascends(List<double[]> rows) {
        int last = rows.size() - 1;
        return last == 0 || rows.get(last)[0] > rows.get(last - 1)[0];
    }

    private static void check(boolean holds, int line, String what) {
        if (!holds) {
            throw new IllegalArgumentException("line " + line + ": " + what);
        }
    }

    /** Lines from zero upwards; what was varied is on a logarithmic axis where it spans a hundredfold. */
    public Panel panel() {
        List<Double> varied = column(0);
        boolean wide = varied.get(varied.size() - 1) >= LOGARITHMIC_FROM * varied.get(0);
        List<Panel.Line> lines = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            lines.add(Panel.Line.of(names.get(i), i, varied, column(i + 1)));
        }
        return new Panel(title, this.varied, unit, wide ? Panel.Kind.LOG_LINES : Panel.Kind.LINES, lines);
    }

    List<Double> column(int index) {
        return rows.stream().map(row -> row[index]).toList();
    }
}
