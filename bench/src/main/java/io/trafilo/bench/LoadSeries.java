package io.trafilo.bench;

import java.io.IOException;
import java.util.ArrayList;
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
    private final List<Map<String, Object>> ofEngine = new ArrayList<>();
    private final List<Map<String, Object>> ofOther = new ArrayList<>();
    private final List<Map<String, Object>> runs = new ArrayList<>();

    /** The report of one run. */
    interface Run {
        Map<String, Object> of(LoadEngine engine) throws IOException, InterruptedException;
    }

    static LoadSeries run(LoadEngine engine, @Nullable LoadEngine other, int rounds, Run run, Console console)
            throws IOException, InterruptedException {
        LoadSeries series = new LoadSeries();
        for (int round = 1; round <= rounds; round++) {
            if (other != null && round % 2 == 0) {
                series.add(series.ofOther, run.of(other), round, console);
            }
            series.add(series.ofEngine, run.of(engine), round, console);
            if (other != null && round % 2 == 1) {
                series.add(series.ofOther, run.of(other), round, console);
            }
        }
        return series;
    }

    private void add(List<Map<String, Object>> to, Map<String, Object> report, int round, Console console) {
        Map<String, Object> numbered = new LinkedHashMap<>();
        numbered.put("round", (long) round);
        numbered.putAll(report);
        to.add(numbered);
        runs.add(numbered);
        console.out()
                .printf(
                        Locale.ROOT,
                        "round %2d %-8s handled %,11.0f/s, lost %,d, %.2f us of processor time and %,.0f bytes each%s%s%s%n",
                        round,
                        report.get("engine"),
                        LoadFigures.figure(report, "handledPerSecond"),
                        (long) LoadFigures.figure(report, "lost"),
                        LoadFigures.figure(report, "cpuMicrosPerDatagram"),
                        LoadFigures.figure(report, "allocatedBytesPerDatagram"),
                        latencyText(report),
                        skippedText(report),
                        searchText(report));
        console.out().flush();
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

    List<Map<String, Object>> runs() {
        return runs;
    }

    private Map<String, Spread> spreads(int pairs, RoundFigure value) {
        Map<String, Spread> spreads = new LinkedHashMap<>();
        for (String name : LoadFigures.NAMES.keySet()) {
            List<Double> values = new ArrayList<>();
            for (int i = 0; i < pairs; i++) {
                double one = value.of(i, name);
                if (Double.isFinite(one)) {
                    values.add(one);
                }
            }
            if (!values.isEmpty()) {
                spreads.put(name, Spread.of(values));
            }
        }
        return spreads;
    }

    /** A figure of a round. */
    private interface RoundFigure {
        double of(int round, String name);
    }

    private Map<String, Spread> figures(List<Map<String, Object>> reports) {
        return spreads(reports.size(), (i, name) -> LoadFigures.figure(reports.get(i), name));
    }

    /** Each figure of the first engine by that of the other, round by round; without those that divide by nothing. */
    Map<String, Spread> ratios() {
        return spreads(
                ofOther.size(),
                (i, name) -> LoadFigures.figure(ofEngine.get(i), name) / LoadFigures.figure(ofOther.get(i), name));
    }

    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("runs", runs);
        Map<String, Object> figures = new LinkedHashMap<>();
        for (List<Map<String, Object>> reports : List.of(ofEngine, ofOther)) {
            if (!reports.isEmpty()) {
                figures.put(String.valueOf(reports.get(0).get("engine")), maps(figures(reports)));
            }
        }
        map.put("figures", figures);
        if (!ofOther.isEmpty()) {
            map.put("ratio", maps(ratios()));
        }
        return map;
    }

    private static Map<String, Object> maps(Map<String, Spread> spreads) {
        Map<String, Object> maps = new LinkedHashMap<>();
        spreads.forEach((name, spread) -> maps.put(name, spread.asMap()));
        return maps;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        for (List<Map<String, Object>> reports : List.of(ofEngine, ofOther)) {
            if (!reports.isEmpty()) {
                table(text, reports.get(0).get("engine") + ": median (from to)", figures(reports));
            }
        }
        if (!ofOther.isEmpty()) {
            String title =
                    ofEngine.get(0).get("engine") + " / " + ofOther.get(0).get("engine");
            table(text, title + ", round by round: median (from to)", ratios());
        }
        return text.toString();
    }

    private static void table(StringBuilder text, String title, Map<String, Spread> spreads) {
        text.append(String.format("%n%s%n", title));
        spreads.forEach((name, spread) -> text.append(String.format("  %-26s %s%n", name, spread.text())));
    }
}
