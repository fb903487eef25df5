package io.trafilo.ledger;

import io.trafilo.Counter;
import java.util.ArrayList;
import java.util.List;

/**
 * All rows of one engine. When a thread ends, its row is folded into one common row, so the book does not grow. Thread-safe.
 */
public final class LedgerBook {
    private static final Counter[] COUNTERS = Counter.values();

    private final List<CounterRow> rows = new ArrayList<>();
    private final CounterRow retired = new CounterRow();
    private final CounterRow shared = new CounterRow();

    /** Adds a row for one writing thread. */
    public synchronized CounterRow openRow() {
        CounterRow row = new CounterRow();
        rows.add(row);
        return row;
    }

    /** Folds a row that nobody writes any more into the retired ones. */
    public synchronized void retire(CounterRow row) {
        if (rows.remove(row)) {
            for (Counter counter : COUNTERS) {
                retired.add(counter, row.get(counter));
            }
            retired.addUnknown(row.unknown());
        }
    }

    /** The row for threads without their own; only for {@link CounterRow#addShared}. */
    public CounterRow shared() {
        return shared;
    }

    /**
     * The sums of all rows, by {@link Counter#id}; gauges are 0. Outcomes are read before their causes, in reverse order of
     * the enum. So a snapshot of a running engine may show messages in flight, but never an outcome without its cause.
     */
    public synchronized long[] sums() {
        long[] sums = new long[COUNTERS.length];
        for (int c = COUNTERS.length - 1; c >= 0; c--) {
            sums[COUNTERS[c].id()] = sum(COUNTERS[c]);
        }
        return sums;
    }

    /** A bit for each counter, by {@link Counter#id}, that any row, retired or not, does not know. */
    public synchronized long unknown() {
        long unknown = retired.unknown();
        for (int i = 0; i < rows.size(); i++) {
            unknown |= rows.get(i).unknown();
        }
        return unknown;
    }

    /** The sum of one counter over all rows. */
    public synchronized long sum(Counter counter) {
        long sum = retired.get(counter) + shared.get(counter);
        for (int i = 0; i < rows.size(); i++) {
            sum += rows.get(i).get(counter);
        }
        return sum;
    }
}
