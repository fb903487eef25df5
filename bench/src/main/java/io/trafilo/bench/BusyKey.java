package io.trafilo.bench;

import io.trafilo.Trafilo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** A key with many events: how many it had, and its last window. */
record BusyKey(String key, long events, long windowCount, long windowStartNanos, long windowEndNanos) {
    private static final Comparator<BusyKey> BUSIEST_FIRST =
            Comparator.comparingLong(BusyKey::events).reversed().thenComparing(BusyKey::key);

    /** The state of a key in the load test: its events, and its last window. Guarded by the key's lock. */
    static final class Stats {
        long events;
        long windowCount;
        long windowStartNanos;
        long windowEndNanos;
    }

    /** The keys with the most events, the busiest first. */
    static List<BusyKey> busiest(Trafilo<Stats> engine, int limit) {
        PriorityQueue<BusyKey> top = new PriorityQueue<>(BUSIEST_FIRST.reversed());
        engine.forEachKey((key, stats) -> {
            BusyKey least = top.peek();
            if (top.size() < limit || (least != null && stats.events >= least.events)) {
                top.add(new BusyKey(
                        key.toString(), stats.events, stats.windowCount, stats.windowStartNanos, stats.windowEndNanos));
                if (top.size() > limit) {
                    top.poll();
                }
            }
        });
        List<BusyKey> sorted = new ArrayList<>(top);
        sorted.sort(BUSIEST_FIRST);
        return sorted;
    }
}
