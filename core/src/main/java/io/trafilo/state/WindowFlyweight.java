package io.trafilo.state;

import io.trafilo.AggregateSet;
import io.trafilo.Key;
import io.trafilo.WindowView;
import io.trafilo.aggregate.WindowAggregates;
import io.trafilo.ledger.LossHistory;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The window being emitted. One per thread, reset for each emission. */
final class WindowFlyweight implements WindowView {
    private final LossHistory losses;
    final WindowAggregates aggregates = new WindowAggregates();
    private @Nullable Key key;
    private long count;
    private long sizeNanos;
    private long endNanos;
    private long oldestNanos;
    private long newestNanos;
    private long total;
    private boolean truncated;
    private long clockNanos;

    WindowFlyweight(LossHistory losses) {
        this.losses = losses;
    }

    /** {@code clockNanos} is the engine's time, which differs from {@code endNanos} on the time basis EVENT. */
    void wrap(KeyState<?> entry, long sizeNanos, long endNanos, long clockNanos, boolean truncated) {
        this.key = entry.key;
        this.total = entry.total();
        this.sizeNanos = sizeNanos;
        this.endNanos = endNanos;
        this.clockNanos = clockNanos;
        this.truncated = truncated;
    }

    void content(long count, long oldestNanos, long newestNanos) {
        this.count = count;
        this.oldestNanos = oldestNanos;
        this.newestNanos = newestNanos;
    }

    @Nullable
    Key wrappedKey() {
        return key;
    }

    @Override
    public Key key() {
        return Objects.requireNonNull(key);
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public long startNanos() {
        return endNanos - sizeNanos;
    }

    @Override
    public long endNanos() {
        return endNanos;
    }

    @Override
    public long oldestNanos() {
        return oldestNanos;
    }

    @Override
    public long newestNanos() {
        return newestNanos;
    }

    @Override
    public long total() {
        return total;
    }

    @Override
    public boolean isTruncated() {
        return truncated;
    }

    @Override
    public long lossDuringWindow() {
        return losses.since(clockNanos - sizeNanos);
    }

    @Override
    public boolean isLossKnown() {
        return losses.isKnownSince(clockNanos - sizeNanos);
    }

    // ---- aggregates

    @Override
    public AggregateSet aggregates() {
        return aggregates.set();
    }

    @Override
    public double weightedCount() {
        return aggregates().hasWeightedCount() ? aggregates.weightedCount() : WindowView.super.weightedCount();
    }

    @Override
    public double sum() {
        return aggregates().hasSum() ? aggregates.sum() : WindowView.super.sum();
    }

    @Override
    public double mean() {
        return aggregates().hasSum() ? aggregates.mean() : WindowView.super.mean();
    }

    @Override
    public double min() {
        return aggregates().hasMin() ? aggregates.min() : WindowView.super.min();
    }

    @Override
    public double max() {
        return aggregates().hasMax() ? aggregates.max() : WindowView.super.max();
    }

    @Override
    public double standardDeviation() {
        return aggregates().hasDeviation() ? aggregates.standardDeviation() : WindowView.super.standardDeviation();
    }

    @Override
    public double quantile(double q) {
        return aggregates().hasQuantiles() ? aggregates.quantile(q) : WindowView.super.quantile(q);
    }

    @Override
    public DoubleUnaryOperator quantiles() {
        return aggregates().hasQuantiles() ? aggregates.quantiles() : WindowView.super.quantiles();
    }

    @Override
    public long distinct() {
        return aggregates().hasDistinct() ? aggregates.distinct() : WindowView.super.distinct();
    }
}
