package io.trafilo.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Whether anything grew while a soak ran: the slope of each series, carried over the soak's length. */
record SoakVerdict(Duration length, boolean steady, Map<String, Series> series, List<SoakSampler.Sample> samples) {
    /** What comes before is left out: what fills up once, such as windows and pools, is not a leak. */
    private static final double SETTLING = 0.2;

    private static final int LEAST_SAMPLES = 8;
    private static final double MIB = 1 << 20;

    /**
     * One series.
     *
     * @param median of its values
     * @param growth what its slope makes of it over the whole length
     * @param leastGrowth what it makes of it at the least, given how much the values scatter
     * @param allowed the growth up to which it counts as steady
     * @param steady whether it does not grow; one that is not there, because the system does not tell, does not
     */
    record Series(
            String unit,
            int samples,
            double median,
            double growth,
            double leastGrowth,
            double allowed,
            boolean steady) {

        private String state() {
            return samples == 0
                    ? "not known"
                    : samples < LEAST_SAMPLES ? "TOO FEW SAMPLES" : steady ? "steady" : "GROWS";
        }

        String text(String name) {
            return Console.format(
                    "  %-14s %,12.1f %-4s %+,12.1f (allowed %,.1f)  %s%n",
                    name, median, unit, growth, allowed, state());
        }
    }

    static SoakVerdict of(Duration length, List<SoakSampler.Sample> samples) {
        Map<String, Series> series = new LinkedHashMap<>();
        // buffers come in chunks of some MiB, and so does what the JVM itself takes
        series.put("heap", series("MiB", length, samples, sample -> sample.heapBytes() / MIB, 0.05, 8));
        series.put("direct", series("MiB", length, samples, sample -> sample.directBytes() / MIB, 0.05, 8));
        series.put("resident", series("MiB", length, samples, sample -> sample.residentBytes() / MIB, 0.05, 32));
        series.put("threads", series("", length, samples, SoakSampler.Sample::threads, 0, 2));
        series.put("open files", series("", length, samples, SoakSampler.Sample::openFiles, 0, 4));
        series.put("p99.9", series("us", length, samples, SoakSampler.Sample::p999Micros, 0.5, 1_000));
        return new SoakVerdict(length, series.values().stream().allMatch(Series::steady), series, samples);
    }

    private static Series series(
            String unit,
            Duration length,
            List<SoakSampler.Sample> samples,
            ToDoubleFunction<SoakSampler.Sample> value,
            double allowedPart,
            double allowedLeast) {
        double seconds = length.toNanos() / 1e9;
        List<SoakSampler.Sample> settled = samples.stream()
                .filter(sample ->
                        sample.seconds() >= SETTLING * seconds && Double.isFinite(value.applyAsDouble(sample)))
                .toList();
        double[] x = settled.stream().mapToDouble(SoakSampler.Sample::seconds).toArray();
        double[] y = settled.stream().mapToDouble(value).toArray();
        double median = Spread.of(y).median();
        double allowed = y.length == 0 ? allowedLeast : Math.max(allowedPart * median, allowedLeast);
        Slope slope = Slope.of(x, y);
        double growth = slope.median() * seconds;
        double leastGrowth = slope.least() * seconds;
        boolean steady = y.length == 0 || (y.length >= LEAST_SAMPLES && (growth <= allowed || leastGrowth <= 0));
        return new Series(unit, y.length, median, growth, leastGrowth, allowed, steady);
    }

    String text() {
        StringBuilder text = new StringBuilder();
        text.append(Console.format(
                "%nsoak of %s: median, and what the slope makes over that time%n", DurationConverter.text(length)));
        series.forEach((name, one) -> text.append(one.text(name)));
        return text.append(Console.format("steady: %s%n", steady)).toString();
    }
}
