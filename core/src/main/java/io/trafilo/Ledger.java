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
 *
 * <p>What the kernel dropped before a listener could read it stands outside these sums, in {@code kernelDropped}. Where the
 * system does not tell, nobody knows it: see {@link #isKnown}.
 */
public interface Ledger {
    /**
     * Reads one counter.
     *
     * @param counter the counter
     * @return its value, 0 or more; a lower bound if it is not {@linkplain #isKnown known}
     */
    long count(Counter counter);

    /**
     * Whether a counter counts all that it should. Only {@link Counter#KERNEL_DROPPED} can be unknown: while or after a
     * listener is open to which the system does not tell what the kernel dropped.
     *
     * @param counter the counter
     * @return false if its value is only a lower bound
     */
    boolean isKnown(Counter counter);

    /**
     * {@return whether all sums hold}
     *
     * <p>They do not contain {@code kernelDropped}. That nothing was lost without a count follows only if that is
     * {@linkplain #isKnown known} as well.
     */
    boolean isConserved();

    /** {@return the sums that do not hold, one line each with the values; empty if all hold} */
    List<String> imbalances();

    /** {@return all values by {@link Counter#label}, lower bounds too, in the order of {@link Counter}; unmodifiable} */
    Map<String, Long> asMap();
}
