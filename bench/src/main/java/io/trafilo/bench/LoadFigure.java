package io.trafilo.bench;

import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The figures of a load run that are compared. */
@SuppressWarnings("ImmutableEnumChecker") // functions without state
enum LoadFigure {
    RATE_WITHOUT_LOSS("rateWithoutLoss", "Highest rate without loss", "%,.0f/s", LoadRun::rateWithoutLoss),
    HANDLED("handledPerSecond", "Handled per second", "%,.0f", report(LoadReport::handledPerSecond)),
    LOST("lost", "Lost", "%,.0f", report(report -> report.measured().lost())),
    CPU("cpuMicrosPerDatagram", "CPU per datagram", "%,.2f µs", report(LoadReport::cpuMicrosPerDatagram)),
    ALLOCATED(
            "allocatedBytesPerDatagram",
            "Allocated per datagram",
            "%,.0f bytes",
            report(LoadReport::allocatedBytesPerDatagram)),
    LONGEST_PAUSE("gcPauseMillisMax", "Longest pause for garbage", "%,.1f ms", report(LoadReport::gcPauseMillisMax)),
    RETAINED("retainedTimestamps", "Retained timestamps", "%,.0f", report(LoadReport::retainedTimestamps)),
    RESIDENT("residentBytes", "Resident memory", "%,.0f MiB", report(LoadReport::residentBytes)),
    P50("latencyMicros.p50", "Latency from receipt, p50", receipt(Latency::p50)),
    P99("latencyMicros.p99", "Latency from receipt, p99", receipt(Latency::p99)),
    P999("latencyMicros.p999", "Latency from receipt, p99.9", receipt(Latency::p999)),
    SEND_P50("sendLatencyMicros.p50", "Latency from when due, p50", due(Latency::p50)),
    SEND_P99("sendLatencyMicros.p99", "Latency from when due, p99", due(Latency::p99)),
    SEND_P999("sendLatencyMicros.p999", "Latency from when due, p99.9", due(Latency::p999)),
    CEILING("blasterCeiling", "What the blaster can send alone", "%,.0f/s", report(report -> report.environment()
            .blasterCeiling()));

    private final String path;
    private final String words;
    private final String format;
    private final Function<LoadRun, @Nullable Number> value;

    LoadFigure(String path, String words, Function<LoadRun, @Nullable Number> micros) {
        this(path, words, "%,.1f µs", micros);
    }

    LoadFigure(String path, String words, String format, Function<LoadRun, @Nullable Number> value) {
        this.path = path;
        this.words = words;
        this.format = format;
        this.value = value;
    }

    private static Function<LoadRun, @Nullable Number> report(ToDoubleFunction<LoadReport> value) {
        return run -> value.applyAsDouble(run.report());
    }

    private static Function<LoadRun, @Nullable Number> receipt(ToDoubleFunction<Latency> value) {
        return run -> of(run.report().latencyMicros(), value);
    }

    private static Function<LoadRun, @Nullable Number> due(ToDoubleFunction<Latency> value) {
        return run -> of(run.report().sendLatencyMicros(), value);
    }

    private static @Nullable Number of(@Nullable Latency latency, ToDoubleFunction<Latency> value) {
        return latency == null ? null : (Number) value.applyAsDouble(latency);
    }

    /** Where it stands in the JSON of a run. */
    String path() {
        return path;
    }

    /** What it is, for people. */
    String words() {
        return words;
    }

    /** NaN if the run does not have it. */
    double of(LoadRun run) {
        Number known = value.apply(run);
        return known == null ? Double.NaN : known.doubleValue();
    }

    /** With its unit; empty if the run does not have it. */
    String text(LoadRun run) {
        double known = of(run);
        double shown = this == RESIDENT ? known / (1 << 20) : known;
        return Double.isNaN(known) ? "" : String.format(Locale.ROOT, format, shown);
    }
}
