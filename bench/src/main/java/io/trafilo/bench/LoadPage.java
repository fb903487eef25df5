package io.trafilo.bench;

import io.trafilo.bench.report.Figures;
import io.trafilo.bench.report.Page;
import io.trafilo.bench.report.Plot;
import io.trafilo.bench.report.Png;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The page of {@code load --report}. */
final class LoadPage {
    private static final Pattern PLAIN_WORD = Pattern.compile("[\\w./:=,+@%-]+");

    private final Path directory;
    private final String command;

    /** Draws an image. */
    interface Drawing {
        void write(List<Plot.Panel> panels, Path file) throws IOException;
    }

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
        Files.writeString(file, html(title, runs, failures, ratios));
        LoadPlots plots = new LoadPlots(runs);
        if (EngineRuns.of(runs).size() > 1) {
            draw(drawing, plots.comparison().panels(), image, file);
        }
        return file;
    }

    private static void draw(Drawing drawing, List<Plot.Panel> panels, Path image, Path page) throws IOException {
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

    private String html(String title, List<LoadRun> runs, List<String> failures, Map<String, String> ratios) {
        LoadReport first = runs.get(0).report();
        Page page = new Page(
                title, LoadText.machine(first) + "; " + first.environment().jdk(), command);
        page.note(warning(runs, failures));
        addFigures(page, runs);
        List<EngineRuns> engines = EngineRuns.of(runs);
        page.table(
                engines.get(0).name() + " / " + engines.get(engines.size() - 1).name(),
                List.of("Figure", "Ratio, round by round: median (least to most)"),
                ratios.entrySet().stream()
                        .map(ratio -> List.of(ratio.getKey(), ratio.getValue()))
                        .toList(),
                "numbers");
        for (Plot plot : new LoadPlots(runs).all()) {
            page.plot(plot);
        }
        addFacts(page, runs);
        return page.html(Json.scriptSafe(page.plots()));
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
        for (LoadRun run : runs) {
            run.report().warnings().forEach(warning -> warnings.add(run.name() + ": " + warning + "."));
            if (Objects.equals(run.rateWithoutLoss(), 0L)) {
                warnings.add(run.name() + ": no rate without loss was found; what is shown is the slowest run.");
            }
        }
        return String.join(" ", warnings);
    }

    private static void addFigures(Page page, List<LoadRun> runs) {
        page.table(
                runs.size() == 1 ? "Figures" : "Runs",
                List.of(
                        "Engine",
                        "Round",
                        "Handled, datagrams/s",
                        "Lost, datagrams",
                        "CPU per datagram, µs",
                        "p50 from receipt, µs",
                        "p99, µs",
                        "p99.9, µs"),
                runs.stream()
                        .map(run -> List.of(
                                run.engine().label(),
                                Integer.toString(run.number()),
                                Figures.whole(LoadFigure.HANDLED.of(run)),
                                Figures.whole(LoadFigure.LOST.of(run)),
                                Figures.number(LoadFigure.CPU.of(run)),
                                Figures.number(LoadFigure.P50.of(run)),
                                Figures.number(LoadFigure.P99.of(run)),
                                Figures.number(LoadFigure.P999.of(run))))
                        .toList(),
                "numbers");
    }

    /** What differs between the runs first, then once what is true of all. */
    private static void addFacts(Page page, List<LoadRun> runs) {
        List<Map<String, String>> facts = runs.stream().map(LoadText::facts).toList();
        Set<String> names = new LinkedHashSet<>();
        facts.forEach(of -> names.addAll(of.keySet()));
        Map<Boolean, List<List<String>>> rows = new LinkedHashMap<>();
        for (String name : names) {
            List<String> values =
                    facts.stream().map(of -> of.getOrDefault(name, "–")).toList();
            boolean common = Set.copyOf(values).size() == 1;
            Stream<String> shown = common ? Stream.of(values.get(0)) : values.stream();
            rows.computeIfAbsent(common, any -> new ArrayList<>())
                    .add(Stream.concat(Stream.of(name), shown).toList());
        }
        List<String> heads = new ArrayList<>(List.of("Fact"));
        runs.forEach(run -> heads.add(run.name()));
        page.table("Facts of each run", heads, rows.getOrDefault(false, List.of()), "words");
        page.table(
                runs.size() == 1 ? "Facts" : "Facts of all runs",
                List.of(),
                rows.getOrDefault(true, List.of()),
                "words");
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
