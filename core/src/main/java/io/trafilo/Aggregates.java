package io.trafilo;

/**
 * What {@link TrafiloBuilder#aggregate} can be asked for: {@code Aggregates.sum().max().quantiles(0.01)}. Each aggregate is over
 * exactly the events that {@link WindowView#count} counts, whatever their order; what leaves the window takes its value along.
 */
public final class Aggregates {
    private Aggregates() {}

    /** {@return the empty set, which is the default} */
    public static AggregateSet none() {
        return AggregateSet.NONE;
    }

    /** {@return a set of {@link AggregateSet#sum}} */
    public static AggregateSet sum() {
        return none().sum();
    }

    /** {@return a set of {@link AggregateSet#min}} */
    public static AggregateSet min() {
        return none().min();
    }

    /** {@return a set of {@link AggregateSet#max}} */
    public static AggregateSet max() {
        return none().max();
    }

    /** {@return a set of {@link AggregateSet#deviation}} */
    public static AggregateSet deviation() {
        return none().deviation();
    }

    /** {@return a set of {@link AggregateSet#weightedCount}} */
    public static AggregateSet weightedCount() {
        return none().weightedCount();
    }

    /** {@return a set of {@link AggregateSet#quantiles()}} */
    public static AggregateSet quantiles() {
        return none().quantiles();
    }

    /**
     * A set of {@link AggregateSet#quantiles(double)}.
     *
     * @param relativeError 0.001 to 0.25
     * @return a set
     */
    public static AggregateSet quantiles(double relativeError) {
        return none().quantiles(relativeError);
    }

    /** {@return a set of {@link AggregateSet#distinct()}} */
    public static AggregateSet distinct() {
        return none().distinct();
    }

    /**
     * A set of {@link AggregateSet#distinct(int)}.
     *
     * @param precision 4 to 16
     * @return a set
     */
    public static AggregateSet distinct(int precision) {
        return none().distinct(precision);
    }
}
