package io.trafilo.bench;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** A distribution of latencies, in microseconds. */
record Latency(double p50, double p99, double p999, double max, long count, List<Point> distribution) {
    private static final int TICKS_PER_HALF_DISTANCE = 5;

    /** So many percent took so long at most. */
    record Point(double percentile, double micros) {}

    static Latency of(Histogram histogram) {
        List<Point> points = new ArrayList<>();
        for (HistogramIterationValue value : histogram.percentiles(TICKS_PER_HALF_DISTANCE)) {
            points.add(new Point(value.getPercentileLevelIteratedTo(), value.getValueIteratedTo() / 1e3));
        }
        return new Latency(
                histogram.getValueAtPercentile(50) / 1e3,
                histogram.getValueAtPercentile(99) / 1e3,
                histogram.getValueAtPercentile(99.9) / 1e3,
                histogram.getMaxValue() / 1e3,
                histogram.getTotalCount(),
                List.copyOf(points));
    }
}
