package io.trafilo.formats;

/** Looks for bytes in a part of an array. */
final class Bytes {
    private Bytes() {}

    /** Where a byte first is from {@code start} on; {@code end} if it is nowhere before that. */
    static int indexOf(byte[] source, char wanted, int start, int end) {
        int at = start;
        while (at < end && source[at] != wanted) {
            at++;
        }
        return at;
    }

    /** Space, tab, and what else breaks lines in ASCII. */
    static boolean isBlank(byte value) {
        return value == ' ' || (value >= '\t' && value <= '\r');
    }

    /** The first byte from {@code start} on that is not blank. */
    static int skipBlank(byte[] source, int start, int end) {
        int at = start;
        while (at < end && isBlank(source[at])) {
            at++;
        }
        return at;
    }

    /** The first blank byte from {@code start} on. */
    static int findBlank(byte[] source, int start, int end) {
        int at = start;
        while (at < end && !isBlank(source[at])) {
            at++;
        }
        return at;
    }

    /** The end of what is left without the blanks at its end. */
    static int trimEnd(byte[] source, int start, int end) {
        int at = end;
        while (at > start && isBlank(source[at - 1])) {
            at--;
        }
        return at;
    }
}
