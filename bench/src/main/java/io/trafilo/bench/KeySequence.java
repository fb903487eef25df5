package io.trafilo.bench;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Which key each message has: drawn in advance from a distribution, and repeated when it is through. The same seed gives the
 * same sequence. Not thread-safe.
 */
public final class KeySequence {
    private static final int LEAST_DRAWS = 1 << 20;
    private static final int MOST_DRAWS = 1 << 25;

    private final int[] keys;
    private int position;

    private KeySequence(int[] keys) {
        this.keys = keys;
    }

    /** Draws each key alike. */
    public static KeySequence uniform(int keyCount, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] keys = new int[draws(keyCount)];
        Arrays.setAll(keys, i -> random.nextInt(keyCount));
        return new KeySequence(keys);
    }

    /**
     * Draws by a power law: the key at rank r, counted from 1, has a share in proportion to 1 / r^exponent. Key 0 is the
     * busiest.
     *
     * @param keyCount how many keys there are
     * @param exponent 0 for equal shares
     * @param seed what the sequence depends on
     * @return the sequence
     */
    public static KeySequence zipf(int keyCount, double exponent, long seed) {
        double[] cumulative = new double[keyCount];
        double sum = 0;
        for (int i = 0; i < keyCount; i++) {
            sum += Math.pow(i + 1, -exponent);
            cumulative[i] = sum;
        }
        SplittableRandom random = new SplittableRandom(seed);
        int[] keys = new int[draws(keyCount)];
        for (int i = 0; i < keys.length; i++) {
            int found = Arrays.binarySearch(cumulative, random.nextDouble() * sum);
            // not found: the insertion point is the first key whose cumulative share is larger
            keys[i] = Math.min(found >= 0 ? found + 1 : -found - 1, keyCount - 1);
        }
        return new KeySequence(keys);
    }

    /** A power of two, several times the number of keys, so that the sequence holds nearly all of them. */
    private static int draws(int keyCount) {
        return (int) Math.max(LEAST_DRAWS, Math.min(MOST_DRAWS, 4L * Integer.highestOneBit(keyCount)));
    }

    /** The next draw: a key, counted from 0. */
    public int next() {
        int key = keys[position];
        position = (position + 1) & (keys.length - 1);
        return key;
    }
}
