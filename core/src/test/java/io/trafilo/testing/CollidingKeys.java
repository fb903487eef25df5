package io.trafilo.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Keys that somebody has prepared for a hash function without a seed, so that all of them meet in one place of a table of
 * 2^17. All keys of a set have one length and are different.
 */
public final class CollidingKeys {
    /** The bits of the hash that are the same for all keys of a set, at the least. */
    public static final int BITS = 17;

    private static final int MASK = (1 << BITS) - 1;

    private static final int FNV_32_BASIS = 0x811C9DC5;
    private static final int FNV_32_PRIME = 0x01000193;
    private static final long FNV_64_BASIS = 0xCBF29CE484222325L;
    private static final long FNV_64_PRIME = 0x100000001B3L;

    private static final int XX_2 = 0x85EBCA77;
    private static final int XX_3 = 0xC2B2AE3D;
    private static final int XX_4 = 0x27D4EB2F;
    private static final int XX_5 = 0x165667B1;

    private static final long WY_0 = 0x2D358DCCAA6C78A5L;
    private static final long WY_1 = 0x8BB84B93962EACC9L;

    private CollidingKeys() {}

    /** A hash function whose lower bits the keys of a set have in common. */
    public interface Hash {
        int of(byte[] key);
    }

    /** Java's {@code String.hashCode}, by its oldest trick: "Aa" and "BB" have the same, and so have all rows of them. */
    public static byte[][] forStringHashCode(int count) {
        byte[][] keys = new byte[count][];
        for (int i = 0; i < count; i++) {
            StringBuilder key = new StringBuilder();
            for (int bit = 0; bit < BITS; bit++) {
                key.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            keys[i] = key.toString().getBytes(StandardCharsets.US_ASCII);
        }
        return keys;
    }

    public static int stringHashCode(byte[] key) {
        return new String(key, StandardCharsets.US_ASCII).hashCode();
    }

    public static byte[][] forFnv1a32(int count) {
        return forFnv1a(count, FNV_32_BASIS, FNV_32_PRIME);
    }

    public static int fnv1a32(byte[] key) {
        int hash = FNV_32_BASIS;
        for (byte b : key) {
            hash = (hash ^ (b & 0xFF)) * FNV_32_PRIME;
        }
        return hash;
    }

    public static byte[][] forFnv1a64(int count) {
        return forFnv1a(count, (int) FNV_64_BASIS, (int) FNV_64_PRIME);
    }

    public static int fnv1a64(byte[] key) {
        long hash = FNV_64_BASIS;
        for (byte b : key) {
            hash = (hash ^ (b & 0xFF)) * FNV_64_PRIME;
        }
        return (int) hash;
    }

    /**
     * The lower bits of FNV-1a depend on lower bits only, and each step can be undone. So from the wanted end back over all
     * ends of three bytes there is one for nearly every state, and any beginning can be given a fitting end.
     */
    private static byte[][] forFnv1a(int count, int basis, int prime) {
        int undo = inverse(prime);
        int[] ends = new int[MASK + 1];
        Arrays.fill(ends, -1);
        for (int end = 0; end < 1 << 24; end++) {
            int state = 0;
            for (int shift = 0; shift < 24; shift += 8) { // the last byte is the lowest
                state = (state * undo & MASK) ^ (end >> shift & 0xFF);
            }
            ends[state & MASK] = end;
        }
        byte[][] keys = new byte[count][];
        int made = 0;
        for (int beginning = 0; made < count; beginning++) {
            byte[] key = ByteBuffer.allocate(8).putInt(beginning).array();
            int state = basis;
            for (int i = 0; i < 5; i++) {
                state = (state ^ (key[i] & 0xFF)) * prime;
            }
            int end = ends[state & MASK];
            if (end >= 0) {
                key[5] = (byte) (end >> 16);
                key[6] = (byte) (end >> 8);
                key[7] = (byte) end;
                keys[made++] = key;
            }
        }
        return keys;
    }

    /** Of eight bytes, the second four can be solved for: each step of xxHash32 can be undone. All 32 bits collide. */
    public static byte[][] forXxHash32(int count) {
        byte[][] keys = new byte[count][];
        int undo3 = inverse(XX_3);
        int beforeLast = Integer.rotateRight(0x5EED * inverse(XX_4), 17);
        for (int i = 0; i < count; i++) {
            int second = (beforeLast - xxStep(XX_5 + Long.BYTES, i)) * undo3;
            keys[i] = ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(i)
                    .putInt(second)
                    .array();
        }
        return keys;
    }

    /** For keys of eight bytes, and with the seed 0. */
    public static int xxHash32(byte[] key) {
        ByteBuffer words = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN);
        int hash = xxStep(xxStep(XX_5 + Long.BYTES, words.getInt(0)), words.getInt(4));
        hash = (hash ^ hash >>> 15) * XX_2;
        hash = (hash ^ hash >>> 13) * XX_3;
        return hash ^ hash >>> 16;
    }

    private static int xxStep(int hash, int word) {
        return Integer.rotateLeft(hash + word * XX_3, 17) * XX_4;
    }

    /**
     * The first of the two numbers that wyhash makes of sixteen bytes and multiplies is made 0 by its well-known secret, and then
     * the second does not matter. All 64 bits collide.
     */
    public static byte[][] forWyhash(int count) {
        byte[][] keys = new byte[count][];
        for (int i = 0; i < count; i++) {
            keys[i] = ByteBuffer.allocate(16)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(0, (int) (WY_1 >>> 32))
                    .putInt(4, i)
                    .putInt(8, (int) WY_1)
                    .putInt(12, ~i)
                    .array();
        }
        return keys;
    }

    public static int wyhash(byte[] key) {
        return (int) wyhash(key, 0);
    }

    /** For keys of four to sixteen bytes; the final version 4 with its own secret. */
    public static long wyhash(byte[] key, long seed) {
        int length = key.length;
        ByteBuffer words = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN);
        int step = length >> 3 << 2;
        long first = wyWords(words, 0, step) ^ WY_1;
        long second = wyWords(words, length - 4, length - 4 - step) ^ seed ^ wyMix(seed ^ WY_0, WY_1);
        return wyMix(first * second ^ WY_0 ^ length, unsignedMultiplyHigh(first, second) ^ WY_1);
    }

    private static long wyWords(ByteBuffer words, int upper, int lower) {
        return (long) words.getInt(upper) << 32 | Integer.toUnsignedLong(words.getInt(lower));
    }

    private static long wyMix(long a, long b) {
        return a * b ^ unsignedMultiplyHigh(a, b);
    }

    private static long unsignedMultiplyHigh(long a, long b) {
        return Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
    }

    /** What an odd number has to be multiplied with to give 1, modulo 2^32 (Newton). */
    private static int inverse(int odd) {
        int inverse = odd;
        for (int i = 0; i < 5; i++) {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }
}
