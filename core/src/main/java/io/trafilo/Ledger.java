package io.trafilo;

import io.trafilo.ledger.Counter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All counters of an engine at one moment. Immutable.
 *
 * <p>Nothing is lost without a count: once the engine is closed, these sums hold exactly.
 *
 * <pre>
 * received             = published + empty + oversized + filtered + shed + discardedAtClose
 * published + emitted  = parsed + parseFailed + malformed + abandoned
 * events               = handled + handlerFailed + keyRefused
 * timestampsAdded      = expired + truncated + disposedWithKey + liveTimestamps
 * emissionsDue         = delivered + sinkFailed
 * </pre>
 *
 * <p>While it runs, what is under way makes the left sides exceed the right ones a little.
 */
public final class Ledger {
    private final long[] sums;
    private final long liveTimestamps;
    private final long liveKeys;

    Ledger(long[] sums, long liveTimestamps, long liveKeys) {
        this.sums = sums;
        this.liveTimestamps = liveTimestamps;
        this.liveKeys = liveKeys;
    }

    /** For an engine whose windows still move, though nobody counts it any more: they held what had not left them. */
    static Ledger ofMoving(long[] sums) {
        Ledger counted = new Ledger(sums, 0, 0);
        long timestamps =
                counted.timestampsAdded() - counted.expired() - counted.truncated() - counted.disposedWithKey();
        return new Ledger(sums, timestamps, counted.keysCreated() - counted.keysDisposed());
    }

    private long get(Counter counter) {
        return sums[counter.ordinal()];
    }

    /**
     * Datagrams read from a socket.
     *
     * @return how many
     */
    public long received() {
        return get(Counter.RECEIVED);
    }

    /**
     * Datagrams put into the ring.
     *
     * @return how many
     */
    public long published() {
        return get(Counter.PUBLISHED);
    }

    /**
     * Datagrams of 0 bytes.
     *
     * @return how many
     */
    public long empty() {
        return get(Counter.EMPTY);
    }

    /**
     * Datagrams longer than the listener takes.
     *
     * @return how many
     */
    public long oversized() {
        return get(Counter.OVERSIZED);
    }

    /**
     * Datagrams that a filter of the listener refused.
     *
     * @return how many
     */
    public long filtered() {
        return get(Counter.FILTERED);
    }

    /**
     * Datagrams dropped because the ring was full, policy DROP_NEWEST.
     *
     * @return how many
     */
    public long shed() {
        return get(Counter.SHED);
    }

    /**
     * Datagrams read but not published because of a close.
     *
     * @return how many
     */
    public long discardedAtClose() {
        return get(Counter.DISCARDED_AT_CLOSE);
    }

    /**
     * Datagrams the kernel dropped before a listener could read them.
     *
     * @return how many
     */
    public long kernelDropped() {
        return get(Counter.KERNEL_DROPPED);
    }

    /**
     * Messages put into the ring by hand.
     *
     * @return how many
     */
    public long emitted() {
        return get(Counter.EMITTED);
    }

    /**
     * Calls of emit that returned false.
     *
     * @return how many
     */
    public long emitRefused() {
        return get(Counter.EMIT_REFUSED);
    }

    /**
     * Messages with at least one event.
     *
     * @return how many
     */
    public long parsed() {
        return get(Counter.PARSED);
    }

    /**
     * Messages at which the parser threw.
     *
     * @return how many
     */
    public long parseFailed() {
        return get(Counter.PARSE_FAILED);
    }

    /**
     * Messages without an event.
     *
     * @return how many
     */
    public long malformed() {
        return get(Counter.MALFORMED);
    }

    /**
     * Messages not handled by the deadline of the close.
     *
     * @return how many
     */
    public long abandoned() {
        return get(Counter.ABANDONED);
    }

    /**
     * Malformed parts of messages.
     *
     * @return how many
     */
    public long rejected() {
        return get(Counter.REJECTED);
    }

    /**
     * Events of parsed messages.
     *
     * @return how many
     */
    public long events() {
        return get(Counter.EVENTS);
    }

    /**
     * Events that the handler took.
     *
     * @return how many
     */
    public long handled() {
        return get(Counter.HANDLED);
    }

    /**
     * Events at which the handler threw or did not return by the deadline of the close, or that were given up
     * ({@link #stalled}).
     *
     * @return how many
     */
    public long handlerFailed() {
        return get(Counter.HANDLER_FAILED);
    }

    /**
     * Events of a new key that could not be created.
     *
     * @return how many
     */
    public long keyRefused() {
        return get(Counter.KEY_REFUSED);
    }

    /**
     * Events older than the window.
     *
     * @return how many
     */
    public long late() {
        return get(Counter.LATE);
    }

