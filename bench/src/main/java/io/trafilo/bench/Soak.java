package io.trafilo.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** A long load run, and whether the process was the same at its end as at its beginning; not known if it was stopped. */
final class Soak {
    static final Duration SHORTEST = Duration.ofSeconds(30);

    private static final double PART_OF_CAPACITY = 0.7;
    private static final Duration CAPACITY_WARMUP = Duration.ofSeconds(9);
    private static final Duration CAPACITY_DURATION = Duration.ofSeconds(5);

    private Soak() {}

    /** Runs at the rate of the settings, or if that was not asked for at a part of what a short run can handle. */
    static LoadRun run(LoadSettings settings, Duration length, boolean rateGiven, Console console, BooleanSupplier stop)
            throws IOException, InterruptedException {
        long rate = rateGiven ? settings.rate() : rate(settings, console, stop);
        LatencyRecorder latencies = new LatencyRecorder(true);
        SoakSampler sampler = new SoakSampler(length, latencies);
        LoadSettings longer = settings.with(rate, length, settings.warmup());
        LoadReport report = new LoadTest(longer, console, LoadTest::open, latencies, sampler, stop).run();
        LoadRun run = LoadRun.of(report);
        return report.blaster().isStopped() ? run : run.withSoak(SoakVerdict.of(length, sampler.samples()));
    }

    private static long rate(LoadSettings settings, Console console, BooleanSupplier stop)
            throws IOException, InterruptedException {
        LoadReport report =
                new LoadTest(settings.with(0, CAPACITY_DURATION, CAPACITY_WARMUP), console, LoadTest::open, stop).run();
        if (stop.getAsBoolean()) {
            throw new FailureException("stopped before the soak began");
        }
        double handledPerSecond = report.handledPerSecond();
        long rate = Math.max(1, Math.round(PART_OF_CAPACITY * handledPerSecond));
        console.say("it handles %,.0f/s at the most; the soak runs at %,d/s", handledPerSecond, rate);
        return rate;
    }
}
