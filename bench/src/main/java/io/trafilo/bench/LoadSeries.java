package io.trafilo.bench;

import io.trafilo.Key;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Rounds of load runs, of one engine or of two in turn. Who begins alternates, so that neither always comes after the other; a
 * ratio is taken within a round, between runs that saw the same weather.
 */
final class LoadSeries {
    private static final int RATIO_DECIMALS = 3;

    private final LoadEngine engine;
    private final @Nullable LoadEngine other;
    private final int rounds;
    private final BooleanSupplier stop;
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<LoadRun> runs = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    private LoadSeries(LoadEngine engine, @Nullable LoadEngine other, int rounds, BooleanSupplier stop) {
        this.stop = stop;
        this.engine = engine;
        this.other = other;
        this.rounds = rounds;
    }

    /** One run. */
    interface Run {
        /** Throws {@link FailureException} if the run failed and others need not. */
        LoadRun of(LoadEngine engine) throws IOException, InterruptedException;
    }

    /** What came of one run: its report, or why there is none. */
    sealed interface Outcome permits LoadRun, Failed {}

    /** A run that failed, and why. */
    record Failed(int round, LoadEngine engine, String failed) implements Outcome {
        String text() {
            return engine.label() + ", round " + round + ", failed: " + failed;
        }
    }

    /** A figure of one engine by that of the other, in so many pairs of runs. */
    record Ratio(@Inline Spread spread, int pairs) {
        /** Tells the pairs if they are fewer than the rounds. */
        String text(int rounds) {
            return spread.text(RATIO_DECIMALS) + (pairs < rounds ? ", of " + pairs + " of " + rounds + " rounds" : "");
        }
    }

    /** The series in JSON; figures by engine and by their path in a run. */
    record Report(
            List<Outcome> runs,
            Map<String, Map<String, Spread>> figures,
            @Nullable Map<String, Ratio> ratio) {}

    static LoadSeries run(LoadEngine engine, @Nullable LoadEngine other, int rounds, Run run, Console console)
            throws IOException, InterruptedException {
        return run(engine, other, rounds, run, () -> false, console);
    }

    /** @param stop whether to leave it at the runs that are over */
    static LoadSeries run(
            LoadEngine engine, @Nullable LoadEngine other, int rounds, Run run, BooleanSupplier stop, Console console)
            throws IOException, InterruptedException {
        LoadSeries series = new LoadSeries(engine, other, rounds, stop);
        for (int round = 1; round <= rounds; round++) {
            if (other != null && round % 2 == 0) {
                series.add(other, round, run, console);
            }
            series.add(engine, round, run, console);
            if (other != null && round % 2 == 1) {
                series.add(other, round, run, console);
            }
        }
        return series;
    }

    private void add(LoadEngine of, int round, Run run, Console console) throws IOException, InterruptedException {
        if (stop.getAsBoolean()) {
            return;
        }
        try {
            LoadRun done = run.of(of).inRound(round);
            outcomes.add(done);
            runs.add(done);
            console.say("%s", text(done));
        } catch (FailureException failure) {
            if (stop.getAsBoolean()) {
                console.say("stopped in round %d; the run of %s is left out", round, of.label());
                return;
            }
            Failed failed = new Failed(round, of, String.valueOf(failure.getMessage()));
            outcomes.add(failed);
            failures.add(failed.text());
            console.say("%s", Key.printable(failed.text()));
        }
    }

    private static String text(LoadRun run) {
        LoadReport report = run.report();
        Latency latency = report.latencyMicros();
        long skipped = report.blaster().skipped();
        String search = LoadRamp.text(run);
        return Console.format(
                        "round %2d %-8s handled %,11.0f/s, lost %,d, %.2f us of processor time and %,.0f bytes each",
                        run.number(),
                        run.engine().label(),
                        report.handledPerSecond(),
                        report.measured().lost(),
                        report.cpuMicrosPerDatagram(),
                        report.allocatedBytesPerDatagram())
                + (latency == null
                        ? ""
                        : Console.format(", p99 %,.0f us, p99.9 %,.0f us", latency.p99(), latency.p999()))
                + (skipped == 0 ? "" : Console.format(", %,d not sent in time", skipped))
                + (search.isEmpty() ? "" : "; " + search);
    }

