package io.trafilo.formats;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;

/** Reads decimal numbers from bytes: correctly rounded, and in the usual case without garbage. */
final class Decimal {
    /** What {@link #whole} gives if there is no whole number. */
    static final long NONE = Long.MIN_VALUE;

    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };
    private static final int LARGEST_EXACT_POWER = POWERS_OF_TEN.length - 1;
    private static final long LARGEST_EXACT = 1L << 53;

    /** A greater power of ten is infinite; a number below a lesser one is rounded to 0. */
    private static final int LARGEST_POWER = 308;

    private static final int SMALLEST_POWER = -324;

    /** Another digit behind such a number fits a long. */
    private static final long ROOM_FOR_A_DIGIT = Long.MAX_VALUE / 10 - 1;

    /** Beyond all exponents that make a difference, even to a number of as many digits as a datagram holds. */
    private static final int EXPONENT_LIMIT = 1_000_000;

    private Decimal() {}

    /*
     * The fast path is W. D. Clinger's (How to read floating point numbers accurately, PLDI 1990): digits that make a number of up to
     * 2^53, and a power of ten up to 10^22, are both doubles without an error, and so their product or quotient is rounded once.
     */

    /**
     * Reads {@code [+-] digits [. digits] [e [+-] digits]}, with a digit on at least one side of the point. NaN if the bytes are
     * anything else, infinite if the number is too large for a double.
     */
    static double parse(byte[] source, int offset, int length) {
        int end = offset + length;
        int at = offset + signLength(source, offset, end);
        int first = at;
        long mantissa = 0;
        boolean exact = true;
        int point = -1;
        for (; at < end; at++) {
            int digit = source[at] - '0';
            if (digit >= 0 && digit <= 9) {
                exact &= mantissa <= ROOM_FOR_A_DIGIT;
                mantissa = exact ? 10 * mantissa + digit : mantissa;
            } else if (source[at] == '.' && point < 0) {
                point = at;
            } else {
                break;
            }
        }
        int exponent = point < 0 ? 0 : point + 1 - at;
        int digits = at - first - (point < 0 ? 0 : 1);
        if (at < end) {
            int written = exponent(source, at, end);
            if (written > EXPONENT_LIMIT) {
                return Double.NaN;
            }
            exponent += written;
        }
        if (digits == 0) {
            return Double.NaN;
        }
        double size;
        if (mantissa == 0 || exponent + digits < SMALLEST_POWER) {
            size = 0;
        } else if (exponent > LARGEST_POWER) {
            size = Double.POSITIVE_INFINITY;
        } else if (!exact
                || mantissa > LARGEST_EXACT
                || exponent < -LARGEST_EXACT_POWER
                || exponent > LARGEST_EXACT_POWER) {
            return JavaDoubleParser.parseDouble(source, offset, length);
        } else {
            size = exponent < 0 ? mantissa / POWERS_OF_TEN[-exponent] : mantissa * POWERS_OF_TEN[exponent];
        }
        return source[offset] == '-' ? -size : size;
    }

    /** Whether {@link #parse} finds a number here. */
    static boolean isNumber(byte[] source, int offset, int length) {
        return !Double.isNaN(parse(source, offset, length));
    }

    /** The exponent that starts with its {@code e}, at most the limit in size; more than the limit if it is none. */
    private static int exponent(byte[] source, int start, int end) {
        int at = start + 1;
        at += signLength(source, at, end);
        if ((source[start] | 0x20) != 'e' || at >= end) {
            return Integer.MAX_VALUE;
        }
        int value = 0;
        for (int i = at; i < end; i++) {
            int digit = source[i] - '0';
            if (digit < 0 || digit > 9) {
                return Integer.MAX_VALUE;
            }
            value = Math.min(10 * value + digit, EXPONENT_LIMIT);
        }
        return source[start + 1] == '-' ? -value : value;
    }

    private static int signLength(byte[] source, int at, int end) {
        return at < end && (source[at] == '-' || source[at] == '+') ? 1 : 0;
    }

    /** Reads {@code [+-] digits}. {@link #NONE} if the bytes are anything else, or the number is beyond a long. */
    static long whole(byte[] source, int offset, int length) {
        int end = offset + length;
        int at = offset + signLength(source, offset, end);
        if (at == end) {
            return NONE;
        }
        long value = 0;
        for (; at < end; at++) {
            int digit = source[at] - '0';
            if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
                return NONE;
            }
            value = 10 * value + digit;
        }
        return source[offset] == '-' ? -value : value;
    }
}
