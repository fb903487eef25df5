package io.trafilo.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A key of {@link NaiveModel}. */
final class NaiveKey {
    final List<Long> times = new ArrayList<>();

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

    void add(long time) {
        times.add(time);
        Collections.sort(times);
    }

    int expire(long startNanos) {
        int before = times.size();
        times.removeIf(time -> time < startNanos);
        lost.removeIf(time -> time < startNanos);
        return before - times.size();
    }
}
