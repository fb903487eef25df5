package io.trafilo.formats;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Objects;

/**
 * A part of a message: a run of bytes in an array. A read-only flyweight of the view that gave it, on the same thread: it says what
 * it says until that view wraps another message.
 */
public final class Slice {
    private byte[] buffer = {};
    private int offset;
    private int length;

    Slice() {}

    void set(byte[] newBuffer, int start, int end) {
        buffer = newBuffer;
        offset = start;
        length = end - start;
    }

    void clear() {
        length = 0;
    }

    /** {@return the array that holds the bytes, which must not be changed: the one that was wrapped, or the view's own} */
    public byte[] buffer() {
        return buffer;
    }

    /** {@return where the bytes start in {@link #buffer}} */
    public int offset() {
        return offset;
    }

    /** {@return how many bytes there are} */
    public int length() {
        return length;
    }

    /** {@return whether there are none} */
    public boolean isEmpty() {
        return length == 0;
    }

    /**
     * Reads a byte.
     *
     * @param index from 0 to {@code length() - 1}
     * @return that byte
     * @throws IndexOutOfBoundsException if there is no such index
     */
    public byte byteAt(int index) {
        return buffer[offset + Objects.checkIndex(index, length)];
    }

    /**
     * Compares, without garbage.
     *
     * @param other the bytes to compare with
     * @return whether they are the same
     */
    public boolean contentEquals(byte[] other) {
        return Arrays.equals(buffer, offset, offset + length, other, 0, other.length);
    }

    /** {@return the bytes decoded as UTF-8, in a new string for each call} */
    public String text() {
        return new String(buffer, offset, length, UTF_8);
    }

    @Override
    public String toString() {
        return text();
    }
}
