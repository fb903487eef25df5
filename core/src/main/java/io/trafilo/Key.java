package io.trafilo;

import java.nio.charset.StandardCharsets;

/**
 * An immutable byte string that identifies a state. The engine creates one per new key, which lives as long as the state of
 * that key. An application may keep it.
 *
 * <p>Two keys are equal if their bytes are. Thread-safe.
 */
public abstract sealed class Key implements Comparable<Key> permits ShortKey, LongKey {
    Key() {}

    /**
     * Creates a key from the UTF-8 bytes of a text.
     *
     * @param text the text, not empty
     * @return the key
     * @throws IllegalArgumentException if the text is empty
     */
    public static Key of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return of(bytes, 0, bytes.length);
    }

    /**
     * Creates a key from a copy of some bytes.
     *
     * @param source the array that holds the bytes
     * @param offset where they start
     * @param length the number of bytes, at least 1
     * @return the key
     * @throws IllegalArgumentException if the length is 0
     * @throws IndexOutOfBoundsException if the slice is not within the array
     */
    public static Key of(byte[] source, int offset, int length) {
        if (length == 0) {
            throw new IllegalArgumentException("key: 0 bytes (expected: at least 1)");
        }
        if (offset < 0 || length < 0 || length > source.length - offset) {
            throw new IndexOutOfBoundsException(
                    "key: offset " + offset + ", length " + length + " in an array of " + source.length);
        }
        return length <= ShortKey.MAX_LENGTH
                ? new ShortKey(source, offset, length)
                : new LongKey(source, offset, length);
    }

    /**
     * Escapes what a terminal or a log would obey, or not show. Senders choose the bytes of keys and payloads: use this where
     * they are printed.
     *
     * <p>By code point: controls, line ends of every kind, format characters such as those that reverse the direction of text,
     * halves of surrogate pairs, and characters of private use or without a meaning become <code>&#92;u{202e}</code>, a
     * backslash becomes two. All else stays as it is, so different texts stay different.
     *
     * @param text any text, such as that of a key
     * @return the text on one line
     */
    public static String printable(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(codePoint -> {
            if (codePoint == '\\') {
                out.append("\\\\");
            } else if (isPrintable(codePoint)) {
                out.appendCodePoint(codePoint);
            } else {
                out.append("\\u{").append(Integer.toHexString(codePoint)).append('}');
            }
        });
        return out.toString();
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    /** {@return the number of bytes, at least 1} */
    public abstract int length();

    /**
     * Reads the byte at an index.
     *
     * @param index from 0 to {@code length() - 1}
     * @return that byte
     * @throws IndexOutOfBoundsException if there is no such index
     */
    public abstract byte byteAt(int index);

    /** {@return a copy of the bytes, in a new array} */
    public abstract byte[] toBytes();

    /**
     * Compares the bytes of this key with a slice of an array. Allocates nothing.
     *
     * @param source the array that holds the slice
     * @param offset where it starts
     * @param length its length in bytes
     * @return true if they are the same bytes
     */
    public abstract boolean contentEquals(byte[] source, int offset, int length);

    /**
     * Compares two keys by their bytes, as unsigned numbers. Consistent with {@code equals}. A sorted map of keys does not depend
     * on hash codes, for which a sender can prepare keys that collide.
     *
     * @param other the key to compare with
     * @return less than, equal to or greater than 0
     */
    @Override
    public final int compareTo(Key other) {
        int common = Math.min(length(), other.length());
        for (int i = 0; i < common; i++) {
            int difference = Byte.compareUnsigned(byteAt(i), other.byteAt(i));
            if (difference != 0) {
                return difference;
            }
        }
        return length() - other.length();
    }

    /**
     * {@return the bytes decoded as UTF-8; computed by the first call and cached} They are as they came: {@link #printable}
     * escapes them.
     */
    @Override
    public abstract String toString();
}
