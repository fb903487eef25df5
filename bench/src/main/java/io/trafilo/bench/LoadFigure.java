package io.trafilo.bench;

import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The figures of a load run that are compared. */
@SuppressWarnings("ImmutableEnumChecker") // functions without state
enum LoadFigure {
    RATE_WITHOUT_LOSS("rateWithoutLoss", "Highest rate without loss", "/s", 0, LoadFigure::rateWithoutLoss),
    HANDLED("handledPerSecond", "Handled per second", "", 0, report(LoadReport::handledPerSecond)),
    LOST("lost", "Lost", "", 0, report(report -> report.measured().lost())),
    CPU("cpuMicrosPerDatagram", "CPU per datagram", " µs", 2, report(LoadReport::cpuMicrosPerDatagram)),
    ALLOCATED(
            "allocatedBytesPerDatagram",
            "Allocated per datagram",
            " bytes",
            0,
            report(LoadReport::allocatedBytesPerDatagram)),
    LONGEST_PAUSE("gcPauseMillisMax", "Longest pause for garbage", " ms", 1, report(LoadReport::gcPauseMillisMax)),
    RETAINED("retainedTimestamps", "Retained timestamps", "", 0, report(LoadReport::retainedTimestamps)),
    RESIDENT("residentBytes", "Resident memory", " MiB", 0, report(LoadReport::residentBytes)),
    P50("latencyMicros.p50", "Latency from receipt, p50", " µs", 1, receipt(Latency::p50)),
    P99("latencyMicros.p99", "Latency from receipt, p99", " µs", 1, receipt(Latency::p99)),
    P999("latencyMicros.p999", "Latency from receipt, p99.9", " µs", 1, receipt(Latency::p999)),
    SEND_P50("sendLatencyMicros.p50", "Latency from when due, p50", " µs", 1, due(Latency::p50)),
    SEND_P99("sendLatencyMicros.p99", "Latency from when due, p99", " µs", 1, due(Latency::p99)),
    SEND_P999("sendLatencyMicros.p999", "Latency from when due, p99.9", " µs", 1, due(Latency::p999)),
    CEILING("blasterCeiling", "What the blaster can send alone", "/s", 0, report(report -> report.environment()
            .blasterCeiling()));

    private final Words words;
    private final ToDoubleFunction<LoadRun> value;

    /**
     * A figure as people read it.
     *
     * @param path where it stands in the JSON of a run
     * @param unit what follows the number
     */
    record Words(String path, String name, String unit, int decimals) {}

    LoadFigure(String path, String name, String unit, int decimals, ToDoubleFunction<LoadRun> value) {
        this.words = new Words(path, name, unit, decimals);
        this.value = value;
    }

    private static double rateWithoutLoss(LoadRun run) {
        return run.rateWithoutLoss() == null ? Double.NaN : run.rateWithoutLoss();
    }

    private static ToDoubleFunction<LoadRun> report(ToDoubleFunction<LoadReport> value) {
        return run -> value.applyAsDouble(run.report());
    }

    private static ToDoubleFunction<LoadRun> receipt(ToDoubleFunction<Latency> value) {
        return run -> micros(run.report().latencyMicros(), value);
    }

    private static ToDoubleFunction<LoadRun> due(ToDoubleFunction<Latency> value) {
        return run -> micros(run.report().sendLatencyMicros(), value);
    }

    private static double micros(@Nullable Latency latency, ToDoubleFunction<Latency> value) {
        return latency == null ? Double.NaN : value.applyAsDouble(latency);
    }

    /** With how many decimals to print the figure at a path; whole numbers have none. */
    static int decimals(String path) {
        return Stream.of(values())
                .map(LoadFigure::words)
                .filter(words -> words.path().equals(path))
                .findFirst()
                .orElseThrow()
                .decimals();
    }

    Words words() {
        return words;
    }

    /** NaN if the run does not have it. */
    double of(LoadRun run) {
        return value.applyAsDouble(run);
    }

    /** With its unit; empty if the run does not have it. */
    String text(LoadRun run) {
        double known = of(run);
        double shown = this == RESIDENT ? known / (1 << 20) : known;
        return Double.isNaN(known) ? "" : Console.format("%,." + words.decimals + "f" + words.unit, shown);
    }
}
