package io.trafilo.bench;

import io.trafilo.Trafilo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** A key with many events: how many it had, and its last window. */
record BusyKey(String key, long events, long windowCount, long windowStartNanos, long windowEndNanos) {
    private static final Comparator<BusyKey> BUSIEST_FIRST =
            Comparator.comparingLong(BusyKey::events).reversed().thenComparing(BusyKey::key);

    /** The keys with the most events, the busiest first. */
    static List<BusyKey> busiest(Trafilo<KeyStats> engine, int limit) {
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

    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("key", key);
        map.put("events", events);
        map.put("windowCount", windowCount);
        map.put("windowStartNanos", windowStartNanos);
        map.put("windowEndNanos", windowEndNanos);
        return map;
    }
}