    /**
     * Events with a time ahead of the clock.
     *
     * @return how many
     */
    public long skewed() {
        return get(Counter.SKEWED);
    }

    /**
     * Events given up because their shard was held longer than {@link Trafilo.Builder#stallTimeout}; they are among
     * {@link #handlerFailed}.
     *
     * @return how many
     */
    public long stalled() {
        return get(Counter.STALLED);
    }

    /**
     * Timestamps added to a window.
     *
     * @return how many
     */
    public long timestampsAdded() {
        return get(Counter.TIMESTAMPS_ADDED);
    }

    /**
     * Timestamps that left their window by age.
     *
     * @return how many
     */
    public long expired() {
        return get(Counter.EXPIRED);
    }

    /**
     * Timestamps that left early because maxRetainedEvents was reached.
     *
     * @return how many
     */
    public long truncated() {
        return get(Counter.TRUNCATED);
    }

    /**
     * Timestamps that left together with their key.
     *
     * @return how many
     */
    public long disposedWithKey() {
        return get(Counter.DISPOSED_WITH_KEY);
    }

    /**
     * Windows due at the sink.
     *
     * @return how many
     */
    public long emissionsDue() {
        return get(Counter.EMISSIONS_DUE);
    }

    /**
     * Windows that the sink took.
     *
     * @return how many
     */
    public long delivered() {
        return get(Counter.DELIVERED);
    }

    /**
     * Windows at which the sink threw, or did not return by the deadline of the close.
     *
     * @return how many
     */
    public long sinkFailed() {
        return get(Counter.SINK_FAILED);
    }

    /**
     * Keys created.
     *
     * @return how many
     */
    public long keysCreated() {
        return get(Counter.KEYS_CREATED);
    }

    /**
     * Keys forgotten.
     *
     * @return how many
     */
    public long keysDisposed() {
        return get(Counter.KEYS_DISPOSED);
    }

    /**
     * Calls of the state factory that threw or gave null.
     *
     * @return how many
     */
    public long factoryFailed() {
        return get(Counter.FACTORY_FAILED);
    }

    /**
     * Calls of the state disposer that threw.
     *
     * @return how many
     */
    public long disposerFailed() {
        return get(Counter.DISPOSER_FAILED);
    }

    /**
     * Calls of the error listener or the stall listener that threw, or could not be made for want of a thread.
     *
     * @return how many
     */
    public long errorListenerFailed() {
        return get(Counter.ERROR_LISTENER_FAILED);
    }

    /**
     * The timestamps in all windows.
     *
     * @return a number at this moment, not a count of what happened
     */
    public long liveTimestamps() {
        return liveTimestamps;
    }

    /**
     * The keys that have a state.
     *
     * @return a number at this moment, not a count of what happened
     */
    public long liveKeys() {
        return liveKeys;
    }

    /**
     * Whether all sums hold.
     *
     * @return true if {@link #imbalances} is empty
     */
    public boolean conserved() {
        return imbalances().isEmpty();
    }

    /**
     * The sums that do not hold.
     *
     * @return one line for each, with its values; empty if all hold
     */
    public List<String> imbalances() {
        List<String> broken = new ArrayList<>();
        check(
                broken,
                "received",
                received(),
                "published + empty + oversized + filtered + shed + discardedAtClose",
                published() + empty() + oversized() + filtered() + shed() + discardedAtClose());
        check(
                broken,
                "published + emitted",
                published() + emitted(),
                "parsed + parseFailed + malformed + abandoned",
                parsed() + parseFailed() + malformed() + abandoned());
        check(
                broken,
                "events",
                events(),
                "handled + handlerFailed + keyRefused",
                handled() + handlerFailed() + keyRefused());
        check(
                broken,
                "timestampsAdded",
                timestampsAdded(),
                "expired + truncated + disposedWithKey + liveTimestamps",
                expired() + truncated() + disposedWithKey() + liveTimestamps);
        check(broken, "emissionsDue", emissionsDue(), "delivered + sinkFailed", delivered() + sinkFailed());
        return Collections.unmodifiableList(broken);
    }

    private static void check(List<String> broken, String left, long leftValue, String right, long rightValue) {
        if (leftValue != rightValue) {
            broken.add(left + " = " + leftValue + ", but " + right + " = " + rightValue);
        }
    }

    /**
     * All values by name, in the order of a message's way through the engine.
     *
     * @return a new, unmodifiable map
     */
    public Map<String, Long> asMap() {
        Map<String, Long> map = new LinkedHashMap<>();
        for (Counter counter : Counter.values()) {
            map.put(counter.label(), get(counter));
        }
        map.put("liveTimestamps", liveTimestamps);
        map.put("liveKeys", liveKeys);
        return Collections.unmodifiableMap(map);
    }

    @Override
    public String toString() {
        return asMap().toString();
    }
}
