package io.trafilo.aggregate;

/** Numbers buckets so that all values of one bucket are within a relative error of its middle. */
final class BucketIndex {
    /*
     * The cubically interpolated mapping of DDSketch (Masson, Rim and Lee 2019): a bucket is a step of the binary logarithm,
     * whose fraction is replaced by a polynomial of the mantissa. That takes 1 % more buckets than logarithms, and a fraction
     * of the time. The polynomial's least slope, in natural logarithms, is 10/7. It is at powers of two; the buckets there are
     * as wide as the error allows, others are narrower.
     */
    private static final double A = 6.0 / 35;
    private static final double B = -3.0 / 5;
    private static final double C = 10.0 / 7;

    private static final long FRACTION = (1L << 52) - 1;
    private static final long ONE = Double.doubleToRawLongBits(1);

    private final double relativeError;
    private final double steps;

    BucketIndex(double relativeError) {
        this.relativeError = relativeError;
        this.steps = 1 / (C * Math.log((1 + relativeError) / (1 - relativeError)));
    }

    /** The bucket of a positive, normal number. */
    int of(double value) {
        long bits = Double.doubleToRawLongBits(value);
        double fraction = Double.longBitsToDouble((bits & FRACTION) | ONE) - 1;
        int exponent = (int) (bits >>> 52) - Double.MAX_EXPONENT;
        double logarithm = exponent + fraction * (C + fraction * (B + fraction * A));
        return (int) Math.floor(logarithm * steps);
    }

    /** The middle of a bucket: no value in it is off by more than the relative error. */
    double value(int index) {
        double logarithm = index / steps;
        double exponent = Math.floor(logarithm);
        double wanted = logarithm - exponent;
        double fraction = wanted;
        for (int i = 0; i < 6; i++) { // Newton's method; the polynomial is monotonic and nearly straight
            double slope = C + fraction * (2 * B + fraction * 3 * A);
            fraction -= (fraction * (C + fraction * (B + fraction * A)) - wanted) / slope;
        }
        double lower = (1 + fraction) * 0x1p-1 * (1 + relativeError); // halved, since 2^1024 is out of range
        return Math.min(Double.MAX_VALUE, Math.scalb(lower, (int) exponent + 1));
    }
}
