package io.trafilo;

/**
 * The sliding window of one key at one moment, as the {@link WindowSink} sees it. A read-only flyweight: valid during the
 * callback and on its thread only. All times are nanoseconds since the epoch.
 */
public interface WindowView {
    /** {@return the key; it may be kept} */
    Key key();

    /**
     * {@return the number of events with a time t such that {@link #startNanos} &lt;= t &lt;= {@link #endNanos}}
     *
     * <p>Exact unless {@link #isTruncated}. 0 in the final window of a key that fell quiet.
     */
    long count();

    /** {@return the nominal start of the window, {@code endNanos() - size}} */
    long startNanos();

    /**
     * {@return the nominal end of the window}
     *
     * <p>The engine's time at this emission, or, on the time basis {@code EVENT}, the newest event time of the key.
     */
    long endNanos();

    /** {@return the oldest retained timestamp; {@link #endNanos} if the count is 0} */
    long oldestNanos();

    /** {@return the newest retained timestamp; {@link #endNanos} if the count is 0} */
    long newestNanos();

    /** {@return the number of events of the key since its state was created, late ones included} */
    long total();

    /**
     * {@return whether {@link #count} is a lower bound}
     *
     * <p>True if timestamps of this window were dropped early because {@code maxRetainedEvents} was reached.
     */
    boolean isTruncated();

    /**
     * {@return how many messages, of any key, the kernel and the process are known to have lost while this window was open}
     *
     * <p>Counts messages dropped by the kernel, shed or discarded. Its resolution is 1/32 of
     * the window, so slightly older losses may be included.
     * Losses in the kernel show up once the listener has polled for them. A lower bound unless {@link #isLossKnown}.
     */
    long lossDuringWindow();

    /**
     * {@return whether {@link #lossDuringWindow} counts all that the kernel and the process lost}
     *
     * <p>False if, while this window was open, the system did not tell a listener what the kernel dropped.
     */
    default boolean isLossKnown() {
        return true;
    }

    /** {@return a copy that outlives the callback} */
    default WindowResult toResult() {
        return new WindowResult(this);
    }
}
