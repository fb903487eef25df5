package io.trafilo;

import java.time.Instant;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A window to keep: the values of a {@link WindowView}, which explains each one. Immutable. Two results are equal if all
 * their values are.
 */
public final class WindowResult {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Key key;
    private final long count;
    private final long startNanos;
    private final long endNanos;
    private final long oldestNanos;
    private final long newestNanos;
    private final long total;
    private final boolean truncated;
    private final long lossDuringWindow;
    private final boolean lossKnown;
    private final AggregateSet aggregates;
    private final double weightedCount;
    private final double sum;
    private final double mean;
    private final double min;
    private final double max;
    private final double standardDeviation;
    private final @Nullable DoubleUnaryOperator quantiles;
    private final long distinct;

    WindowResult(WindowView window) {
        this.key = window.key();
        this.count = window.count();
        this.startNanos = window.startNanos();
        this.endNanos = window.endNanos();
        this.oldestNanos = window.oldestNanos();
        this.newestNanos = window.newestNanos();
        this.total = window.total();
        this.truncated = window.isTruncated();
        this.lossDuringWindow = window.lossDuringWindow();
        this.lossKnown = window.isLossKnown();
        this.aggregates = window.aggregates();
        this.weightedCount = aggregates.hasWeightedCount() ? window.weightedCount() : 0;
        this.sum = aggregates.hasSum() ? window.sum() : 0;
        this.mean = aggregates.hasSum() ? window.mean() : 0;
        this.min = aggregates.hasMin() ? window.min() : 0;
        this.max = aggregates.hasMax() ? window.max() : 0;
        this.standardDeviation = aggregates.hasDeviation() ? window.standardDeviation() : 0;
        this.quantiles = aggregates.hasQuantiles() ? window.quantiles() : null;
        this.distinct = aggregates.hasDistinct() ? window.distinct() : 0;
    }

    /** {@return the key} */
    public Key key() {
        return key;
    }

    /** {@return the number of events in the window} */
    public long count() {
        return count;
    }

    /** {@return the nominal start in nanoseconds since the epoch} */
    public long startNanos() {
        return startNanos;
    }

    /** {@return the nominal end in nanoseconds since the epoch} */
    public long endNanos() {
        return endNanos;
    }

    /** {@return the oldest retained timestamp in nanoseconds since the epoch} */
    public long oldestNanos() {
        return oldestNanos;
    }

    /** {@return the newest retained timestamp in nanoseconds since the epoch} */
    public long newestNanos() {
        return newestNanos;
    }

    /** {@return the nominal start} */
    public Instant start() {
        return instant(startNanos);
    }

    /** {@return the nominal end} */
    public Instant end() {
        return instant(endNanos);
    }

    /** {@return the oldest retained timestamp} */
    public Instant oldest() {
        return instant(oldestNanos);
    }

    /** {@return the newest retained timestamp} */
    public Instant newest() {
        return instant(newestNanos);
    }

    /** {@return the number of events of the key since its state was created} */
    public long total() {
        return total;
    }

    /** {@return whether the count is a lower bound} */
    public boolean isTruncated() {
        return truncated;
    }

    /** {@return how many messages were lost while the window was open} */
    public long lossDuringWindow() {
        return lossDuringWindow;
    }

    /** {@return whether that is all that was lost, not a lower bound} */
    public boolean isLossKnown() {
        return lossKnown;
    }

    /** {@return which of the aggregates below there are; the others throw {@link IllegalStateException}} */
    public AggregateSet aggregates() {
        return aggregates;
    }

    /** {@return the sum of the weights of all events} */
    public double weightedCount() {
        require(aggregates.hasWeightedCount(), "weightedCount", "weightedCount()");
        return weightedCount;
    }

    /** {@return the sum of weight times value} */
    public double sum() {
        require(aggregates.hasSum(), "sum", "sum()");
        return sum;
    }

    /** {@return the weighted mean of the values; NaN if there are none} */
    public double mean() {
        require(aggregates.hasSum(), "mean", "sum()");
        return mean;
    }

    /** {@return the least value; NaN if there are none} */
    public double min() {
        require(aggregates.hasMin(), "min", "min()");
        return min;
    }

    /** {@return the greatest value; NaN if there are none} */
    public double max() {
        require(aggregates.hasMax(), "max", "max()");
        return max;
    }

    /** {@return the weighted standard deviation of the values; NaN if there are none} */
    public double standardDeviation() {
        require(aggregates.hasDeviation(), "standardDeviation", "deviation()");
        return standardDeviation;
    }

    /**
     * The value below which this part of the values lies.
     *
     * @param q 0 to 1
     * @return the value; NaN if there are none
     */
    public double quantile(double q) {
        if (quantiles == null) {
            throw AggregateSet.notSet("quantile", "quantiles()");
        }
        return quantiles.applyAsDouble(q);
    }

    /** {@return how many different items the events have, an estimate} */
    public long distinct() {
        require(aggregates.hasDistinct(), "distinct", "distinct()");
        return distinct;
    }

    private static void require(boolean set, String asked, String setter) {
        if (!set) {
            throw AggregateSet.notSet(asked, setter);
        }
    }

    private static Instant instant(long epochNanos) {
        return Instant.ofEpochSecond(
                Math.floorDiv(epochNanos, NANOS_PER_SECOND), Math.floorMod(epochNanos, NANOS_PER_SECOND));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WindowResult that
                && key.equals(that.key)
                && count == that.count
                && startNanos == that.startNanos
                && endNanos == that.endNanos
                && oldestNanos == that.oldestNanos
                && newestNanos == that.newestNanos
                && total == that.total
                && truncated == that.truncated
                && lossDuringWindow == that.lossDuringWindow
                && lossKnown == that.lossKnown
                && aggregates.equals(that.aggregates)
                && Double.compare(weightedCount, that.weightedCount) == 0
                && Double.compare(sum, that.sum) == 0
                && Double.compare(mean, that.mean) == 0
                && Double.compare(min, that.min) == 0
                && Double.compare(max, that.max) == 0
                && Double.compare(standardDeviation, that.standardDeviation) == 0
                && Objects.equals(quantiles, that.quantiles)
                && distinct == that.distinct;
    }

    @Override
    public int hashCode() {
        return Objects.hash(key, count, startNanos, endNanos, oldestNanos, newestNanos, total);
    }

    @Override
    public String toString() {
        return "WindowResult[key " + Key.printable(key.toString()) + ", count " + count + ", " + start() + " to "
                + end() + ", total " + total
                + textOfAggregates()
                + (truncated ? ", truncated" : "")
                + (lossDuringWindow == 0 ? "" : ", " + lossDuringWindow + " messages lost")
                + (lossKnown ? "" : ", losses in the kernel unknown") + "]";
    }

    private String textOfAggregates() {
        return (aggregates.hasWeightedCount() ? ", weighted count " + weightedCount : "")
                + (aggregates.hasSum() ? ", sum " + sum + ", mean " + mean : "")
                + (aggregates.hasMin() ? ", min " + min : "")
                + (aggregates.hasMax() ? ", max " + max : "")
                + (aggregates.hasDeviation() ? ", standard deviation " + standardDeviation : "")
                + (aggregates.hasQuantiles() ? ", median " + quantile(0.5) + ", p99 " + quantile(0.99) : "")
                + (aggregates.hasDistinct() ? ", distinct " + distinct : "");
    }
}
