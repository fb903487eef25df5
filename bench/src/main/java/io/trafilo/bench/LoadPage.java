package io.trafilo.bench;

import io.trafilo.bench.report.Percentile;
import io.trafilo.bench.report.ReportHead;
import io.trafilo.bench.report.ReportPage;
import io.trafilo.bench.report.ReportRun;
import io.trafilo.bench.report.Sample;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The page of {@code load --report}: takes reports as they stand in the JSON, of this process or of others. */
final class LoadPage {
    private static final Pattern PLAIN_WORD = Pattern.compile("[\\w./:=,+@%-]+");
    private static final Map<String, Double> NAMED_PERCENTILES = Map.of("p50", 50.0, "p99", 99.0, "p999", 99.9);

    private final Path directory;
    private final String command;

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

    /** Writes the page of the runs that did not fail, at least one, and gives where it is. */
    Path write(String title, LoadSeries series) throws IOException {
        return write(title, series.runs(), series.failures(), series.ratios());
    }

    /** Writes the page of one run and gives where it is. */
    Path write(String title, Map<String, Object> run) throws IOException {
        return write(title, List.of(run), List.of(), Map.of());
    }

    private Path write(
            String title, List<Map<String, Object>> runs, List<String> failures, Map<String, LoadRatio> ratios)
            throws IOException {
        Map<String, Object> first = runs.get(0);
        ReportHead head = new ReportHead(
                title, LoadFacts.machine(first) + "; " + first.get("jdk"), command, warning(runs, failures));
        Map<String, String> ratioTexts = new LinkedHashMap<>();
        ratios.forEach((figure, ratio) -> ratioTexts.put(LoadFigures.words(figure), ratio.text()));
        ReportPage.write(directory, head, runs.stream().map(LoadPage::run).toList(), ratioTexts);
        return directory.resolve("index.html");
    }

    private static String warning(List<Map<String, Object>> runs, List<String> failures) {
        List<String> warnings = new ArrayList<>();
        if (!failures.isEmpty()) {
            warnings.add("Runs failed and are left out: " + String.join("; ", failures) + ".");
        }
        List<String> broken =
                runs.stream().flatMap(run -> LoadFacts.imbalances(run).stream()).toList();
        if (!broken.isEmpty()) {
            warnings.add("The run failed, its sums do not close: " + String.join("; ", broken) + ".");
        }
        for (Map<String, Object> run : runs) {
            LoadFacts.warnings(run).forEach(warning -> warnings.add(name(run) + ": " + warning + "."));
            if (LoadFigures.figure(run, "rateWithoutLoss") == 0) {
                warnings.add(name(run) + ": no rate without loss was found; what is shown is the slowest run.");
            }
        }
        return String.join(" ", warnings);
    }

    private static String name(Map<String, Object> run) {
        return run.get("engine") + ", round " + round(run);
    }

    private static int round(Map<String, Object> run) {
        double round = LoadFigures.figure(run, "round");
        return Double.isNaN(round) ? 1 : (int) round;
    }

    /** A run for the page. */
    static ReportRun run(Map<String, Object> report) {
        return new ReportRun(
                String.valueOf(report.get("engine")),
                round(report),
                LoadFigures.figure(report, "handledPerSecond"),
                (long) LoadFigures.figure(report, "lost"),
                LoadFigures.figure(report, "cpuMicrosPerDatagram"),
                samples(report),
                percentiles(report, "latencyMicros"),
                percentiles(report, "sendLatencyMicros"),
                LoadFacts.of(report));
    }

    private static List<Sample> samples(Map<String, Object> report) {
        return maps(report, "samples").stream()
                .map(sample -> new Sample(
                        LoadFigures.figure(sample, "seconds"),
                        LoadFigures.figure(sample, "receivedPerSecond"),
                        LoadFigures.figure(sample, "handledPerSecond"),
                        LoadFigures.figure(sample, "lostPerSecond"),
                        LoadFigures.figure(sample, "ringFill")))
                .toList();
    }

    /** The curve, and the percentiles that have names, which the curve passes by. */
    private static List<Percentile> percentiles(Map<String, Object> report, String latency) {
        List<Percentile> points = new ArrayList<>();
        for (Map<String, Object> point : maps(report, latency + ".distribution")) {
            points.add(new Percentile(LoadFigures.figure(point, "percentile"), LoadFigures.figure(point, "micros")));
        }
        NAMED_PERCENTILES.forEach((name, percentile) ->
                points.add(new Percentile(percentile, LoadFigures.figure(report, latency + "." + name))));
        return points;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> maps(Map<String, Object> report, String name) {
        @Nullable Object value = LoadFigures.value(report, name);
        return value == null ? List.of() : (List<Map<String, Object>>) value;
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
