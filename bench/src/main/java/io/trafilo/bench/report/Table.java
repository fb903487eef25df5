package io.trafilo.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads measured values against what was varied: first {@code # title: ...}, {@code # unit: ...} and any other comments; then a
 * line that names the columns, and a line for each value of the first column, separated by commas. An empty cell is a value that is
 * not known.
 */
public final class Table {
    private static final String TITLE = "# title:";
    private static final String UNIT = "# unit:";
    private static final double LOGARITHMIC_FROM = 100;

    private Table() {}

    /**
     * Reads a line for each column but the first, from zero upwards; what was varied is on a logarithmic axis where it spans a
     * hundredfold. Throws IllegalArgumentException, which names the line, if the text is no table.
     */
    public static Panel parse(List<String> lines) {
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
        List<Double> varied = column(rows, 0);
        boolean wide = varied.get(varied.size() - 1) >= LOGARITHMIC_FROM * varied.get(0);
        List<Panel.Line> columns = new ArrayList<>();
        for (int i = 1; i < header.size(); i++) {
            columns.add(Panel.Line.of(header.get(i), i - 1, varied, column(rows, i)));
        }
        return new Panel(title, header.get(0), unit, wide ? Panel.Kind.LOG_LINES : Panel.Kind.LINES, columns);
    }

    private static List<Double> column(List<double[]> rows, int index) {
        return rows.stream().map(row -> row[index]).toList();
    }

    private static boolean isText(String line) {
        return !line.isEmpty() && !line.startsWith("#");
    }

    private static List<String> cells(String line) {
        return Stream.of(line.split(",", -1)).map(String::strip).toList();
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
}
