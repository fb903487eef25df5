package io.trafilo.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rounds of load runs, of one engine or of two in turn. Who begins alternates, so that neither always comes after the other; a
 * ratio is taken within a round, between runs that saw the same weather.
 */
final class LoadSeries {
    private static final String FAILED = "failed";

    private final LoadEngine engine;
    private final @Nullable LoadEngine other;
    private final int rounds;

    /** All runs in their order, the failed ones too. */
    private final List<Map<String, Object>> runs = new ArrayList<>();

    private LoadSeries(LoadEngine engine, @Nullable LoadEngine other, int rounds) {
        this.engine = engine;
        this.other = other;
        this.rounds = rounds;
    }

    /** The report of one run. */
    interface Run {
        /** Throws {@link FailureException} if the run failed and others need not. */
        Map<String, Object> of(LoadEngine engine) throws IOException, InterruptedException;
    }

    static LoadSeries run(LoadEngine engine, @Nullable LoadEngine other, int rounds, Run run, Console console)
            throws IOException, InterruptedException {
        LoadSeries series = new LoadSeries(engine, other, rounds);
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
        Map<String, Object> numbered = new LinkedHashMap<>();
        numbered.put("round", (long) round);
        try {
            numbered.putAll(run.of(of));
            print(numbered, console);
        } catch (FailureException failure) {
            numbered.put("engine", of.label());
            numbered.put(FAILED, String.valueOf(failure.getMessage()));
            console.out().println(failureText(numbered));
        }
        console.out().flush();
        runs.add(numbered);
    }

    private static void print(Map<String, Object> report, Console console) {
        console.out()
                .printf(
                        Locale.ROOT,
                        "round %2d %-8s handled %,11.0f/s, lost %,d, %.2f us of processor time and %,.0f bytes each%s%s%s%n",
                        (long) LoadFigures.figure(report, "round"),
                        report.get("engine"),
                        LoadFigures.figure(report, "handledPerSecond"),
                        (long) LoadFigures.figure(report, "lost"),
                        LoadFigures.figure(report, "cpuMicrosPerDatagram"),
                        LoadFigures.figure(report, "allocatedBytesPerDatagram"),
                        latencyText(report),
                        skippedText(report),
                        searchText(report));
    }

    private static String failureText(Map<String, Object> run) {
        return run.get("engine") + ", round " + run.get("round") + ", failed: " + run.get(FAILED);
    }

    private static String latencyText(Map<String, Object> report) {
        double p999 = LoadFigures.figure(report, "latencyMicros.p999");
        return Double.isNaN(p999)
                ? ""
                : String.format(
                        Locale.ROOT,
                        ", p99 %,.0f us, p99.9 %,.0f us",
                        LoadFigures.figure(report, "latencyMicros.p99"),
                        p999);
    }

    private static String skippedText(Map<String, Object> report) {
        double skipped = LoadFigures.figure(report, "blaster.skipped");
        return skipped > 0 ? String.format(Locale.ROOT, ", %,.0f not sent in time", skipped) : "";
    }

    private static String searchText(Map<String, Object> report) {
        String found = LoadRamp.text(report);
        return found.isEmpty() ? "" : "; " + found;
    }

    /** The reports of the runs that did not fail. */
    List<Map<String, Object>> runs() {
        return runs.stream().filter(run -> !run.containsKey(FAILED)).toList();
    }

    /** Which runs failed, and why. */
    List<String> failures() {
        return runs.stream()
                .filter(run -> run.containsKey(FAILED))
                .map(LoadSeries::failureText)
                .toList();
    }

    /** What makes the figures of single runs other than they seem; each text once for all runs that have it. */
    private List<String> warnings() {
        Map<String, List<String>> runsByText = new LinkedHashMap<>();
        for (Map<String, Object> run : runs()) {
            String name = run.get("engine") + " " + run.get("round");
            LoadFacts.warnings(run).forEach(text -> runsByText
                    .computeIfAbsent(text, any -> new ArrayList<>())
                    .add(name));
        }
        return runsByText.entrySet().stream()
                .map(warning -> warning.getKey() + " (" + String.join(", ", warning.getValue()) + ")")
                .toList();
    }

    private Map<Object, Map<String, Object>> byRound(LoadEngine of) {
        Map<Object, Map<String, Object>> reports = new LinkedHashMap<>();
        runs().stream()
                .filter(run -> of.label().equals(run.get("engine")))
                .forEach(run -> reports.put(run.get("round"), run));
        return reports;
    }

    private Map<String, Spread> figures(LoadEngine of) {
        Map<String, Spread> spreads = new LinkedHashMap<>();
        Collection<Map<String, Object>> reports = byRound(of).values();
        for (String name : LoadFigures.NAMES.keySet()) {
            List<Double> known = reports.stream()
                    .map(report -> LoadFigures.figure(report, name))
                    .filter(Double::isFinite)
                    .toList();
            if (!known.isEmpty()) {
                spreads.put(name, Spread.of(known));
            }
        }
        return spreads;
    }

    /**
     * Each figure of the first engine by that of the other, round by round: of the rounds in which both runs are whole and have
     * the figure, without those that divide by nothing. Empty if there is no other.
     */
    Map<String, LoadRatio> ratios() {
        Map<String, LoadRatio> ratios = new LinkedHashMap<>();
        if (other == null) {
            return ratios;
        }
        Map<Object, Map<String, Object>> ofEngine = byRound(engine);
        Map<Object, Map<String, Object>> ofOther = byRound(other);
        ofEngine.keySet().retainAll(ofOther.keySet());
        for (String name : LoadFigures.NAMES.keySet()) {
            List<Double> known = new ArrayList<>();
            ofEngine.forEach((round, report) -> {
                double ratio = LoadFigures.figure(report, name)
                        / LoadFigures.figure(ofOther.getOrDefault(round, Map.of()), name);
                if (Double.isFinite(ratio)) {
                    known.add(ratio);
                }
            });
            if (!known.isEmpty()) {
                ratios.put(name, new LoadRatio(Spread.of(known), known.size(), rounds));
            }
        }
        return ratios;
    }

    private List<LoadEngine> engines() {
        return other == null ? List.of(engine) : List.of(engine, other);
    }

    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("runs", runs);
        Map<String, Object> figures = new LinkedHashMap<>();
        for (LoadEngine of : engines()) {
            Map<String, Object> spreads = new LinkedHashMap<>();
            figures(of).forEach((name, spread) -> spreads.put(name, spread.asMap()));
            figures.put(of.label(), spreads);
        }
        map.put("figures", figures);
        if (other != null) {
            Map<String, Object> ratios = new LinkedHashMap<>();
            ratios().forEach((name, ratio) -> ratios.put(name, ratio.asMap()));
            map.put("ratio", ratios);
        }
        return map;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        for (LoadEngine of : engines()) {
            title(text, of.label() + ": median (from to)");
            figures(of).forEach((name, spread) -> line(text, name, spread.text()));
        }
        if (other != null) {
            title(text, engine.label() + " / " + other.label() + ", round by round: median (from to)");
            ratios().forEach((name, ratio) -> line(text, name, ratio.text()));
        }
        if (!warnings().isEmpty()) {
            title(text, "warnings");
            warnings().forEach(warning -> text.append(String.format("  %s%n", warning)));
        }
        if (!failures().isEmpty()) {
            title(text, "failed, and left out above");
            failures().forEach(failure -> text.append(String.format("  %s%n", failure)));
        }
        return text.toString();
    }

    private static void title(StringBuilder text, String title) {
        text.append(String.format("%n%s%n", title));
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format("  %-26s %s%n", name, value));
    }
}
