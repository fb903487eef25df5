package io.trafilo.aggregate;

import io.trafilo.window.ValueSpan;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Partial aggregates, numbered: each of the values that were added to it. */
final class Partials implements ValueSpan {
    /*
     * A record of doubles each, in one array. Weights, values and squares are summed up in double-double arithmetic, so a
     * number of values is off by far less than the last bit of their sum; see AggregateSet.sum(). A span of at most 13 values
     * is summed up first, as in Ogita, Rump and Oishi, "Accurate sum and dot product" (2005), algorithm 4.4, which waits for
     * one addition per value instead of seven. Its rounding errors are below 144 * 2^-106 of the absolute values; those of
     * all spans and of the panes together below 3 * 2^-106 for each.
     */
    private static final int EVENTS = 0;

    /** Of events with a value, and of those without: double-doubles. */
    private static final int WEIGHT = 1;

    private static final int UNVALUED_WEIGHT = 3;
    private static final int SUM = 5;
    private static final int SQUARES = 7;
    private static final int MIN = 9;
    private static final int MAX = 10;
    private static final int RECORD = 11;

    private final double[] words;
    private final boolean squares;
    private int target;

    /** So many partial aggregates of no values. */
    Partials(int count, boolean squares) {
        this.words = new double[count * RECORD];
        this.squares = squares;
        for (int i = 0; i < count; i++) {
            reset(i);
        }
    }

    static long bytes(int count) {
        return 16 + 8 + 8 + 24 + (long) count * RECORD * Double.BYTES;
    }

    void reset(int i) {
        int at = i * RECORD;
        Arrays.fill(words, at, at + RECORD, 0);
        words[at + MIN] = Double.POSITIVE_INFINITY;
        words[at + MAX] = Double.NEGATIVE_INFINITY;
    }

    long events(int i) {
        return (long) words[i * RECORD + EVENTS];
    }

    /** Adds a value, or NaN for none, to a partial aggregate. */
    void add(int i, double value, double weight) {
        int at = i * RECORD;
        words[at + EVENTS]++;
        if (Double.isNaN(value)) {
            DoubleDouble.add(words, at + UNVALUED_WEIGHT, weight);
            return;
        }
        DoubleDouble.add(words, at + WEIGHT, weight);
        DoubleDouble.addProduct(words, at + SUM, weight, value);
        if (squares) {
            addSquare(at + SQUARES, value, weight);
        }
        words[at + MIN] = value < words[at + MIN] ? value : words[at + MIN];
        words[at + MAX] = value > words[at + MAX] ? value : words[at + MAX];
    }

    private void addSquare(int at, double value, double weight) {
        double square = value * value;
        double rest = Math.fma(value, value, -square);
        double product = square * weight;
        DoubleDouble.add(words, at, product, Math.fma(rest, weight, Math.fma(square, weight, -product)));
    }

    /** Sets what {@link #accept} adds to. */
    Partials target(int i) {
        target = i * RECORD;
        return this;
    }

    @Override
    public void accept(double[] values, double @Nullable [] weights, int from, int to) {
        int at = target;
        double sum = 0;
        double sumRest = 0;
        double min = words[at + MIN];
        double max = words[at + MAX];
        int ones = 0;
        for (int i = from; i < to; i++) {
            double value = values[i];
            double weight = weights == null ? 1 : weights[i];
            if (Double.isNaN(value)) {
                DoubleDouble.add(words, at + UNVALUED_WEIGHT, weight);
                continue;
            }
            double product = weight * value;
            double after = sum + product;
            double part = after - sum;
            sumRest += (sum - (after - part)) + (product - part) + Math.fma(weight, value, -product);
            sum = after;
            if (weight == 1) {
                ones++;
            } else {
                DoubleDouble.add(words, at + WEIGHT, weight);
            }
            if (squares) {
                addSquare(at + SQUARES, value, weight);
            }
            min = value < min ? value : min;
            max = value > max ? value : max;
        }
        words[at + EVENTS] += to - from;
        words[at + MIN] = min;
        words[at + MAX] = max;
        DoubleDouble.add(words, at + WEIGHT, ones);
        DoubleDouble.add(words, at + SUM, sum, sumRest);
    }

    /** Adds another partial aggregate to the first one. */
    void fold(Partials other, int i) {
        int at = i * RECORD;
        double[] theirs = other.words;
        words[EVENTS] += theirs[at + EVENTS];
        for (int sums = WEIGHT; sums <= SQUARES; sums += 2) {
            DoubleDouble.add(words, sums, theirs[at + sums], theirs[at + sums + 1]);
        }
        words[MIN] = Math.min(words[MIN], theirs[at + MIN]);
        words[MAX] = Math.max(words[MAX], theirs[at + MAX]);
    }

    // ---- what the first one comes to

    double weightedCount() {
        return DoubleDouble.value(words, WEIGHT, UNVALUED_WEIGHT);
    }

    double sum() {
        return DoubleDouble.value(words, SUM);
    }

    /** NaN if there is no value. */
    double mean() {
        return sum() / DoubleDouble.value(words, WEIGHT);
    }

    double min() {
        return hasValues() ? words[MIN] : Double.NaN;
    }

    double max() {
        return hasValues() ? words[MAX] : Double.NaN;
    }

    double standardDeviation() {
        if (!hasValues()) {
            return Double.NaN;
        }
        if (words[MIN] == words[MAX]) {
            return 0;
        }
        // Sum of squares less the square of the sum over the weight, all but the last step in double-double arithmetic.
        double weight = words[WEIGHT];
        double sum = words[SUM];
        double square = sum * sum;
        double squareRest = Math.fma(sum, sum, -square) + 2 * sum * words[SUM + 1];
        double quotient = square / weight;
        double remainder = Math.fma(-quotient, weight, square) + (squareRest - quotient * words[WEIGHT + 1]);
        double quotientRest = remainder / weight;
        double difference = words[SQUARES] - quotient;
        double part = difference - words[SQUARES];
        double error = (words[SQUARES] - (difference - part)) - (quotient + part);
        double squaredDistances = difference + (error + (words[SQUARES + 1] - quotientRest));
        if (Double.isNaN(squaredDistances)) { // the squares exceed the range of a double
            return Double.POSITIVE_INFINITY;
        }
        return Math.sqrt(Math.max(0, squaredDistances) / weight);
    }

    private boolean hasValues() {
        return words[MIN] <= words[MAX];
    }
}
