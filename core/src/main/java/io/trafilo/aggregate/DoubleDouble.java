package io.trafilo.aggregate;

/** Sums of doubles as the unevaluated sum of two of them, which lie side by side in an array: the first is the rounded sum. */
final class DoubleDouble {
    /*
     * Joldes, Muller and Popescu, "Tight and rigorous error bounds for basic building blocks of double-word arithmetic" (2017):
     * algorithm 4 to add a double, 6 to add another sum. They are off by at most 2 and 3 times 2^-106 of the result.
     *
     * A sum that exceeds the range of a double is infinite; its second part, which would be NaN, is then 0.
     */

    private DoubleDouble() {}

    static void add(double[] sums, int at, double x) {
        double high = sums[at];
        double sum = high + x;
        double part = sum - high;
        double rest = sums[at + 1] + ((high - (sum - part)) + (x - part));
        put(sums, at, sum, sum, rest);
    }

    /** Adds the sum of two doubles, the second of which is small beside the first. */
    static void add(double[] sums, int at, double x, double xRest) {
        double high = sums[at];
        double sum = high + x;
        double part = sum - high;
        double error = (high - (sum - part)) + (x - part);
        double low = sums[at + 1];
        double lowSum = low + xRest;
        double lowPart = lowSum - low;
        double lowError = (low - (lowSum - lowPart)) + (xRest - lowPart);
        double rest = error + lowSum;
        double upper = sum + rest;
        put(sums, at, sum, upper, lowError + (rest - (upper - sum)));
    }

    /** Adds the exact product. */
    static void addProduct(double[] sums, int at, double x, double y) {
        double product = x * y;
        add(sums, at, product, Math.fma(x, y, -product));
    }

    /** Puts the sum of two doubles, the second of which is smaller than the first; if that is not finite, {@code rounded}. */
    private static void put(double[] sums, int at, double rounded, double x, double y) {
        double sum = x + y;
        double rest = y - (sum - x);
        boolean finite = Double.isFinite(rest);
        sums[at] = finite ? sum : rounded;
        sums[at + 1] = finite ? rest : 0;
    }

    static double value(double[] sums, int at) {
        return sums[at] + sums[at + 1];
    }

    /** The sum of two sums. */
    static double value(double[] sums, int at, int other) {
        double sum = sums[at] + sums[other];
        double part = sum - sums[at];
        double error = (sums[at] - (sum - part)) + (sums[other] - part);
        return sum + (error + (sums[at + 1] + sums[other + 1]));
    }
}
