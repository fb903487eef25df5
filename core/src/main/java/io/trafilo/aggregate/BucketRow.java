package io.trafilo.aggregate;

import java.util.Arrays;

/** Counts by bucket, of values of one sign: those of the topmost 2048 buckets. What is smaller counts in the lowest of these. */
final class BucketRow {
    /*
     * A bucket's slot is its index modulo 2048. When the top rises, the slots of the buckets that fall below the range become
     * those of the new ones, and their counts go to the lowest bucket: the row is collapsed. When the top of a collapsed row
     * goes, nobody knows what was counted where. So that the answer depends on nothing but the values that are there, the
     * owner then counts them anew.
     */
    static final int SLOTS = 2048;

    private static final int MASK = SLOTS - 1;

    private final long[] counts = new long[SLOTS];
    private long total;

    // All that was counted is in between, inclusive. The top bucket is never empty.
    private int top;
    private int bottom;
    private boolean collapsed;

    static long bytes() {
        return 48 + 24 + SLOTS * Long.BYTES;
    }

    long total() {
        return total;
    }

    int top() {
        return top;
    }

    int bottom() {
        return bottom;
    }

    long count(int index) {
        return counts[index & MASK];
    }

    void clear() {
        int first = bottom & MASK;
        int last = top & MASK;
        if (first <= last) {
            Arrays.fill(counts, first, last + 1, 0);
        } else {
            Arrays.fill(counts, first, SLOTS, 0);
            Arrays.fill(counts, 0, last + 1, 0);
        }
        total = 0;
        collapsed = false;
    }

    void add(int index, long count) {
        if (total == 0) {
            top = index;
            bottom = index;
        } else if (index > top) {
            raise(index);
        } else if (index < bottom) {
            bottom = Math.max(index, top - MASK);
            collapsed |= index < bottom;
        }
        counts[Math.max(index, bottom) & MASK] += count;
        total += count;
    }

    private void raise(int newTop) {
        int lowest = newTop - MASK;
        long below = 0;
        for (int i = bottom; i < lowest && i <= top; i++) {
            below += counts[i & MASK];
            counts[i & MASK] = 0;
        }
        if (below > 0) {
            counts[lowest & MASK] += below;
            collapsed = true;
        }
        bottom = Math.max(bottom, lowest);
        top = newTop;
    }

    /** Takes back what was added. Returns false if the row must be counted anew. */
    boolean remove(int index, long count) {
        counts[Math.max(index, bottom) & MASK] -= count;
        total -= count;
        if (total == 0) {
            collapsed = false;
            bottom = top;
        } else if (index == top && counts[top & MASK] == 0) {
            if (collapsed) {
                return false;
            }
            while (counts[top & MASK] == 0) {
                top--;
            }
        }
        return true;
    }
}
