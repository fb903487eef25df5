package io.trafilo.window;

import org.jspecify.annotations.Nullable;

/** The chunks that one store can reach: 64 bytes each, cut from blocks of {@code int[]} that never move. */
final class Chunks {
    /*
     * A chunk holds up to 13 sorted timestamps in 16 words of 32 bits. The first two words are its neighbours in a list and
     * the range of its slots in use, the next two its first timestamp:
     *
     *     next: 27 bits | wide: 1 bit | from: 4 bits
     *     prev: 27 bits | unused: 1 bit | to: 4 bits (exclusive)
     *     first timestamp, low word
     *     first timestamp, high word
     *
     * In a narrow chunk, the twelve words that are left are gaps: each slot but the first has the difference to the slot
     * before it. A gap of 2^32 ns (4.29 s) or more does not fit. Then the chunk is wide: it has 7 slots of two words, and its
     * first timestamp is always in slot 0. What fits a narrow chunk is never kept in a wide one when a chunk is rewritten.
     *
     * The methods named try... change nothing when they return false. They do the common case in place, and otherwise
     * rewrite the whole chunk from a scratch array.
     *
     * A chunk is identified by a number, whose upper bits select the block.
     *
     * Where values are kept, what moves a timestamp from slot to slot moves its value along; see ChunkValues.
     */

    static final int NIL = (1 << 27) - 1;

    /** The most timestamps in a narrow chunk. */
    static final int SLOTS = 13;

    /** The most timestamps in a wide chunk. */
    static final int WIDE_SLOTS = 7;

    /** A power of two. */
    static final int PER_BLOCK = 512;

    static final int BYTES = 64;

    private static final int WORDS = BYTES / Integer.BYTES;
    static final int WORDS_PER_BLOCK = PER_BLOCK * WORDS;

    private static final int BLOCK_SHIFT = Integer.numberOfTrailingZeros(PER_BLOCK);
    private static final int LINK_SHIFT = 5;
    private static final int LINK_BITS = -1 << LINK_SHIFT;
    private static final int WIDE = 1 << 4;
    private static final int SLOT_MASK = 15;

    // Words of a chunk.
    private static final int NEXT = 0;
    private static final int PREV = 1;
    private static final int FIRST = 2;
    private static final int GAPS = 3; // plus the slot, which is 1 or more

    /** The supply's blocks as of the last refill; they include the blocks of all chunks that this store holds. */
    private int[][] blocks = {};

    /** What a chunk is rewritten from. Room for two full chunks and one more timestamp. */
    private final long[] scratch = new long[2 * SLOTS + 1];

    private final @Nullable ChunkValues values;

    Chunks(@Nullable ChunkValues values) {
        this.values = values;
    }

    @Nullable
    ChunkValues values() {
        return values;
    }

    void blocks(int[][] supplied) {
        blocks = supplied;
    }

    // ---- links

    int next(int chunk) {
        return block(chunk)[at(chunk) + NEXT] >>> LINK_SHIFT;
    }

    int prev(int chunk) {
        return block(chunk)[at(chunk) + PREV] >>> LINK_SHIFT;
    }

    void next(int chunk, int next) {
        link(chunk, NEXT, next);
    }

    void prev(int chunk, int prev) {
        link(chunk, PREV, prev);
    }

    private void link(int chunk, int word, int neighbour) {
        int[] block = block(chunk);
        int i = at(chunk) + word;
        block[i] = neighbour << LINK_SHIFT | (block[i] & ~LINK_BITS);
    }

    // ---- timestamps

    /** Makes a narrow chunk with one timestamp, in this slot. */
    void init(int chunk, int prev, int next, int slot, long timestampNanos) {
        int[] block = block(chunk);
        int at = at(chunk);
        block[at + NEXT] = next << LINK_SHIFT | slot;
        block[at + PREV] = prev << LINK_SHIFT | (slot + 1);
        putLong(block, at + FIRST, timestampNanos);
        if (values != null) {
            values.put(chunk, slot);
        }
    }

    int size(int chunk) {
        return to(chunk) - from(chunk);
    }

    long first(int chunk) {
        return getLong(block(chunk), at(chunk) + FIRST);
    }

    /** Adds a timestamp that is not older than the chunk's newest one, which is given. */
    boolean tryAppend(int chunk, long timestampNanos, long newestNanos) {
        int[] block = block(chunk);
        int at = at(chunk);
        int to = block[at + PREV] & SLOT_MASK;
        long gap = timestampNanos - newestNanos;
        if ((block[at + NEXT] & WIDE) != 0) {
            if (to == WIDE_SLOTS) {
                return tryRewriteWith(chunk, timestampNanos);
            }
            putLong(block, at + FIRST + 2 * to, timestampNanos);
        } else if (to < SLOTS && isNarrow(gap)) {
            block[at + GAPS + to] = (int) gap;
        } else {
            return tryRewriteWith(chunk, timestampNanos);
        }
        if (values != null) {
            values.put(chunk, to);
        }
        block[at + PREV]++; // to is in the lowest bits, and below its maximum
        return true;
    }

