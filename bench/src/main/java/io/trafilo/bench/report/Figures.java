package io.trafilo.bench.report;

import java.util.Locale;

/** Numbers as the page writes them, the same in every locale. */
public final class Figures {
    static final String UNKNOWN = "–";

    private Figures() {}

    /** With as many decimals as three significant digits ask for, and thousands apart; a dash if not finite. */
    public static String number(double value) {
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

    /** Whole, with thousands apart; a dash if not finite. */
    public static String whole(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%,d", Math.round(value)) : UNKNOWN;
    }
}