    /** The runs that did not fail. */
    List<LoadRun> runs() {
        return runs;
    }

    /** Which runs failed, and why. */
    List<String> failures() {
        return failures;
    }

    /** What makes the figures of single runs other than they seem; each text once for all runs that have it. */
    static List<String> warnings(List<LoadRun> runs) {
        Map<String, List<String>> runsByText = new LinkedHashMap<>();
        for (LoadRun run : runs) {
            List<String> texts = new ArrayList<>(run.report().warnings());
            if (Objects.equals(run.rateWithoutLoss(), 0L)) {
                texts.add("no rate without loss was found; what is shown is the slowest run");
            }
            texts.forEach(text -> runsByText
                    .computeIfAbsent(text, any -> new ArrayList<>())
                    .add(run.engine().label() + " " + run.number()));
        }
        return runsByText.entrySet().stream()
                .map(warning -> warning.getKey() + " (" + String.join(", ", warning.getValue()) + ")")
                .toList();
    }

    private List<LoadRun> runsOf(@Nullable LoadEngine of) {
        return runs.stream().filter(run -> run.engine() == of).toList();
    }

    private Map<String, Map<String, Spread>> figures() {
        Map<String, Map<String, Spread>> figures = new LinkedHashMap<>();
        for (LoadEngine of : other == null ? List.of(engine) : List.of(engine, other)) {
            Map<String, Spread> known = new LinkedHashMap<>();
            for (LoadFigure figure : LoadFigure.values()) {
                Spread spread = new EngineRuns(of, runsOf(of)).spread(figure::of);
                if (Double.isFinite(spread.median())) {
                    known.put(figure.words().path(), spread);
                }
            }
            figures.put(of.label(), known);
        }
        return figures;
    }

    /**
     * Each figure of the first engine by that of the other, round by round: of the rounds in which both runs are whole and have
     * the figure, without those that divide by nothing. Empty if there is no other.
     */
    Map<LoadFigure, Ratio> ratios() {
        Map<LoadFigure, Ratio> ratios = new LinkedHashMap<>();
        for (LoadFigure figure : LoadFigure.values()) {
            double[] known = runsOf(engine).stream()
                    .flatMapToDouble(run -> runsOf(other).stream()
                            .filter(second -> second.number() == run.number())
                            .mapToDouble(second -> figure.of(run) / figure.of(second)))
                    .filter(Double::isFinite)
                    .toArray();
            if (known.length > 0) {
                ratios.put(figure, new Ratio(Spread.of(known), known.length));
            }
        }
        return ratios;
    }

    /** The same in words, by what each figure is. */
    Map<String, String> ratioTexts() {
        Map<String, String> texts = new LinkedHashMap<>();
        ratios().forEach((figure, ratio) -> texts.put(figure.words().name(), ratio.text(rounds)));
        return texts;
    }

    Report report() {
        Map<String, Ratio> ratios = new LinkedHashMap<>();
        ratios().forEach((figure, ratio) -> ratios.put(figure.words().path(), ratio));
        return new Report(outcomes, figures(), other == null ? null : ratios);
    }

    String text() {
        StringBuilder text = new StringBuilder();
        figures().forEach((name, spreads) -> {
            title(text, name + ": median (from to)");
            spreads.forEach((figure, spread) -> line(text, figure, spread.text(LoadFigure.decimals(figure))));
        });
        if (other != null) {
            title(text, engine.label() + " / " + other.label() + ", round by round: median (from to)");
            ratios().forEach((figure, ratio) -> line(text, figure.words().path(), ratio.text(rounds)));
        }
        list(text, "warnings", warnings(runs));
        list(text, "failed, and left out above", failures);
        return text.toString();
    }

    private static void list(StringBuilder text, String title, List<String> entries) {
        if (!entries.isEmpty()) {
            title(text, title);
            entries.forEach(entry -> text.append(Console.format("  %s%n", Key.printable(entry))));
        }
    }

    private static void title(StringBuilder text, String title) {
        text.append(Console.format("%n%s%n", title));
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(Console.format("  %-26s %s%n", name, value));
    }
}