    /** Adds a timestamp that is older than the first one. */
    boolean tryPrepend(int chunk, long timestampNanos) {
        int[] block = block(chunk);
        int at = at(chunk);
        int from = block[at + NEXT] & SLOT_MASK;
        long gap = getLong(block, at + FIRST) - timestampNanos;
        if (from == 0 || !isNarrow(gap)) { // as it is in a wide chunk
            return tryRewriteWith(chunk, timestampNanos);
        }
        block[at + GAPS + from] = (int) gap;
        putLong(block, at + FIRST, timestampNanos);
        if (values != null) {
            values.put(chunk, from - 1);
        }
        block[at + NEXT]--; // from is in the lowest bits, and above zero
        return true;
    }

    /** Adds a timestamp after those that are not newer. */
    boolean tryInsert(int chunk, long timestampNanos) {
        int[] block = block(chunk);
        int at = at(chunk);
        int to = block[at + PREV] & SLOT_MASK;
        long before = getLong(block, at + FIRST);
        if (isWide(chunk) || to == SLOTS || timestampNanos - before < 0) {
            return tryRewriteWith(chunk, timestampNanos);
        }
        int slot = (block[at + NEXT] & SLOT_MASK) + 1;
        while (slot < to && timestampNanos - (before + gap(block, at, slot)) >= 0) {
            before += gap(block, at, slot);
            slot++;
        }
        long gap = timestampNanos - before;
        if (slot < to) {
            System.arraycopy(block, at + GAPS + slot, block, at + GAPS + slot + 1, to - slot);
            block[at + GAPS + slot + 1] -= (int) gap;
        } else if (!isNarrow(gap)) {
            return tryRewriteWith(chunk, timestampNanos);
        }
        block[at + GAPS + slot] = (int) gap;
        if (values != null) {
            values.shift(chunk, slot, to - slot);
            values.put(chunk, slot);
        }
        block[at + PREV]++; // to is in the lowest bits, and below its maximum
        return true;
    }

    /** Adds a timestamp of the scratch array, as {@link #tryInsert} does. The scratch array is undefined afterwards. */
    boolean tryInsertRead(int chunk, int index) {
        if (values == null) {
            return tryInsert(chunk, scratch[index]);
        }
        double value = values.value();
        double weight = values.weight();
        values.carryRead(index);
        boolean inserted = tryInsert(chunk, scratch[index]);
        values.carry(value, weight);
        return inserted;
    }

    /**
     * Removes every t with t - boundNanos < 0 and returns how many. If those are all, returns the chunk's size and removes
     * none.
     */
    int removeBefore(int chunk, long boundNanos) {
        int[] block = block(chunk);
        int at = at(chunk);
        int from = block[at + NEXT] & SLOT_MASK;
        int to = block[at + PREV] & SLOT_MASK;
        if (isWide(chunk)) {
            int removed = 0;
            while (removed < to && getLong(block, at + FIRST + 2 * removed) - boundNanos < 0) {
                removed++;
            }
            return removed < to ? removeFirst(chunk, removed) : removed;
        }
        long first = getLong(block, at + FIRST);
        int slot = from;
        while (first - boundNanos < 0) {
            slot++;
            if (slot == to) {
                return slot - from;
            }
            first += gap(block, at, slot);
        }
        startAt(block, at, slot, first);
        return slot - from;
    }

    /** Removes so many of the oldest timestamps, but not all, and returns how many. */
    int removeFirst(int chunk, int count) {
        int[] block = block(chunk);
        int at = at(chunk);
        if (isWide(chunk)) {
            int kept = size(chunk) - count;
            System.arraycopy(block, at + FIRST + 2 * count, block, at + FIRST, 2 * kept);
            if (values != null) {
                values.compact(chunk, count, kept);
            }
            block[at + PREV] -= count; // to is in the lowest bits
            return count;
        }
        int slot = block[at + NEXT] & SLOT_MASK;
        long first = getLong(block, at + FIRST);
        for (int i = 0; i < count; i++) {
            first += gap(block, at, ++slot);
        }
        startAt(block, at, slot, first);
        return count;
    }

    private static void startAt(int[] block, int at, int slot, long firstNanos) {
        block[at + NEXT] = (block[at + NEXT] & ~SLOT_MASK) | slot;
        putLong(block, at + FIRST, firstNanos);
    }

    // ---- rewriting

    private boolean tryRewriteWith(int chunk, long timestampNanos) {
        int count = readWith(chunk, timestampNanos);
        if (!fits(0, count)) {
            return false;
        }
        write(chunk, 0, count);
        return true;
    }

    /** Copies a chunk's timestamps, and one more in its place, into the scratch array, and returns how many. */
    int readWith(int chunk, long timestampNanos) {
        return insertIntoScratch(readInto(chunk, 0), timestampNanos);
    }

    /** The same for two chunks, the second of which follows the first. */
    int readWith(int chunk, int next, long timestampNanos) {
        int count = readInto(chunk, 0);
        return insertIntoScratch(count + readInto(next, count), timestampNanos);
    }

    private int readInto(int chunk, int index) {
        int size = copyTo(chunk, scratch, index);
        if (values != null) {
            values.read(chunk, from(chunk), size, index);
        }
        return size;
    }

