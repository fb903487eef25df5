package io.trafilo.bench;

import io.trafilo.bench.report.Page;
import io.trafilo.bench.report.Panel;
import io.trafilo.bench.report.Png;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The page of {@code load --report}: what is on it. How that looks is the page's. */
final class LoadPage {
    private static final Pattern PLAIN_WORD = Pattern.compile("[\\w./:=,+@%-]+");

    private final Path directory;
    private final String command;

    /** Draws an image. */
    interface Drawing {
        void write(List<Panel> panels, Path file) throws IOException;
    }

    /**
     * What the page makes its tables and plots of.
     *
     * @param note what a reader must not miss
     * @param figures what can be told of each run in one number
     * @param ratios of the figures of the first engine to those of the last, by what each is
     * @param comparison a panel of bars for each figure in which to compare engines
     */
    private record Report(
            String title,
            String command,
            String note,
            List<LoadFigure.Words> figures,
            List<Run> runs,
            List<Engine> engines,
            Map<String, String> ratios,
            List<Panel> comparison) {}

    private record Run(LoadRun run, String search, Map<String, String> figures) {}

    /** An engine, how many runs it had, and which of all runs stands for them. */
    private record Engine(String name, String colour, int rounds, int shown) {}

    /**
     * Creates the directory and sees that files can be written there, before any work is done for them.
     *
     * @param arguments those of {@code load}, as they were given
     * @throws SettingException if it cannot be had
     */
    LoadPage(String option, Path directory, List<String> arguments) {
        this.directory = directory;
        this.command = command(ManagementFactory.getRuntimeMXBean().getInputArguments(), arguments);
        try {
            Files.createDirectories(directory);
            Files.delete(Files.createTempFile(directory, ".trial", ""));
        } catch (IOException refused) {
            throw SettingException.of(
                    option, directory, "a directory that exists or can be created, to write files to");
        }
    }

    /**
     * Writes the page, and an image of the comparison if there is one, and gives where the page is.
     *
     * @param runs those that did not fail, at least one
     * @param failures the others
     * @param ratios of the figures of the first engine to those of the other, by what each is
     */
    Path write(String title, List<LoadRun> runs, List<String> failures, Map<String, String> ratios) throws IOException {
        return write(title, runs, failures, ratios, Png::write);
    }

    Path write(String title, List<LoadRun> runs, List<String> failures, Map<String, String> ratios, Drawing drawing)
            throws IOException {
        Path file = directory.resolve("index.html");
        Path image = directory.resolve("comparison.png");
        Files.deleteIfExists(image);
        List<EngineRuns> engines = EngineRuns.of(runs);
        List<Panel> comparison = List.of(
                bars("Handled", "datagrams / s, more is better", LoadFigure.HANDLED, engines),
                bars("CPU per datagram", "µs, less is better", LoadFigure.CPU, engines),
                bars("Latency at 99.9 %", "µs from receipt, less is better", LoadFigure.P999, engines));
        Report report = new Report(
                title,
                command,
                warning(runs, failures),
                Stream.of(LoadFigure.values()).map(LoadFigure::words).toList(),
                runs.stream()
                        .map(run -> new Run(run, LoadRamp.text(run), LoadText.figures(run)))
                        .toList(),
                IntStream.range(0, engines.size())
                        .mapToObj(i -> engine(engines.get(i), i, runs))
                        .toList(),
                ratios,
                comparison);
        Files.writeString(file, Page.html(title, Json.scriptSafe(report)));
        if (engines.size() > 1) {
            draw(drawing, comparison, image, file);
        }
        return file;
    }

    private static Engine engine(EngineRuns of, int number, List<LoadRun> runs) {
        return new Engine(of.name(), Panel.colour(number), of.rounds().size(), runs.indexOf(of.shown()));
    }

    /** For each engine a bar, the median over its rounds, and the single rounds if there are several. */
    private static Panel bars(String title, String unit, LoadFigure figure, List<EngineRuns> engines) {
        List<Panel.Line> lines = new ArrayList<>();
        for (EngineRuns engine : engines) {
            List<Double> values = new ArrayList<>();
            values.add(engine.spread(figure::of).median());
            if (engine.rounds().size() > 1) {
                engine.rounds().forEach(run -> values.add(figure.of(run)));
            }
            lines.add(Panel.Line.of(engine.name(), lines.size(), List.of(), values));
        }
        return new Panel(title, "", unit, Panel.Kind.BARS, lines);
    }

    private static void draw(Drawing drawing, List<Panel> panels, Path image, Path page) throws IOException {
        try {
            drawing.write(panels, image);
        } catch (RuntimeException | LinkageError | InternalError noFonts) {
            // what AWT throws without fonts depends on which library or setting is missing
            throw new IOException(
                    image
                            + " cannot be drawn; if Java finds no fonts, install fontconfig and a font, on Debian and Ubuntu"
                            + " with 'apt-get install fontconfig fonts-dejavu-core' (" + page + " is written)",
                    noFonts);
        }
    }

    private static String warning(List<LoadRun> runs, List<String> failures) {
        List<String> warnings = new ArrayList<>();
        if (!failures.isEmpty()) {
            warnings.add("Runs failed and are left out: " + String.join("; ", failures) + ".");
        }
        List<String> broken =
                runs.stream().flatMap(run -> run.report().imbalances().stream()).toList();
        if (!broken.isEmpty()) {
            warnings.add("The run failed, its sums do not close: " + String.join("; ", broken) + ".");
        }
        LoadSeries.warnings(runs).forEach(warning -> warnings.add(warning + "."));
        return String.join(" ", warnings);
    }

    /** The command line, for a shell. */
    static String command(List<String> jvmArguments, List<String> arguments) {
        List<String> words = new ArrayList<>();
        words.add("java");
        words.addAll(jvmArguments);
        words.addAll(List.of("-jar", "trafilo-bench.jar", "load"));
        words.addAll(arguments);
        return String.join(" ", words.stream().map(LoadPage::quoted).toList());
    }

    private static String quoted(String word) {
        return PLAIN_WORD.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
