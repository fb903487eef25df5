package io.trafilo.bench;

import io.trafilo.bench.report.Panel;
import io.trafilo.bench.report.Png;
import io.trafilo.bench.report.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;

/** Draws a table of measured values. */
@Command(
        name = "plot",
        description = "Draws a table of measured values as lines.",
        footer = {
            "",
            "The table: '# title: ...' and '# unit: ...'; then the names of its columns, and a line for each",
            "value of what was varied, the first column. Cells are separated by commas, a cell may be empty."
        })
final class PlotCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "<table>", descriptionKey = "table")
    Path table = Path.of("");

    @Parameters(index = "1", paramLabel = "<png>", descriptionKey = "png")
    Path png = Path.of("");

    @Override
    public Integer call() throws IOException {
        Png.write(List.of(read()), png);
        return ExitCode.OK;
    }

    private Panel read() throws IOException {
        try {
            return Table.parse(Files.readAllLines(table));
        } catch (IllegalArgumentException refused) {
            throw new FailureException(table + ": " + refused.getMessage());
        }
    }
}
