package io.trafilo.bench;

import io.trafilo.bench.report.Figures;
import io.trafilo.bench.report.Plot;
import io.trafilo.bench.report.Plot.Kind;
import io.trafilo.bench.report.Plot.Line;
import io.trafilo.bench.report.Plot.Panel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The plots of load runs: of each engine the median round. */
final class LoadPlots {
    private static final String SECONDS = "seconds since the measured phase began";
    private static final double ONE_NANO_IN_MICROS = 0.001;

    private final List<EngineRuns> engines;

    LoadPlots(List<LoadRun> runs) {
        this.engines = EngineRuns.of(runs);
    }

    /** All there are; the comparison only if there is something to compare. */
    List<Plot> all() {
        List<Plot> plots = new ArrayList<>();
        if (engines.size() > 1) {
            plots.add(comparison());
        }
        plots.add(throughput());
        plots.add(latency(
                "Latency from receipt to handler",
                LoadReport::latencyMicros,
                "What the engine adds, once it has read a datagram."));
        Plot fromDue = latency(
                "Latency from when due to handler",
                LoadReport::sendLatencyMicros,
                "From when each datagram was to be sent: the wait in the kernel is in it, and the time by which the sender"
                        + " was late. At full speed nothing is ever due, and it is from the sending.");
        if (!fromDue.panels().isEmpty()) {
            plots.add(fromDue);
        }
        ring().ifPresent(plots::add);
        return plots;
    }

    /** Bars side by side: the medians over the rounds, and the single rounds. */
    Plot comparison() {
        List<Panel> panels = List.of(
                bars("Handled", "datagrams / s, more is better", LoadFigure.HANDLED),
                bars("CPU per datagram", "µs, less is better", LoadFigure.CPU),
                bars("Latency at 99.9 %", "µs from receipt, less is better", LoadFigure.P999));
        boolean rounds = engines.stream().anyMatch(engine -> engine.rounds().size() > 1);
        String words = panels.stream()
                .map(panel -> panel.title() + ", " + panel.y() + ": "
                        + each(panel, line -> words(line.ys().get(0))))
                .collect(Collectors.joining(". "));
        return new Plot(
                "Comparison",
                words + ".",
                "Each plot has an axis of its own, from zero."
                        + (rounds ? " The bars are medians over the rounds, the dots single rounds." : ""),
                panels);
    }

    private Panel bars(String title, String unit, LoadFigure figure) {
        return new Panel(title, "", unit, Kind.BARS, lines(engine -> {
            List<Double> values = new ArrayList<>();
            values.add(engine.spread(figure::of).median());
            if (engine.rounds().size() > 1) {
                engine.rounds().forEach(run -> values.add(figure.of(run)));
            }
            return new Points(List.of(), values);
        }));
    }

    private Plot throughput() {
        Panel received = overTime("", "", LoadSampler.Sample::receivedPerSecond);
        Panel handled = overTime("Received and handled", "datagrams / s", LoadSampler.Sample::handledPerSecond);
        Panel lost = overTime("Lost", "datagrams / s", LoadSampler.Sample::lostPerSecond);
        if (handled.lines().stream().allMatch(line -> line.ys().isEmpty())) {
            String nothing = "No samples were taken.";
            return new Plot("Throughput and losses over time", nothing, nothing, List.of());
        }
        List<Line> both = new ArrayList<>();
        received.lines().forEach(line -> both.add(line.below(line.name() + " received")));
        both.addAll(handled.lines());
        return new Plot(
                "Throughput and losses over time",
                "Datagrams handled per second: " + each(handled, LoadPlots::upTo) + ". Lost per second: "
                        + each(lost, LoadPlots::upTo) + ".",
                "Above, the broad pale line is what was received, the thin line what was handled; below, on an axis of its"
                        + " own, what was lost." + shownRounds(),
                List.of(new Panel(handled.title(), SECONDS, handled.y(), Kind.LINES, both), lost));
    }

    private Optional<Plot> ring() {
        Panel panel = overTime(
                "Ring fill",
                "% of the ring",
                sample -> sample.ringFill() == null ? Double.NaN : 100 * sample.ringFill());
        if (panel.lines().stream().allMatch(line -> Double.isNaN(line.largest()))) {
            return Optional.empty();
        }
        return Optional.of(new Plot(
                "Ring fill over time",
                "How full the ring was, in %: " + each(panel, LoadPlots::upTo) + ".",
                "How full the ring was at the moment of each sample. The axis ends near the highest fill seen, not at 100 %."
                        + shownRounds(),
                List.of(panel)));
    }

