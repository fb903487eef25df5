package io.trafilo.simulation;

import io.trafilo.Counter;
import io.trafilo.Ledger;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** What each counter of the ledger is to say. */
final class Tally {
    private final Map<Counter, Long> counts = new EnumMap<>(Counter.class);

    void add(Counter counter, long amount) {
        counts.merge(counter, amount, Long::sum);
    }

    long get(Counter counter) {
        return counts.getOrDefault(counter, 0L);
    }

    /** The counters that differ, as {@code counter: counted (expected: so many)}. */
    Map<String, String> differences(Ledger ledger) {
        Map<String, String> differences = new TreeMap<>();
        for (Counter counter : Counter.values()) {
            if (ledger.count(counter) != get(counter)) {
                differences.put(counter.label(), ledger.count(counter) + " (expected: " + get(counter) + ")");
            }
        }
        return differences;
    }
}
