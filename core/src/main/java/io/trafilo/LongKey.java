package io.trafilo;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A key of any length, with its bytes in an array. */
final class LongKey extends Key {
    private final byte[] bytes;
    private int hash; // benign race: a recomputed value is the same
    private @Nullable String text; // benign race, as above

    LongKey(byte[] source, int offset, int length) {
        bytes = Arrays.copyOfRange(source, offset, offset + length);
    }

    @Override
    public int length() {
        return bytes.length;
    }

    @Override
    public byte byteAt(int index) {
        return bytes[index];
    }

    @Override
    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean contentEquals(byte[] source, int offset, int length) {
        return length == bytes.length && Arrays.equals(bytes, 0, length, source, offset, offset + length);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof LongKey key && Arrays.equals(bytes, key.bytes));
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
