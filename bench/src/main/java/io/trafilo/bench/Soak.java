package io.trafilo.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** A long load run, and whether the process was the same at its end as at its beginning. */
record Soak(LoadReport report, SoakVerdict verdict) {
    static final Duration SHORTEST = Duration.ofSeconds(30);

    private static final double PART_OF_CAPACITY = 0.7;
    private static final Duration CAPACITY_WARMUP = Duration.ofSeconds(9);
    private static final Duration CAPACITY_DURATION = Duration.ofSeconds(5);

    /** Runs at the rate of the settings, or if that was not asked for at a part of what a short run can handle. */
    static Soak run(LoadSettings settings, Duration length, boolean rateGiven, Console console)
            throws IOException, InterruptedException {
        long rate = rateGiven ? settings.rate() : rate(settings, console);
        SoakSampler sampler = new SoakSampler(length);
        LoadReport report = new LoadTest(settings.with(rate, length, settings.warmup()), console, sampler).run();
        return new Soak(report, SoakVerdict.of(length, sampler.samples()));
    }

    private static long rate(LoadSettings settings, Console console) throws IOException, InterruptedException {
        LoadReport report = new LoadTest(settings.with(0, CAPACITY_DURATION, CAPACITY_WARMUP), console).run();
        double handledPerSecond = report.measured().handledPerSecond();
        long rate = Math.max(1, Math.round(PART_OF_CAPACITY * handledPerSecond));
        console.out()
                .printf(
                        Locale.ROOT,
                        "it handles %,.0f/s at the most; the soak runs at %,d/s%n",
                        handledPerSecond,
                        rate);
        return rate;
    }

    /** Whether every datagram is accounted for, and nothing grew. */
    boolean passed() {
        return report.conserved() && verdict.steady();
    }

    String text() {
        return report.text() + verdict.text();
    }

    Map<String, Object> asMap() {
        Map<String, Object> map = report.asMap();
        map.put("soak", verdict.asMap());
        return map;
    }
}
