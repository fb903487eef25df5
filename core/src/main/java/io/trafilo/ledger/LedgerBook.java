package io.trafilo.ledger;

import static io.trafilo.ledger.Counter.ABANDONED;
import static io.trafilo.ledger.Counter.DELIVERED;
import static io.trafilo.ledger.Counter.DISCARDED_AT_CLOSE;
import static io.trafilo.ledger.Counter.EMISSIONS_DUE;
import static io.trafilo.ledger.Counter.EMITTED;
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

import java.util.ArrayList;
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
     * The sums of all rows, by ordinal, with an outcome for everything: what listeners that have not ended hold counts as
     * discarded, what workers that have not ended hold as abandoned or failed. They may go on meanwhile, and nobody hears of
     * it any more: all is reckoned from one look at each counter.
     */
    public long[] finalSums(boolean listenersLeft, boolean workersLeft) {
        long[] sums = sums();
        if (listenersLeft) {
            long read = sums[RECEIVED.ordinal()];
            settle(sums, DISCARDED_AT_CLOSE, read, PUBLISHED, EMPTY, OVERSIZED, FILTERED, SHED);
        }
        if (workersLeft) {
            long messages = sums[PUBLISHED.ordinal()] + sums[EMITTED.ordinal()];
            settle(sums, ABANDONED, messages, PARSED, PARSE_FAILED, MALFORMED);
            settle(sums, HANDLER_FAILED, sums[EVENTS.ordinal()], HANDLED, KEY_REFUSED);
            settle(sums, SINK_FAILED, sums[EMISSIONS_DUE.ordinal()], DELIVERED);
        }
        return sums;
    }

    /** Makes {@code rest} what the other outcomes leave of the whole. */
    private static void settle(long[] sums, Counter rest, long whole, Counter... others) {
        long left = whole;
        for (Counter other : others) {
            left -= sums[other.ordinal()];
        }
        sums[rest.ordinal()] = left;
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
