package io.trafilo.bench.report;

/**
 * A point of a latency distribution. A value that is not known is NaN.
 *
 * @param percentile in percent, from 0 to 100: 99.9 is what one in a thousand exceeds, 100 is the maximum
 * @param micros the latency at it, in microseconds
 */
public record Percentile(double percentile, double micros) {
    /** Refuses a percentile that is none. */
    public Percentile {
        if (percentile < 0 || percentile > 100) {
            throw new IllegalArgumentException("percentile: " + percentile + " (expected: 0 to 100, or NaN)");
        }
    }

    boolean isKnown() {
        return Double.isFinite(percentile) && Double.isFinite(micros);
    }
}
