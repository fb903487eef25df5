package io.trafilo.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The runs of one engine, one a round, at least one. */
record EngineRuns(LoadEngine engine, List<LoadRun> rounds) {
    /** Runs by engine, in the order in which the engines first appear. */
    static List<EngineRuns> of(List<LoadRun> runs) {
        Map<LoadEngine, List<LoadRun>> byEngine = new LinkedHashMap<>();
        runs.forEach(run ->
                byEngine.computeIfAbsent(run.engine(), any -> new ArrayList<>()).add(run));
        return byEngine.entrySet().stream()
                .map(entry -> new EngineRuns(entry.getKey(), entry.getValue()))
                .toList();
    }

    String name() {
        return engine.label();
    }

    /** The round that stands for all: the median by handled per second, the lower of the middle two. */
    LoadRun shown() {
        return rounds.stream()
                .sorted(Comparator.comparingDouble(LoadFigure.HANDLED::of))
                .toList()
                .get((rounds.size() - 1) / 2);
    }

    /** Over the rounds in which the value is known. */
    Spread spread(ToDoubleFunction<LoadRun> value) {
        return Spread.of(
                rounds.stream().mapToDouble(value).filter(Double::isFinite).toArray());
    }
}
