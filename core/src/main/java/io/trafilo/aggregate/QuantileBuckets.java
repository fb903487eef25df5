package io.trafilo.aggregate;

import io.trafilo.window.ValueSpan;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The values of a window, counted in buckets as DDSketch does, and taken back as they leave. */
final class QuantileBuckets implements ValueSpan {
    /*
     * Weights are counted in units of 2^-16, so adding and taking back cancel exactly. The buckets of negative values mirror
     * those of positive ones, and zero, with all that is too small to have a bucket, has one of its own.
     */
    private static final double UNIT = 1 << 16;

    private static final double MOST_WEIGHT = 1 << 20;

    private final BucketIndex index;
    private final BucketRow positive = new BucketRow();
    private @Nullable BucketRow negative;
    private long zeros;
    private boolean stale = true;
    private final ValueSpan leaving = this::remove;

    QuantileBuckets(BucketIndex index) {
        this.index = index;
    }

    static long bytes() {
        return 64 + 24 + 2 * BucketRow.bytes();
    }

    /** Whether the values must be counted anew, which {@link #clear} begins. */
    boolean isStale() {
        return stale;
    }

    void invalidate() {
        stale = true;
    }

    void clear() {
        positive.clear();
        if (negative != null) {
            negative.clear();
        }
        zeros = 0;
        stale = false;
    }

    /** Receives the values that leave. */
    ValueSpan leaving() {
        return leaving;
    }

    private static long units(double weight) {
        return weight == 1 ? (long) UNIT : Math.max(1, Math.round(Math.min(weight, MOST_WEIGHT) * UNIT));
    }

    void add(double value, double weight) {
        long count = units(weight);
        if (value >= Double.MIN_NORMAL) {
            positive.add(index.of(value), count);
        } else if (value <= -Double.MIN_NORMAL) {
            BucketRow row = negative;
            if (row == null) {
                row = new BucketRow();
                negative = row;
            }
            row.add(index.of(-value), count);
        } else if (!Double.isNaN(value)) {
            zeros += count;
        }
    }

    @Override
    public void accept(double[] values, double @Nullable [] weights, int from, int to) {
        for (int i = from; i < to; i++) {
            add(values[i], weights == null ? 1 : weights[i]);
        }
    }

    private void remove(double[] values, double @Nullable [] weights, int from, int to) {
        for (int i = from; i < to && !stale; i++) {
            stale = !remove(values[i], units(weights == null ? 1 : weights[i]));
        }
    }

    private boolean remove(double value, long count) {
        if (value >= Double.MIN_NORMAL) {
            return positive.remove(index.of(value), count);
        }
        if (value <= -Double.MIN_NORMAL) {
            return negative == null || negative.remove(index.of(-value), count);
        }
        if (!Double.isNaN(value)) {
            zeros -= count;
        }
        return true;
    }

    /** The value of rank q * (W - 1), W being the sum of all weights; NaN if there is none. */
    double quantile(double q) {
        long below = negative == null ? 0 : negative.total();
        long all = below + zeros + positive.total();
        if (all == 0) {
            return Double.NaN;
        }
        double rank = QuantileFunction.rank(q, all, UNIT);
        if (negative != null && below > rank) {
            int bucket = negative.top();
            for (long seen = negative.count(bucket); seen <= rank; seen += negative.count(bucket)) {
                bucket--;
            }
            return -index.value(bucket);
        }
        below += zeros;
        if (below > rank) {
            return 0;
        }
        int bucket = positive.bottom();
        for (long seen = below + positive.count(bucket); seen <= rank && bucket < positive.top(); ) {
            bucket++;
            seen += positive.count(bucket);
        }
        return index.value(bucket);
    }

    /** The same for all q, in an object to keep. */
    DoubleUnaryOperator function() {
        QuantileFunction.Builder builder = new QuantileFunction.Builder(UNIT);
        if (negative != null && negative.total() > 0) {
            for (int bucket = negative.top(); bucket >= negative.bottom(); bucket--) {
                builder.add(-index.value(bucket), negative.count(bucket));
            }
        }
        builder.add(0, zeros);
        if (positive.total() > 0) {
            for (int bucket = positive.bottom(); bucket <= positive.top(); bucket++) {
                builder.add(index.value(bucket), positive.count(bucket));
            }
        }
        return builder.build();
    }
}
