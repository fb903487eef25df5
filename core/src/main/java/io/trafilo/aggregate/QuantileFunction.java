package io.trafilo.aggregate;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The quantiles of a window that is over. Immutable. */
final class QuantileFunction implements DoubleUnaryOperator {
    private final double unit;
    private final double[] values;
    private final long[] upTo;

    private QuantileFunction(double unit, double[] values, long[] upTo) {
        this.unit = unit;
        this.values = values;
        this.upTo = upTo;
    }

    /** The rank of a quantile among so many units of weight. */
    static double rank(double q, long all, double unit) {
        if (!(q >= 0 && q <= 1)) {
            throw new IllegalArgumentException("q: " + q + " (expected: 0 to 1)");
        }
        return Math.max(0, q * (all - unit));
    }

    @Override
    public double applyAsDouble(double q) {
        long all = upTo.length == 0 ? 0 : upTo[upTo.length - 1];
        double rank = rank(q, all, unit);
        int i = 0;
        while (i < upTo.length && upTo[i] <= rank) {
            i++;
        }
        return all == 0 ? Double.NaN : values[Math.min(i, values.length - 1)];
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof QuantileFunction that
                && Arrays.equals(values, that.values)
                && Arrays.equals(upTo, that.upTo);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(upTo);
    }

    /** Takes values in ascending order. */
    static final class Builder {
        private final double unit;
        private double[] values = new double[16];
        private long[] upTo = new long[16];
        private int count;

        Builder(double unit) {
            this.unit = unit;
        }

        void add(double value, long weight) {
            if (weight == 0) {
                return;
            }
            if (count == values.length) {
                values = Arrays.copyOf(values, 2 * count);
                upTo = Arrays.copyOf(upTo, 2 * count);
            }
            values[count] = value;
            upTo[count] = weight + (count == 0 ? 0 : upTo[count - 1]);
            count++;
        }

        QuantileFunction build() {
            return new QuantileFunction(unit, Arrays.copyOf(values, count), Arrays.copyOf(upTo, count));
        }
    }
}
