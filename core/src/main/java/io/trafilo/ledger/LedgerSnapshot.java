package io.trafilo.ledger;

import static io.trafilo.Counter.ABANDONED;
import static io.trafilo.Counter.DELIVERED;
import static io.trafilo.Counter.DISCARDED_AT_CLOSE;
import static io.trafilo.Counter.DISPOSED_WITH_KEY;
import static io.trafilo.Counter.EMISSIONS_DUE;
import static io.trafilo.Counter.EMPTY;
import static io.trafilo.Counter.EVENTS;
import static io.trafilo.Counter.EXPIRED;
import static io.trafilo.Counter.FILTERED;
import static io.trafilo.Counter.HANDLED;
import static io.trafilo.Counter.HANDLER_FAILED;
import static io.trafilo.Counter.KEYS_CREATED;
import static io.trafilo.Counter.KEYS_DISPOSED;
import static io.trafilo.Counter.KEY_REFUSED;
import static io.trafilo.Counter.LIVE_KEYS;
import static io.trafilo.Counter.LIVE_TIMESTAMPS;
import static io.trafilo.Counter.MALFORMED;
import static io.trafilo.Counter.OFFERED;
import static io.trafilo.Counter.OVERSIZED;
import static io.trafilo.Counter.PARSED;
import static io.trafilo.Counter.PARSE_FAILED;
import static io.trafilo.Counter.PUBLISHED;
import static io.trafilo.Counter.RECEIVED;
import static io.trafilo.Counter.SHED;
import static io.trafilo.Counter.SINK_FAILED;
import static io.trafilo.Counter.TIMESTAMPS_ADDED;
import static io.trafilo.Counter.TRUNCATED;

import io.trafilo.Counter;
import io.trafilo.Ledger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The values of all counters, by {@link Counter#id}, and the sums they must satisfy. Immutable. */
public final class LedgerSnapshot implements Ledger {
    /** What comes in, and everything that can become of it. */
    record Sum(List<Counter> whole, List<Counter> outcomes) {
        static String text(List<Counter> counters) {
            return counters.stream().map(Counter::label).collect(Collectors.joining(" + "));
        }

        @Override
        public String toString() {
            return text(whole) + " = " + text(outcomes);
        }
    }

    static final List<Sum> SUMS = List.of(
            new Sum(List.of(RECEIVED), List.of(PUBLISHED, EMPTY, OVERSIZED, FILTERED, SHED, DISCARDED_AT_CLOSE)),
            new Sum(List.of(PUBLISHED, OFFERED), List.of(PARSED, PARSE_FAILED, MALFORMED, ABANDONED)),
            new Sum(List.of(EVENTS), List.of(HANDLED, HANDLER_FAILED, KEY_REFUSED)),
            new Sum(List.of(TIMESTAMPS_ADDED), List.of(EXPIRED, TRUNCATED, DISPOSED_WITH_KEY, LIVE_TIMESTAMPS)),
            new Sum(List.of(EMISSIONS_DUE), List.of(DELIVERED, SINK_FAILED)));

    private static final Sum KEYS = new Sum(List.of(KEYS_CREATED), List.of(KEYS_DISPOSED, LIVE_KEYS));

    private final long[] values;
    private final long unknown; // a bit for each counter that is a lower bound, by id

    private LedgerSnapshot(long[] values, long unknown) {
        this.values = values;
        this.unknown = unknown;
    }

    /** The counters as they are, with the gauges. */
    public static LedgerSnapshot of(long[] values, long liveTimestamps, long liveKeys) {
        values[LIVE_TIMESTAMPS.id()] = liveTimestamps;
        values[LIVE_KEYS.id()] = liveKeys;
        return new LedgerSnapshot(values, 0);
    }

    /** The same counters, some of which are not known: a bit for each, by {@link Counter#id}. */
    public LedgerSnapshot withUnknown(long unknown) {
        return new LedgerSnapshot(values, unknown);
    }

    /**
     * The counters at the end of a close, with an outcome for whatever a remaining thread still holds: with listeners it
     * counts as discarded, with workers as abandoned or failed. While workers remain, the gauges still change, so they are
     * computed from the same counters.
     */
    public static LedgerSnapshot atClose(
            long[] values, boolean listenersLeft, boolean workersLeft, long liveTimestamps, long liveKeys) {
        LedgerSnapshot snapshot = of(values, liveTimestamps, liveKeys);
        if (listenersLeft) {
            balance(values, SUMS.get(0), DISCARDED_AT_CLOSE);
        }
        if (workersLeft) {
            balance(values, SUMS.get(1), ABANDONED);
            balance(values, SUMS.get(2), HANDLER_FAILED);
            balance(values, SUMS.get(3), LIVE_TIMESTAMPS);
            balance(values, SUMS.get(4), SINK_FAILED);
            balance(values, KEYS, LIVE_KEYS);
        }
        return snapshot;
    }

    /** Sets {@code rest} to what the other outcomes leave of the whole. */
    private static void balance(long[] values, Sum sum, Counter rest) {
        values[rest.id()] = 0;
        values[rest.id()] = total(values, sum.whole()) - total(values, sum.outcomes());
    }

    private static long total(long[] values, List<Counter> counters) {
        long total = 0;
        for (Counter counter : counters) {
            total += values[counter.id()];
        }
        return total;
    }

    @Override
    public long count(Counter counter) {
        return values[counter.id()];
    }

    @Override
    public boolean isKnown(Counter counter) {
        return (unknown & 1L << counter.id()) == 0;
    }

    @Override
    public boolean isConserved() {
        return imbalances().isEmpty();
    }

    @Override
    public List<String> imbalances() {
        List<String> broken = new ArrayList<>();
        for (Sum sum : SUMS) {
            long whole = total(values, sum.whole());
            long outcomes = total(values, sum.outcomes());
            if (whole != outcomes) {
                broken.add(
                        Sum.text(sum.whole()) + " = " + whole + ", but " + Sum.text(sum.outcomes()) + " = " + outcomes);
            }
        }
        return Collections.unmodifiableList(broken);
    }

    @Override
    public Map<String, Long> asMap() {
        Map<String, Long> map = new LinkedHashMap<>();
        for (Counter counter : Counter.values()) {
            map.put(counter.label(), count(counter));
        }
        return Collections.unmodifiableMap(map);
    }

    @Override
    public String toString() {
        return unknown == 0 ? asMap().toString() : asMap() + " (kernelDropped unknown)";
    }
}
