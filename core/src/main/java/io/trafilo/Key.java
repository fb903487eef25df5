package io.trafilo;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An immutable byte string that names a state. The engine makes one per new key, and it lives as long as that key's state;
 * it may be kept.
 *
 * <p>Two keys are equal when their bytes are. Thread-safe.
 */
public final class Key {
    private final byte[] bytes;
    private int hash; // benign race: a recomputed value is the same
    private @Nullable String text; // benign race, as above

    private Key(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The key with the UTF-8 bytes of a text.
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
     * The key with a copy of some bytes.
     *
     * @param source the array that holds the bytes
     * @param offset where they start
     * @param length how many they are, at least 1
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
        return new Key(Arrays.copyOfRange(source, offset, offset + length));
    }

    /**
     * The number of bytes.
     *
     * @return at least 1
     */
    public int length() {
        return bytes.length;
    }

    /**
     * The byte at an index.
     *
     * @param index from 0 to {@code length() - 1}
     * @return that byte
     * @throws IndexOutOfBoundsException if there is no such index
     */
    public byte byteAt(int index) {
        return bytes[index];
    }

    /**
     * A copy of the bytes.
     *
     * @return a new array
     */
    public byte[] toBytes() {
        return bytes.clone();
    }

    /**
     * Whether the bytes of this key equal a slice of an array. Allocates nothing.
     *
     * @param source the array that holds the slice
     * @param offset where it starts
     * @param length how long it is
     * @return true if they are the same bytes
     */
    public boolean contentEquals(byte[] source, int offset, int length) {
        return length == bytes.length && Arrays.equals(bytes, 0, length, source, offset, offset + length);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof Key key && Arrays.equals(bytes, key.bytes));
    }

    @Override
    public int hashCode() {
        int h = hash;
        if (h == 0) {
            h = Arrays.hashCode(bytes);
            hash = h;
        }
        return h;
    }

    /** The bytes read as UTF-8; made at the first call and cached. */
    @Override
    public String toString() {
        String t = text;
        if (t == null) {
            t = new String(bytes, StandardCharsets.UTF_8);
            text = t;
        }
        return t;
    }
}
