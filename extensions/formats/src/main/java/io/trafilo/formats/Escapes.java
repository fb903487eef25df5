package io.trafilo.formats;

/** The bytes that a backslash escapes, in one part of a format. A backslash before any other byte is an ordinary one. */
enum Escapes {
    /** A value in the structured data of RFC 5424. */
    PARAM_VALUE("\"\\]"),
    /** A measurement of the line protocol. */
    MEASUREMENT(", "),
    /** A tag, or the key of a field. */
    KEY(",= "),
    /** A text in quotes. */
    STRING("\"\\");

    /** A bit for each of the bytes 0 to 63, and 64 to 127. */
    private final long low;

    private final long high;

    Escapes(String bytes) {
        low = bytes.chars()
                .filter(each -> each < 64)
                .mapToLong(each -> 1L << each)
                .sum();
        high = bytes.chars()
                .filter(each -> each >= 64)
                .mapToLong(each -> 1L << each)
                .sum();
    }

    /** Whether the byte is one of those that a backslash escapes. */
    boolean contains(byte value) {
        return value >= 0 && (((value < 64 ? low : high) >>> value) & 1) != 0;
    }

    /**
     * Points a slice at a run of bytes, or at a copy without its escapes, if it has any.
     *
     * @param copy has room for the run from {@code copyStart} on
     */
    void unescape(byte[] source, int start, int end, byte[] copy, int copyStart, Slice slice) {
        int at = start;
        while (at < end && !isEscape(source, at, end)) {
            at++;
        }
        if (at == end) {
            slice.set(source, start, end);
            return;
        }
        int to = copyStart + at - start;
        System.arraycopy(source, start, copy, copyStart, at - start);
        while (at < end) {
            at += isEscape(source, at, end) ? 1 : 0;
            copy[to++] = source[at++];
        }
        slice.set(copy, copyStart, to);
    }

    private boolean isEscape(byte[] source, int at, int end) {
        return source[at] == '\\' && at + 1 < end && contains(source[at + 1]);
    }
}
