package io.trafilo;

import java.util.List;
import java.util.Map;

/**
 * All counters of an engine at one moment. Immutable.
 *
 * <p>Nothing is lost without a count. Once the engine is closed, these sums hold exactly:
 *
 * <pre>
 * received            = published + empty + oversized + filtered + shed + discardedAtClose
 * published + offered = parsed + parseFailed + malformed + abandoned
 * events              = handled + handlerFailed + keyRefused
 * timestampsAdded     = expired + truncated + disposedWithKey + liveTimestamps
 * emissionsDue        = delivered + sinkFailed
 * </pre>
 *
 * <p>While the engine runs, the two sides differ by what is in flight.
 */
public interface Ledger {
    /**
     * Reads one counter.
     *
     * @param counter the counter
     * @return its value, 0 or more
     */
    long count(Counter counter);

    /** {@return whether all sums hold} */
    boolean isConserved();

    /** {@return the sums that do not hold, one line each with the values; empty if all hold} */
    List<String> imbalances();

    /** {@return all values by {@link Counter#label}, in the order of {@link Counter}; unmodifiable} */
    Map<String, Long> asMap();
}
