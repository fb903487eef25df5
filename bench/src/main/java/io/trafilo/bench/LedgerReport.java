package io.trafilo.bench;

import io.trafilo.Counter;
import io.trafilo.Ledger;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A ledger as it stands in the JSON. A counter that is not known is null; {@code conserved} is left out then, unless a sum is
 * broken.
 */
record LedgerReport(
        @Inline Map<String, @Nullable Long> counters,
        @Nullable Boolean conserved) {
    static LedgerReport of(Ledger ledger) {
        Map<String, @Nullable Long> counters = new LinkedHashMap<>(ledger.asMap());
        boolean known = true;
        for (Counter counter : Counter.values()) {
            if (!ledger.isKnown(counter)) {
                counters.put(counter.label(), null);
                known = false;
            }
        }
        boolean conserved = ledger.isConserved();
        return new LedgerReport(counters, (conserved && !known) ? null : (Boolean) conserved);
    }

    /** Counters, one a line, and whether they are conserved. */
    String text() {
        return LoadText.counters(counters)
                + Console.format("  %-20s %15s%n", "conserved", conserved == null ? "unknown" : conserved);
    }
}