    private Panel overTime(String title, String unit, Function<LoadSampler.Sample, Double> value) {
        return new Panel(title, SECONDS, unit, Kind.LINES, lines(engine -> {
            List<LoadSampler.Sample> samples = engine.shown().report().samples();
            return new Points(
                    samples.stream().map(LoadSampler.Sample::seconds).toList(),
                    samples.stream().map(value).toList());
        }));
    }

    /** By percentile, on the scale of HdrHistogram. The maximum, at infinity on this scale, is told in words. */
    private Plot latency(String heading, Function<LoadReport, @Nullable Latency> which, String meaning) {
        List<EngineRuns> known = engines.stream()
                .filter(engine -> which.apply(engine.shown().report()) != null)
                .toList();
        if (known.isEmpty()) {
            String nothing = "No latency was measured.";
            return new Plot(heading, nothing, nothing, List.of());
        }
        List<String> words = new ArrayList<>();
        List<String> maxima = new ArrayList<>();
        Panel panel = new Panel(heading, "percentile", "µs, logarithmic", Kind.PERCENTILES, lines(engine -> {
            Latency latency = which.apply(engine.shown().report());
            if (latency == null) {
                return new Points(List.of(), List.of());
            }
            words.add(engine.name() + " " + Figures.number(latency.p50()) + " µs at 50 %, "
                    + Figures.number(latency.p99()) + " µs at 99 %, " + Figures.number(latency.p999())
                    + " µs at 99.9 %");
            maxima.add(engine.name() + " " + Figures.number(latency.max()) + " µs");
            return curve(latency);
        }));
        return new Plot(
                heading,
                "Latency by percentile: " + String.join("; ", words) + ".",
                meaning
                        + " Both axes are logarithmic: each step to the right is the slowest tenth of what lies right of the"
                        + " step before. Beyond the right edge lies the maximum: " + String.join(", ", maxima) + "."
                        + shownRounds(),
                List.of(panel));
    }

    private static Points curve(Latency latency) {
        List<Latency.Point> points = new ArrayList<>(latency.distribution());
        points.add(new Latency.Point(50, latency.p50()));
        points.add(new Latency.Point(99, latency.p99()));
        points.add(new Latency.Point(99.9, latency.p999()));
        points.removeIf(point -> point.percentile() >= 100);
        points.sort(Comparator.comparingDouble(Latency.Point::percentile));
        return new Points(
                points.stream().map(point -> nines(point.percentile())).toList(),
                // the axis has no zero: what was faster than the clock can tell is drawn at the least it can
                points.stream()
                        .map(point -> Math.max(point.micros(), ONE_NANO_IN_MICROS))
                        .toList());
    }

    /** 0 for 0 %, 1 for 90 %, 2 for 99 % and so on. */
    static double nines(double percentile) {
        return -Math.log10(1 - percentile / 100);
    }

    private record Points(List<Double> xs, List<Double> ys) {}

    /** A line for each engine, in its colour. */
    private List<Line> lines(Function<EngineRuns, Points> points) {
        return IntStream.range(0, engines.size())
                .mapToObj(i -> {
                    Points of = points.apply(engines.get(i));
                    return Line.of(engines.get(i).name(), i, of.xs, of.ys);
                })
                .toList();
    }

    private static String each(Panel panel, Function<Line, String> words) {
        return panel.lines().stream()
                .map(line -> line.name() + " " + words.apply(line))
                .collect(Collectors.joining(", "));
    }

    private static String upTo(Line line) {
        double largest = line.largest();
        return Double.isNaN(largest) ? "not known" : "up to " + Figures.number(largest);
    }

    private static String words(double value) {
        return Double.isFinite(value) ? Figures.number(value) : "not known";
    }

    private String shownRounds() {
        if (engines.stream().allMatch(engine -> engine.rounds().size() == 1)) {
            return "";
        }
        return " Shown is the median round by handled per second: "
                + engines.stream()
                        .map(engine ->
                                engine.name() + " round " + engine.shown().number() + " of "
                                        + engine.rounds().size())
                        .collect(Collectors.joining(", "))
                + ".";
    }
}
