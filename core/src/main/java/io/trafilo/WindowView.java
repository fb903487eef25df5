package io.trafilo;

/**
 * The sliding window of one key at one moment, seen by the {@link WindowSink}. A read-only flyweight: valid during the
 * callback and on its thread only.
 */
public interface WindowView {
    /**
     * The key. It may be kept.
     *
     * @return the key
     */
    Key key();

    /**
     * How many events of the key have a time t with {@link #startNanos} &lt;= t &lt;= {@link #endNanos}. Exact, unless
     * {@link #truncated}.
     *
     * @return the count, 0 in the final window of a key that fell quiet
     */
    long count();

    /**
     * The nominal start of the window, {@code endNanos() - size}.
     *
     * @return nanoseconds since the epoch
     */
    long startNanos();

    /**
     * The nominal end of the window: the engine's time at this emission, or, on the time basis {@code EVENT}, the newest
     * event time the key has seen.
     *
     * @return nanoseconds since the epoch
     */
    long endNanos();

    /**
     * The oldest retained timestamp.
     *
     * @return nanoseconds since the epoch; {@link #endNanos} if the count is 0
     */
    long oldestNanos();

    /**
     * The newest retained timestamp.
     *
     * @return nanoseconds since the epoch; {@link #endNanos} if the count is 0
     */
    long newestNanos();

    /**
     * How many events the key has had since its state was created, late ones included.
     *
     * @return the total
     */
    long total();

    /**
     * Whether timestamps that belong to this window had to go early because {@code maxRetainedEvents} was reached, so that
     * {@link #count} is too low.
     *
     * @return true if the count is a lower bound
     */
    boolean truncated();

    /**
     * How many messages, of any key, the process and the kernel are known to have lost while this window was open. Kept in
     * steps of 1/32 of the window and rounded outward; losses in the kernel are seen when the listener next asks it.
     *
     * @return the number of messages: dropped by the kernel, shed or discarded
     */
    long lossDuringWindow();

    /**
     * A copy that outlives the callback. Allocates.
     *
     * @return the same values
     */
    default WindowResult toResult() {
        return new WindowResult(
                key(),
                count(),
                startNanos(),
                endNanos(),
                oldestNanos(),
                newestNanos(),
                total(),
                truncated(),
                lossDuringWindow());
    }
}
