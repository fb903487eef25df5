package io.trafilo.bench;

import io.trafilo.Ledger;
import java.util.Locale;

/** The ledger as lines for people. */
final class LedgerText {
    private LedgerText() {}

    static String of(Ledger ledger) {
        StringBuilder out = new StringBuilder();
        ledger.asMap().forEach((name, value) -> out.append(String.format(Locale.ROOT, "  %-20s %,15d%n", name, value)));
        out.append(String.format(Locale.ROOT, "  %-20s %15s%n", "conserved", ledger.isConserved()));
        for (String imbalance : ledger.imbalances()) {
            out.append("  ").append(imbalance).append(System.lineSeparator());
        }
        return out.toString();
    }
}
