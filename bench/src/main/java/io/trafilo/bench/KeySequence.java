package io.trafilo.bench;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Which key each datagram has: drawn in advance from a distribution, and repeated when it is through. The same seed gives the
 * same sequence. Under {@link Distribution#ZIPF} key 0 is the busiest. Not thread-safe.
 */
final class KeySequence {
    private static final int DRAWS = 1 << 20;

    private final int[] keys;
    private int position;

    private KeySequence(int[] keys) {
        this.keys = keys;
    }

    static KeySequence uniform(int keyCount, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] keys = new int[DRAWS];
        Arrays.setAll(keys, i -> random.nextInt(keyCount));
        return new KeySequence(keys);
    }

    /** The key at rank r, counted from 1, has a share in proportion to 1 / r^exponent. */
    static KeySequence zipf(int keyCount, double exponent, long seed) {
        double[] cumulative = new double[keyCount];
        double sum = 0;
        for (int i = 0; i < keyCount; i++) {
            sum += Math.pow(i + 1, -exponent);
            cumulative[i] = sum;
        }
        SplittableRandom random = new SplittableRandom(seed);
        int[] keys = new int[DRAWS];
        for (int i = 0; i < DRAWS; i++) {
            int found = Arrays.binarySearch(cumulative, random.nextDouble() * sum);
            // not found: the insertion point is the first key whose cumulative share is larger
            keys[i] = Math.min(found >= 0 ? found + 1 : -found - 1, keyCount - 1);
        }
        return new KeySequence(keys);
    }

    int next() {
        int key = keys[position];
        position = (position + 1) & (DRAWS - 1);
        return key;
    }
}
