package io.trafilo.bench.report;

import java.util.List;

/**
 * A point of a latency distribution. A value that is not known is NaN.
 *
 * @param percentile in percent, from 0 to 100: 99.9 is what one in a thousand exceeds, 100 is the maximum
 * @param micros the latency at it, in microseconds
 */
public record Percentile(double percentile, double micros) {
    private static final double SAME_PERCENTILE = 1e-9;

    /** Refuses a percentile that is none. */
    public Percentile {
        if (percentile < 0 || percentile > 100) {
            throw new IllegalArgumentException("percentile: " + percentile + " (expected: 0 to 100, or NaN)");
        }
    }

    boolean isKnown() {
        return Double.isFinite(percentile) && Double.isFinite(micros);
    }

    /**
     * The latency at a percentile of a distribution, or, where it skips that, at the next one above, which is never lower. NaN
     * when it ends below.
     */
    static double micros(List<Percentile> distribution, double percentile) {
        double nearest = Double.POSITIVE_INFINITY;
        double micros = Double.NaN;
        for (Percentile point : distribution) {
            if (point.isKnown() && point.percentile() >= percentile - SAME_PERCENTILE && point.percentile() < nearest) {
                nearest = point.percentile();
                micros = point.micros();
            }
        }
        return micros;
    }
}
