package io.trafilo.bench.report;

import java.util.Locale;

/** Numbers as the page and the plots write them, the same in every locale. */
final class Figures {
    static final String UNKNOWN = "–";

    private Figures() {}

    /** With as many decimals as three significant digits ask for, and thousands apart. */
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return UNKNOWN;
        }
        double size = Math.abs(value);
        int decimals = 0;
        if (size > 0 && size < 100) {
            decimals = Math.min(6, 2 - (int) Math.floor(Math.log10(size)));
        }
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    /** Whole, with thousands apart. */
    static String whole(double value) {
        return Double.isFinite(value) ? whole(Math.round(value)) : UNKNOWN;
    }

    static String whole(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** The next round number that is no less than both: where an axis ends. */
    static double axisEnd(double largest, double atLeast) {
        double wanted = Math.max(Double.isFinite(largest) ? largest : 0, atLeast);
        double decade = Math.pow(10, Math.floor(Math.log10(wanted)));
        for (double step : new double[] {1, 1.5, 2, 2.5, 3, 4, 5, 6, 8}) {
            if (wanted <= step * decade * (1 + 1e-12)) {
                return step * decade;
            }
        }
        return 10 * decade;
    }
}
