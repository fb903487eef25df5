package io.trafilo.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** A distribution of latencies, in microseconds. */
record Latency(long count, double p50, double p99, double p999, double max, List<Point> distribution) {
    private static final int TICKS_PER_HALF_DISTANCE = 5;

    /** So many percent took so long at most. */
    record Point(double percentile, double micros) {
        Map<String, Object> asMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("percentile", percentile);
            map.put("micros", micros);
            return map;
        }
    }

    static Latency of(Histogram histogram) {
        List<Point> points = new ArrayList<>();
        for (HistogramIterationValue value : histogram.percentiles(TICKS_PER_HALF_DISTANCE)) {
            points.add(new Point(value.getPercentileLevelIteratedTo(), value.getValueIteratedTo() / 1e3));
        }
        return new Latency(
                histogram.getTotalCount(),
                histogram.getValueAtPercentile(50) / 1e3,
                histogram.getValueAtPercentile(99) / 1e3,
                histogram.getValueAtPercentile(99.9) / 1e3,
                histogram.getMaxValue() / 1e3,
                List.copyOf(points));
    }

    String text() {
        return String.format(
                Locale.ROOT, "p50 %,.1f us, p99 %,.1f us, p99.9 %,.1f us, max %,.1f us", p50, p99, p999, max);
    }

    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("p50", p50);
        map.put("p99", p99);
        map.put("p999", p999);
        map.put("max", max);
        map.put("count", count);
        map.put("distribution", distribution.stream().map(Point::asMap).toList());
        return map;
    }
}