    private int insertIntoScratch(int count, long timestampNanos) {
        int i = count;
        while (i > 0 && timestampNanos - scratch[i - 1] < 0) {
            scratch[i] = scratch[i - 1];
            i--;
        }
        scratch[i] = timestampNanos;
        if (values != null) {
            values.insertIntoScratch(i, count);
        }
        return count + 1;
    }

    /** Whether one chunk can hold these timestamps of the scratch array. */
    boolean fits(int from, int count) {
        return count <= WIDE_SLOTS || (count <= SLOTS && isNarrow(from, count));
    }

    private boolean isNarrow(int from, int count) {
        for (int i = from + 1; i < from + count; i++) {
            if (!isNarrow(scratch[i] - scratch[i - 1])) {
                return false;
            }
        }
        return true;
    }

    /** Fills a chunk, which keeps its links, with timestamps of the scratch array that {@linkplain #fits fit}. */
    void write(int chunk, int from, int count) {
        int[] block = block(chunk);
        int at = at(chunk);
        boolean wide = !isNarrow(from, count);
        block[at + NEXT] = (block[at + NEXT] & LINK_BITS) | (wide ? WIDE : 0);
        block[at + PREV] = (block[at + PREV] & LINK_BITS) | count;
        putLong(block, at + FIRST, scratch[from]);
        for (int slot = 1; slot < count; slot++) {
            if (wide) {
                putLong(block, at + FIRST + 2 * slot, scratch[from + slot]);
            } else {
                block[at + GAPS + slot] = (int) (scratch[from + slot] - scratch[from + slot - 1]);
            }
        }
        if (values != null) {
            values.write(chunk, from, count);
        }
    }

    /** Copies a chunk's timestamps and returns how many. */
    int copyTo(int chunk, long[] target, int offset) {
        int[] block = block(chunk);
        int at = at(chunk);
        int from = from(chunk);
        int size = size(chunk);
        boolean wide = isWide(chunk);
        target[offset] = getLong(block, at + FIRST);
        for (int i = 1; i < size; i++) {
            target[offset + i] =
                    wide ? getLong(block, at + FIRST + 2 * i) : target[offset + i - 1] + gap(block, at, from + i);
        }
        return size;
    }

    // ---- values

    /** Shows the values of all timestamps t with fromNanos <= t < untilNanos, of a chunk that keeps them. */
    void show(int chunk, long fromNanos, long untilNanos, ValueSpan span) {
        int first = countBefore(chunk, fromNanos);
        int end = countBefore(chunk, untilNanos);
        if (values != null && first < end) {
            values.show(chunk, from(chunk) + first, end - first, span);
        }
    }

    /** Shows so many of a chunk's values, from the oldest on. */
    void show(int chunk, int count, ValueSpan span) {
        if (values != null) {
            values.show(chunk, from(chunk), count, span);
        }
    }

    private int countBefore(int chunk, long boundNanos) {
        int[] block = block(chunk);
        int at = at(chunk);
        int size = size(chunk);
        int from = from(chunk);
        boolean wide = isWide(chunk);
        long timestampNanos = getLong(block, at + FIRST);
        int count = 0;
        while (timestampNanos - boundNanos < 0) {
            count++;
            if (count == size) {
                break;
            }
            timestampNanos =
                    wide ? getLong(block, at + FIRST + 2 * count) : timestampNanos + gap(block, at, from + count);
        }
        return count;
    }

    // ---- words

    /** Reads a chunk without the lock, so the number may be anything. */
    int touch(int chunk) {
        int[][] seen = blocks;
        int b = chunk >>> BLOCK_SHIFT;
        int[] block = b < seen.length ? seen[b] : null;
        if (block == null) {
            return 0;
        }
        int at = at(chunk);
        int ofValues = values == null ? 0 : values.touch(chunk);
        return block[at] + block[at + WORDS - 1] + ofValues; // it may lie in two cache lines
    }

    boolean isWide(int chunk) {
        return (block(chunk)[at(chunk) + NEXT] & WIDE) != 0;
    }

    private int from(int chunk) {
        return block(chunk)[at(chunk) + NEXT] & SLOT_MASK;
    }

    private int to(int chunk) {
        return block(chunk)[at(chunk) + PREV] & SLOT_MASK;
    }

    private int[] block(int chunk) {
        return blocks[chunk >>> BLOCK_SHIFT];
    }

    private static int at(int chunk) {
        return (chunk & (PER_BLOCK - 1)) * WORDS;
    }

    private static boolean isNarrow(long gap) {
        return gap >>> Integer.SIZE == 0;
    }

    private static long gap(int[] block, int at, int slot) {
        return Integer.toUnsignedLong(block[at + GAPS + slot]);
    }

    private static long getLong(int[] block, int i) {
        return Integer.toUnsignedLong(block[i]) | (long) block[i + 1] << Integer.SIZE;
    }

    private static void putLong(int[] block, int i, long value) {
        block[i] = (int) value;
        block[i + 1] = (int) (value >>> Integer.SIZE);
    }
}
