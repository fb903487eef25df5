package io.trafilo.bench;

import java.util.Arrays;

/**
 * How a series goes up or down, by Theil and Sen: the median of the slopes between all pairs of points. Outliers do not move it,
 * as long as they are less than three in ten.
 *
 * @param median per unit of x
 * @param least what the slope is at the least, but once in 700 times, if the points scatter independently
 */
record Slope(double median, double least) {
    private static final double SIGMAS = 3;

    /** Beyond so many points some are left out, evenly: the pairs grow with the square. */
    private static final int MAX_POINTS = 512;

    /** Of points whose {@code x} grows; of less than two it is 0. */
    static Slope of(double[] x, double[] y) {
        if (x.length < 2) {
            return new Slope(0, 0);
        }
        int stride = (x.length + MAX_POINTS - 1) / MAX_POINTS;
        int points = (x.length - 1) / stride + 1;
        double[] slopes = new double[points * (points - 1) / 2];
        int count = 0;
        for (int i = 0; i < points; i++) {
            for (int j = i + 1; j < points; j++) {
                slopes[count++] = (y[j * stride] - y[i * stride]) / (x[j * stride] - x[i * stride]);
            }
        }
        Arrays.sort(slopes);
        // the deviation of Kendall's count of pairs that rise less those that fall
        double deviation = Math.sqrt((double) count * (2 * points + 5) / 9);
        int lower = (int) Math.max(0, (count - SIGMAS * deviation) / 2);
        return new Slope(Spread.of(slopes).median(), slopes[lower]);
    }
}
