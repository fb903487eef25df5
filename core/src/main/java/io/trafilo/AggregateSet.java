package io.trafilo;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates of a window, to be given to {@link TrafiloBuilder#aggregate}. Immutable; each method returns a set with one more.
 *
 * <p>Values are what the parser gives by {@link EventDetails#value}, weights what it gives by {@link EventDetails#weight}. An
 * event without a value counts for {@link WindowView#count} and {@link WindowView#weightedCount}, and for nothing else.
 *
 * <p>Memory: all of them but {@code distinct} retain values, 8 bytes for each retained event. Once an event has a weight other
 * than 1, weights take as much again, except for {@code min} and {@code max}. A key takes at least one chunk of 13 events
 * then. {@link Trafilo#maxMemoryBytes} has it all.
 */
public final class AggregateSet {
    private enum Kind {
        SUM,
        MIN,
        MAX,
        DEVIATION,
        QUANTILES,
        DISTINCT,
        WEIGHTED_COUNT
    }

    private static final double DEFAULT_ERROR = 0.01;
    private static final double LEAST_ERROR = 0.001;
    private static final double MOST_ERROR = 0.25;
    private static final int DEFAULT_PRECISION = 10;
    private static final int LEAST_PRECISION = 4;
    private static final int MOST_PRECISION = 16;

    static final AggregateSet NONE = new AggregateSet(EnumSet.noneOf(Kind.class), DEFAULT_ERROR, DEFAULT_PRECISION);

    private final Set<Kind> kinds;
    private final double relativeError;
    private final int precision;

    private AggregateSet(Set<Kind> kinds, double relativeError, int precision) {
        this.kinds = kinds;
        this.relativeError = relativeError;
        this.precision = precision;
    }

    private AggregateSet with(Kind kind) {
        Set<Kind> more = EnumSet.copyOf(kinds);
        more.add(kind);
        return new AggregateSet(more, relativeError, precision);
    }

    /**
     * Adds {@link WindowView#sum} and {@link WindowView#mean}. The sum is that of weight times value. Of n events, it differs
     * from the exact sum by at most 2<sup>-53</sup> of it, plus (n + 64) times 2<sup>-104</sup> of the sum of all absolute
     * values, as long as no sum of them exceeds the range of a double. That does not depend on how long the engine runs.
     *
     * @return a set with these
     */
    public AggregateSet sum() {
        return with(Kind.SUM);
    }

    /**
     * Adds {@link WindowView#min}.
     *
     * @return a set with it
     */
    public AggregateSet min() {
        return with(Kind.MIN);
    }

    /**
     * Adds {@link WindowView#max}.
     *
     * @return a set with it
     */
    public AggregateSet max() {
        return with(Kind.MAX);
    }

    /**
     * Adds {@link WindowView#standardDeviation}.
     *
     * @return a set with it
     */
    public AggregateSet deviation() {
        return with(Kind.DEVIATION);
    }

    /**
     * Adds {@link WindowView#weightedCount}.
     *
     * @return a set with it
     */
    public AggregateSet weightedCount() {
        return with(Kind.WEIGHTED_COUNT);
    }

    /**
     * Adds {@link WindowView#quantile} with a relative error of 1 %.
     *
     * @return a set with it
     */
    public AggregateSet quantiles() {
        return quantiles(DEFAULT_ERROR);
    }

    /**
     * Adds {@link WindowView#quantile}. Values are counted in buckets, as DDSketch does (Masson, Rim and Lee 2019). A quantile
     * is the value of its rank, off by {@code relativeError} of it at most.
     *
     * <p>There are at most 2048 buckets for positive and as many for negative values. They span a factor of
     * e<sup>4000&nbsp;relativeError</sup>, which is 10<sup>17</sup> for 1 %. Magnitudes that are smaller than the greatest one
     * in the window by more than that are counted as if they were not. For quantiles, weights are rounded to multiples of
     * 2<sup>-16</sup>, and those above 2<sup>20</sup> count as that.
     *
     * @param relativeError 0.001 to 0.25
     * @return a set with it
     */
    public AggregateSet quantiles(double relativeError) {
        if (!(relativeError >= LEAST_ERROR && relativeError <= MOST_ERROR)) {
            throw new IllegalArgumentException(
                    "relativeError: " + relativeError + " (expected: " + LEAST_ERROR + " to " + MOST_ERROR + ")");
        }
        return new AggregateSet(with(Kind.QUANTILES).kinds, relativeError, precision);
    }

    /**
     * Adds {@link WindowView#distinct} with a standard error of 2.4 %: precision 10.
     *
     * @return a set with it
     */
    public AggregateSet distinct() {
        return distinct(DEFAULT_PRECISION);
    }

    /**
     * Adds {@link WindowView#distinct}: how many different items the events have, by {@link EventDetails#item} or, without
     * that, by their payloads. It is an estimate, with two errors:
     *
     * <ul>
     *   <li>the standard error of UltraLogLog (Ertl 2024), 0.78 / sqrt(2<sup>precision</sup>);
     *   <li>items are kept by panes of time, so those of events that left the window not longer ago than a slide, or a sixteenth
     *       of the window if that is more, may still count. So do those of events that {@code maxRetainedEvents} removed early.
     * </ul>
     *
     * <p>A key takes up to 2<sup>precision</sup> bytes for each pane, of which there are up to two for each slide in the window,
     * and up to 34 in all.
     *
     * @param precision 4 to 16
     * @return a set with it
     */
    public AggregateSet distinct(int precision) {
        if (precision < LEAST_PRECISION || precision > MOST_PRECISION) {
            throw new IllegalArgumentException(
                    "precision: " + precision + " (expected: " + LEAST_PRECISION + " to " + MOST_PRECISION + ")");
        }
        return new AggregateSet(with(Kind.DISTINCT).kinds, relativeError, precision);
    }

    /** {@return whether this has no aggregate} */
    public boolean isEmpty() {
        return kinds.isEmpty();
    }

    /** {@return whether this has the sum and the mean} */
    public boolean hasSum() {
        return kinds.contains(Kind.SUM);
    }

    /** {@return whether this has the least value} */
    public boolean hasMin() {
        return kinds.contains(Kind.MIN);
    }

    /** {@return whether this has the greatest value} */
    public boolean hasMax() {
        return kinds.contains(Kind.MAX);
    }

    /** {@return whether this has the standard deviation} */
    public boolean hasDeviation() {
        return kinds.contains(Kind.DEVIATION);
    }

    /** {@return whether this has the sum of the weights} */
    public boolean hasWeightedCount() {
        return kinds.contains(Kind.WEIGHTED_COUNT);
    }

    /** {@return whether this has quantiles} */
    public boolean hasQuantiles() {
        return kinds.contains(Kind.QUANTILES);
    }

    /** {@return the relative error of quantiles} */
    public double relativeError() {
        return relativeError;
    }

    /** {@return whether this has the number of distinct items} */
    public boolean hasDistinct() {
        return kinds.contains(Kind.DISTINCT);
    }

    /** {@return the precision of the number of distinct items} */
    public int precision() {
        return precision;
    }

    /** What a window says that is asked for an aggregate that was not set. */
    static IllegalStateException notSet(String asked, String setter) {
        return new IllegalStateException(asked + ": not aggregated (expected: aggregate(Aggregates." + setter
                + ") set on the engine's builder)");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AggregateSet that
                && kinds.equals(that.kinds)
                && (!hasQuantiles() || relativeError == that.relativeError)
                && (!hasDistinct() || precision == that.precision);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(kinds);
    }

    /** The aggregates, with their errors: {@code sum, quantiles 0.01}. */
    @Override
    public String toString() {
        return isEmpty() ? "none" : kinds.stream().map(this::text).collect(Collectors.joining(", "));
    }

    private String text(Kind kind) {
        return switch (kind) {
            case QUANTILES -> "quantiles " + relativeError;
            case DISTINCT -> "distinct " + precision;
            case WEIGHTED_COUNT -> "weightedCount";
            default -> kind.name().toLowerCase(Locale.ROOT);
        };
    }
}
