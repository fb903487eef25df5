package io.trafilo.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Whether anything grew while a soak ran: the slope of each series, carried over the soak's length. */
record SoakVerdict(Duration length, List<SoakSample> samples, List<Series> series) {
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
     */
    record Series(
            String name, String unit, int samples, double median, double growth, double leastGrowth, double allowed) {
        /** A series that is not there, because the system does not tell, does not grow. */
        boolean steady() {
            return samples == 0 || (samples >= LEAST_SAMPLES && (growth <= allowed || leastGrowth <= 0));
        }

        private String state() {
            return samples == 0
                    ? "not known"
                    : samples < LEAST_SAMPLES ? "TOO FEW SAMPLES" : steady() ? "steady" : "GROWS";
        }

        String text() {
            return String.format(
                    Locale.ROOT,
                    "  %-14s %,12.1f %-4s %+,12.1f (allowed %,.1f)  %s%n",
                    name,
                    median,
                    unit,
                    growth,
                    allowed,
                    state());
        }

        private Map<String, Object> asMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("unit", unit);
            map.put("samples", samples);
            map.put("median", median);
            map.put("growth", growth);
            map.put("leastGrowth", leastGrowth);
            map.put("allowed", allowed);
            map.put("steady", steady());
            return map;
        }
    }

    static SoakVerdict of(Duration length, List<SoakSample> samples) {
        List<Series> series = List.of(
                // buffers come in chunks of some MiB, and so does what the JVM itself takes
                series("heap", "MiB", length, samples, sample -> sample.heapBytes() / MIB, 0.05, 8),
                series("direct", "MiB", length, samples, sample -> sample.directBytes() / MIB, 0.05, 8),
                series("resident", "MiB", length, samples, sample -> sample.residentBytes() / MIB, 0.05, 32),
                series("threads", "", length, samples, SoakSample::threads, 0, 2),
                series("open files", "", length, samples, SoakSample::openFiles, 0, 4),
                series("p99.9", "us", length, samples, SoakSample::p999Micros, 0.5, 1_000));
        return new SoakVerdict(length, samples, series);
    }

    static Series series(
            String name,
            String unit,
            Duration length,
            List<SoakSample> samples,
            ToDoubleFunction<SoakSample> value,
            double allowedPart,
            double allowedLeast) {
        double seconds = length.toNanos() / 1e9;
        List<SoakSample> settled = new ArrayList<>();
        for (SoakSample sample : samples) {
            if (sample.seconds() >= SETTLING * seconds && Double.isFinite(value.applyAsDouble(sample))) {
                settled.add(sample);
            }
        }
        double[] x = settled.stream().mapToDouble(SoakSample::seconds).toArray();
        double[] y = settled.stream().mapToDouble(value).toArray();
        double median = y.length == 0 ? Double.NaN : Slope.median(y);
        double allowed = y.length == 0 ? allowedLeast : Math.max(allowedPart * median, allowedLeast);
        Slope slope = Slope.of(x, y);
        return new Series(name, unit, y.length, median, slope.median() * seconds, slope.least() * seconds, allowed);
    }

    boolean steady() {
        return series.stream().allMatch(Series::steady);
    }

    String text() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%nsoak of %s: median, and what the slope makes over that time%n",
                DurationConverter.text(length)));
        series.forEach(one -> text.append(one.text()));
        return text.append(String.format("steady: %s%n", steady())).toString();
    }

    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("length", DurationConverter.text(length));
        map.put("steady", steady());
        Map<String, Object> slopes = new LinkedHashMap<>();
        series.forEach(one -> slopes.put(one.name(), one.asMap()));
        map.put("series", slopes);
        map.put("samples", samples.stream().map(SoakSample::asMap).toList());
        return map;
    }
}
