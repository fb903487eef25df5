package io.trafilo.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A key of {@link NaiveModel}. */
final class NaiveKey {
    final List<Long> times = new ArrayList<>();

    private record Valued(long time, double value, double weight) {}

    private final List<Valued> values = new ArrayList<>();

    /** Those that went early and would still be in the window. */
    final List<Long> lost = new ArrayList<>();

    long total;
    long lastEventNanos;

    @Nullable
    Long lastEmissionNanos;

    /** The newest event time, on the time basis EVENT. */
    @Nullable
    Long newestNanos;

    /** Whether its window has changed, or not been empty, since the sink heard of it. */
    boolean owes;

    void add(long time, String payload) {
        values.add(new Valued(time, Payloads.value(payload), Payloads.weight(payload)));
        times.add(time);
        Collections.sort(times);
    }

    int expire(long startNanos) {
        int before = times.size();
        times.removeIf(time -> time < startNanos);
        values.removeIf(valued -> valued.time < startNanos);
        lost.removeIf(time -> time < startNanos);
        return before - times.size();
    }

    /** What all values in the window come to; all sums are exact. */
    Said.Values values() {
        double sum = 0;
        double weightedCount = 0;
        double min = Double.NaN;
        double max = Double.NaN;
        for (Valued valued : values) {
            weightedCount += valued.weight;
            if (!Double.isNaN(valued.value)) {
                sum += valued.weight * valued.value;
                min = min <= valued.value ? min : valued.value;
                max = max >= valued.value ? max : valued.value;
            }
        }
        return new Said.Values(sum, min, max, weightedCount);
    }
}
