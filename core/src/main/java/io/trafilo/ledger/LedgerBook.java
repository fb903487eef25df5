package io.trafilo.ledger;

import static io.trafilo.ledger.Counter.ABANDONED;
import static io.trafilo.ledger.Counter.DELIVERED;
import static io.trafilo.ledger.Counter.DISCARDED_AT_CLOSE;
import static io.trafilo.ledger.Counter.EMISSIONS_DUE;
import static io.trafilo.ledger.Counter.EMPTY;
import static io.trafilo.ledger.Counter.EVENTS;
import static io.trafilo.ledger.Counter.FILTERED;
import static io.trafilo.ledger.Counter.HANDLED;
import static io.trafilo.ledger.Counter.HANDLER_FAILED;
import static io.trafilo.ledger.Counter.KEY_REFUSED;
import static io.trafilo.ledger.Counter.MALFORMED;
import static io.trafilo.ledger.Counter.OVERSIZED;
import static io.trafilo.ledger.Counter.PARSED;
import static io.trafilo.ledger.Counter.PARSE_FAILED;
import static io.trafilo.ledger.Counter.PUBLISHED;
import static io.trafilo.ledger.Counter.RECEIVED;
import static io.trafilo.ledger.Counter.SHED;
import static io.trafilo.ledger.Counter.SINK_FAILED;
import static io.trafilo.ledger.Counter.TAKEN;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * All rows of one engine. Rows of threads that come and go are folded into one when they end, so that the book does not
 * grow. Thread-safe.
 */
public final class LedgerBook {
    private static final Counter[] COUNTERS = Counter.values();

    private final List<CounterRow> rows = new ArrayList<>();
    private final CounterRow retired = new CounterRow();
    private final CounterRow shared = new CounterRow();

    /** A new row for one writing thread. */
    public synchronized CounterRow openRow() {
        CounterRow row = new CounterRow();
        rows.add(row);
        return row;
    }

    /** Folds a row, to which nobody writes any more, into the retired ones. */
    public synchronized void retire(CounterRow row) {
        if (rows.remove(row)) {
            for (Counter counter : COUNTERS) {
                retired.add(counter, row.get(counter));
            }
        }
    }

    /** The row of the threads that have none of their own; only for {@link CounterRow#addShared}. */
    public CounterRow shared() {
        return shared;
    }

    /**
     * The sums of all rows, by ordinal, with an outcome for everything: what the owners of the given rows, blocked in a
     * callback or on a full ring, will never bring to an end counts as discarded, abandoned or failed.
     */
    public synchronized long[] finalSums(Collection<CounterRow> blocked) {
        long[] sums = new long[Counter.COUNT];
        addAll(sums, retired.copy());
        addAll(sums, shared.copy());
        for (CounterRow row : rows) {
            long[] copy = row.copy();
            if (blocked.contains(row)) {
                settle(copy);
            }
            addAll(sums, copy);
        }
        return sums;
    }

    private static void settle(long[] row) {
        settle(row, DISCARDED_AT_CLOSE, RECEIVED, PUBLISHED, EMPTY, OVERSIZED, FILTERED, SHED);
        settle(row, ABANDONED, TAKEN, PARSED, PARSE_FAILED, MALFORMED);
        settle(row, HANDLER_FAILED, EVENTS, HANDLED, KEY_REFUSED);
        settle(row, SINK_FAILED, EMISSIONS_DUE, DELIVERED);
    }

    /** Makes {@code rest} what the other outcomes leave of the whole. */
    private static void settle(long[] row, Counter rest, Counter whole, Counter... others) {
        long left = row[whole.ordinal()];
        for (Counter other : others) {
            left -= row[other.ordinal()];
        }
        row[rest.ordinal()] = left;
    }

    private static void addAll(long[] sums, long[] row) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += row[i];
        }
    }

    /**
     * The sums of all rows, by ordinal. Outcomes are read before what they are outcomes of (the enum's order, backward), so
     * that a look at a running engine sees at most too many still under way, never an outcome without its cause.
     */
    public synchronized long[] sums() {
        long[] sums = new long[Counter.COUNT];
        for (int c = Counter.COUNT - 1; c >= 0; c--) {
            sums[c] = sum(COUNTERS[c]);
        }
        return sums;
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
