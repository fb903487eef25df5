package io.trafilo;

import java.util.function.DoubleUnaryOperator;

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

    /** {@return which of the aggregates below there are; the others throw {@link IllegalStateException}} */
    default AggregateSet aggregates() {
        return Aggregates.none();
    }

    /**
     * {@return the sum of the weights of all events that {@link #count} counts}
     *
     * @throws IllegalStateException unless {@link AggregateSet#weightedCount} is set
     */
    default double weightedCount() {
        throw AggregateSet.notSet("weightedCount", "weightedCount()");
    }

    /**
     * {@return the sum of weight times value; 0 if no event has a value}
     *
     * @throws IllegalStateException unless {@link AggregateSet#sum} is set
     */
    default double sum() {
        throw AggregateSet.notSet("sum", "sum()");
    }

    /**
     * {@return the weighted mean of the values; NaN if there are none}
     *
     * @throws IllegalStateException unless {@link AggregateSet#sum} is set
     */
    default double mean() {
        throw AggregateSet.notSet("mean", "sum()");
    }

    /**
     * {@return the least value; NaN if there are none}
     *
     * @throws IllegalStateException unless {@link AggregateSet#min} is set
     */
    default double min() {
        throw AggregateSet.notSet("min", "min()");
    }

    /**
     * {@return the greatest value; NaN if there are none}
     *
     * @throws IllegalStateException unless {@link AggregateSet#max} is set
     */
    default double max() {
        throw AggregateSet.notSet("max", "max()");
    }

    /**
     * {@return the weighted standard deviation of the values, as of a population; NaN if there are none}
     *
     * @throws IllegalStateException unless {@link AggregateSet#deviation} is set
     */
    default double standardDeviation() {
        throw AggregateSet.notSet("standardDeviation", "deviation()");
    }

    /**
     * The value below which this part of the values lies, by weight: of values in ascending order, the first whose weights,
     * summed up, exceed {@code q} times the sum of all weights less one. Off by the relative error that was set.
     *
     * @param q 0 to 1; 0.5 for the median
     * @return the value; NaN if there are none
     * @throws IllegalStateException unless {@link AggregateSet#quantiles} is set
     * @throws IllegalArgumentException if {@code q} is out of range
     */
    default double quantile(double q) {
        throw AggregateSet.notSet("quantile", "quantiles()");
    }

    /**
     * {@return {@link #quantile} as a function that outlives the callback}
     *
     * @throws IllegalStateException unless {@link AggregateSet#quantiles} is set
     */
    default DoubleUnaryOperator quantiles() {
        throw AggregateSet.notSet("quantiles", "quantiles()");
    }

    /**
     * {@return how many different items the events have, as {@link AggregateSet#distinct(int)} estimates it}
     *
     * @throws IllegalStateException unless {@link AggregateSet#distinct} is set
     */
    default long distinct() {
        throw AggregateSet.notSet("distinct", "distinct()");
    }

    /** {@return a copy that outlives the callback} */
    default WindowResult toResult() {
        return new WindowResult(this);
    }
}
