package io.trafilo;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A key of at most 15 bytes, which are in the object itself. So it takes one object of 32 bytes. */
final class ShortKey extends Key {
    /*
     * Two words in little-endian order: byte i is in bits 8 * i and up, those that are not in use are 0, and the last one of
     * the 16 is the length. The words of a slice are read with two overlapping loads, so it is compared without a loop.
     */
    static final int MAX_LENGTH = 15;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int LENGTH_SHIFT = 56;
    private static final long MIX = 0x9E37_79B9_7F4A_7C15L; // 2^64 divided by the golden ratio

    private final long low;
    private final long high;
    private @Nullable String text; // benign race: a recomputed value is the same

    ShortKey(byte[] source, int offset, int length) {
        low = low(source, offset, length);
        high = high(source, offset, length);
    }

    private static long low(byte[] source, int offset, int length) {
        if (length >= Long.BYTES) {
            return (long) LONGS.get(source, offset);
        }
        if (length >= Integer.BYTES) {
            long first = Integer.toUnsignedLong((int) INTS.get(source, offset));
            long last = Integer.toUnsignedLong((int) INTS.get(source, offset + length - Integer.BYTES));
            return first | last << (8 * (length - Integer.BYTES));
        }
        long word = source[offset] & 0xFF;
        for (int i = 1; i < length; i++) {
            word |= (source[offset + i] & 0xFFL) << (8 * i);
        }
        return word;
    }

    private static long high(byte[] source, int offset, int length) {
        long size = (long) length << LENGTH_SHIFT;
        if (length <= Long.BYTES) {
            return size;
        }
        long last = (long) LONGS.get(source, offset + length - Long.BYTES);
        return size | last >>> (8 * (2 * Long.BYTES - length));
    }

    @Override
    public int length() {
        return (int) (high >>> LENGTH_SHIFT);
    }

    @Override
    public byte byteAt(int index) {
        long word = Objects.checkIndex(index, length()) < Long.BYTES ? low : high;
        return (byte) (word >>> (8 * (index & 7)));
    }

    @Override
    public byte[] toBytes() {
        byte[] bytes = new byte[length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = byteAt(i);
        }
        return bytes;
    }

    @Override
    public boolean contentEquals(byte[] source, int offset, int length) {
        return length == length() && low(source, offset, length) == low && high(source, offset, length) == high;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof ShortKey key && low == key.low && high == key.high);
    }

    @Override
    public int hashCode() {
        long mixed = low * MIX + high;
        mixed = (mixed ^ (mixed >>> 32)) * MIX;
        return (int) (mixed >>> 32); // the upper half depends on all bits
    }

    @Override
    public String toString() {
        String t = text;
        if (t == null) {
            t = new String(toBytes(), StandardCharsets.UTF_8);
            text = t;
        }
        return t;
    }
}
