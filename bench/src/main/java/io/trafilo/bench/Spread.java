package io.trafilo.bench;

import java.util.Arrays;

/** The middle of some values, and their ends. Of no values, all three are NaN. */
record Spread(double median, double min, double max) {
    static Spread of(double... values) {
        if (values.length == 0) {
            return new Spread(Double.NaN, Double.NaN, Double.NaN);
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    String text(int decimals) {
        String number = "%,." + decimals + "f";
        String middle = Console.format(number, median);
        return min == max ? middle : middle + Console.format(" (" + number + " to " + number + ")", min, max);
    }
}
