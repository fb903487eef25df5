package io.trafilo.window;

/** One shard's chunks of up to 15 sorted timestamps, cut from blocks of {@code long[]} that never move. */
final class ChunkPool {
    /*
     * A block of 4096 longs is 256 chunks of 16 longs: one link word and 15 slots. A chunk is identified by a number whose
     * upper bits select the block. The link word holds the neighbours in a key's list and the range of slots in use:
     *
     *     next: 28 bits | prev: 28 bits | from: 4 bits | to: 4 bits (exclusive)
     *
     * Chunks of a free list are chained by the same `next`. So a chain of any length is returned by writing one link, and
     * the chunk returned last is taken first, while it is still cached. The pool keeps a few free chunks and gets the rest
     * from the supply, which all shards share. So a shard that once held millions of timestamps for a busy key does not keep
     * their memory.
     */

    static final int NIL = (1 << 28) - 1;
    static final int SLOTS = 15;

    /** The smaller half of a chunk that is split. */
    static final int LEAST_IN_CHUNK = SLOTS / 2;

    /** The most free chunks that a pool keeps. */
    static final int MAX_FREE = 2 * ChunkSupply.RUN;

    static final int LONGS_PER_CHUNK = SLOTS + 1;
    static final int LONGS_PER_BLOCK = ChunkSupply.CHUNKS_PER_BLOCK * LONGS_PER_CHUNK;

    private static final int BLOCK_SHIFT = Integer.numberOfTrailingZeros(ChunkSupply.CHUNKS_PER_BLOCK);
    private static final int NEXT_SHIFT = 36;
    private static final int PREV_SHIFT = 8;
    private static final int FROM_SHIFT = 4;
    private static final int SLOT_MASK = 15;
    private static final long NEXT_BITS = (long) NIL << NEXT_SHIFT;
    private static final long PREV_BITS = (long) NIL << PREV_SHIFT;
    private static final long RANGE_BITS = 0xFF;

    private final ChunkSupply supply;

    /** The supply's blocks as of the last refill; they include the blocks of all chunks in this pool. */
    private long[][] blocks = {};

    private int freeChunk = NIL;
    private int freeCount;

    // A range that was never in use.
    private int untouchedChunk;
    private int untouchedEnd;

    ChunkPool(ChunkSupply supply) {
        this.supply = supply;
    }

    /** Takes an unused chunk, whose link and slots are undefined. Fails before anything has changed. */
    int take() {
        if (freeChunk == NIL && untouchedChunk == untouchedEnd) {
            supply.refill(this);
        }
        int chunk = freeChunk;
        if (chunk == NIL) {
            return untouchedChunk++;
        }
        freeChunk = next(chunk);
        freeCount--;
        return chunk;
    }

    /** Returns the chain of chunks that leads by {@code next} from {@code first} to {@code last}. */
    void giveBack(int first, int last) {
        int count = 1;
        for (int chunk = first; chunk != last && count < ChunkSupply.RUN; chunk = next(chunk)) {
            count++;
        }
        if (count == ChunkSupply.RUN) { // or more
            next(last, NIL);
            supply.giveBack(first);
            return;
        }
        if (freeCount + count > MAX_FREE) {
            supply.giveBack(freeChunk);
            freeChunk = NIL;
            freeCount = 0;
        }
        next(last, freeChunk);
        freeChunk = first;
        freeCount += count;
    }

    /** For the supply: takes the first chunks of a chain, or all of a short one, and returns the first that is left. */
    int takeFrom(long[][] supplied, int first) {
        blocks = supplied;
        int cut = first;
        int last = first;
        for (freeCount = 1; freeCount < MAX_FREE && next(last) != NIL; freeCount++) {
            last = next(last);
            if (freeCount < ChunkSupply.RUN) {
                cut = last;
            }
        }
        freeChunk = first;
        if (next(last) == NIL) {
            return NIL;
        }
        int rest = next(cut);
        next(cut, NIL);
        freeCount = ChunkSupply.RUN;
        return rest;
    }

    /** For the supply: takes chunks that were never in use. */
    void takeRange(long[][] supplied, int from, int to) {
        blocks = supplied;
        untouchedChunk = from;
        untouchedEnd = to;
    }

    ChunkSupply supply() {
        return supply;
    }

    int freeChunk() {
        return freeChunk;
    }

    /** How many chunks of the current range were never in use. */
    int untouchedChunks() {
        return untouchedEnd - untouchedChunk;
    }

    // ---- links

    int next(int chunk) {
        return (int) (link(chunk) >>> NEXT_SHIFT);
    }

    int prev(int chunk) {
        return (int) (link(chunk) >>> PREV_SHIFT) & NIL;
    }

    /** Makes a chunk empty, with these neighbours. Its slots are filled from {@code slot} on, in either direction. */
    void initEmpty(int chunk, int prev, int next, int slot) {
        link(chunk, withRange(((long) next << NEXT_SHIFT) | ((long) prev << PREV_SHIFT), slot, slot));
    }

    void next(int chunk, int next) {
        link(chunk, (link(chunk) & ~NEXT_BITS) | ((long) next << NEXT_SHIFT));
    }

    void prev(int chunk, int prev) {
        link(chunk, (link(chunk) & ~PREV_BITS) | ((long) prev << PREV_SHIFT));
    }

    // ---- slots

    int size(int chunk) {
        long link = link(chunk);
        return to(link) - from(link);
    }

    boolean isFull(int chunk) {
        return size(chunk) == SLOTS;
    }

    long first(int chunk) {
        return block(chunk)[slotIndex(chunk) + from(link(chunk))];
    }

    long last(int chunk) {
        return block(chunk)[slotIndex(chunk) + to(link(chunk)) - 1];
    }

    /** Writes a timestamp after the last one; false if there is no slot after it. */
    boolean tryAppend(int chunk, long timestampNanos) {
        long[] block = block(chunk);
        int slots = slotIndex(chunk);
        long link = block[slots - 1];
        int to = to(link);
        if (to == SLOTS) {
            return false;
        }
        block[slots + to] = timestampNanos;
        block[slots - 1] = link + 1; // to is in the lowest bits, and below its maximum
        return true;
    }

    /** Moves all timestamps to the first slots. */
    void compact(int chunk) {
        long[] block = block(chunk);
        int slots = slotIndex(chunk);
        long link = block[slots - 1];
        int size = to(link) - from(link);
        System.arraycopy(block, slots + from(link), block, slots, size);
        block[slots - 1] = withRange(link, 0, size);
    }

    /** Inserts a timestamp after those that are not newer. The chunk must have room; the shorter side shifts. */
    void insert(int chunk, long timestampNanos) {
        long[] block = block(chunk);
        int slots = slotIndex(chunk);
        long link = block[slots - 1];
        int from = from(link);
        int to = to(link);
        int slot = to;
        while (slot > from && timestampNanos - block[slots + slot - 1] < 0) {
            slot--;
        }
        if (to == SLOTS || (from > 0 && slot - from < to - slot)) {
            System.arraycopy(block, slots + from, block, slots + from - 1, slot - from);
            from--;
            slot--;
        } else {
            System.arraycopy(block, slots + slot, block, slots + slot + 1, to - slot);
            to++;
        }
        block[slots + slot] = timestampNanos;
        block[slots - 1] = withRange(link, from, to);
    }

    /** Removes and returns the newest timestamp. The chunk may be left empty. */
    long removeLast(int chunk) {
        long last = last(chunk);
        link(chunk, link(chunk) - 1); // to is in the lowest bits, and above zero
        return last;
    }

    /** Removes and returns the oldest timestamp. The chunk may be left empty. */
    long removeFirst(int chunk) {
        long first = first(chunk);
        link(chunk, link(chunk) + (1 << FROM_SHIFT)); // from is below to, so it cannot overflow
        return first;
    }

    /** Removes every t with t - boundNanos < 0 and returns how many. The newest must not be one of them. */
    int removeBefore(int chunk, long boundNanos) {
        long[] block = block(chunk);
        int slots = slotIndex(chunk);
        long link = block[slots - 1];
        int from = from(link);
        int kept = from;
        while (block[slots + kept] - boundNanos < 0) {
            kept++;
        }
        block[slots - 1] = withRange(link, kept, to(link));
        return kept - from;
    }

    /** Moves the newer half of a full chunk into an empty one. */
    void moveNewerHalf(int chunk, int emptyChunk) {
        int moved = LEAST_IN_CHUNK;
        int kept = SLOTS - moved;
        System.arraycopy(block(chunk), slotIndex(chunk) + kept, block(emptyChunk), slotIndex(emptyChunk), moved);
        link(chunk, withRange(link(chunk), 0, kept));
        link(emptyChunk, withRange(link(emptyChunk), 0, moved));
    }

    /** Copies the chunk's timestamps into {@code target} and returns how many. */
    int copyTo(int chunk, long[] target, int offset) {
        System.arraycopy(block(chunk), slotIndex(chunk) + from(link(chunk)), target, offset, size(chunk));
        return size(chunk);
    }

    /** Reads a chunk without the lock, so the number may be anything. */
    int touch(int chunk) {
        long[][] seen = blocks;
        int b = chunk >>> BLOCK_SHIFT;
        long[] block = b < seen.length ? seen[b] : null;
        if (block == null) {
            return 0;
        }
        int link = slotIndex(chunk) - 1;
        return (int) (block[link] + block[link + LONGS_PER_CHUNK / 2]);
    }

    private long[] block(int chunk) {
        return blocks[chunk >>> BLOCK_SHIFT];
    }

    private static int slotIndex(int chunk) {
        return (chunk & (ChunkSupply.CHUNKS_PER_BLOCK - 1)) * LONGS_PER_CHUNK + 1;
    }

    private long link(int chunk) {
        return block(chunk)[slotIndex(chunk) - 1];
    }

    private void link(int chunk, long link) {
        block(chunk)[slotIndex(chunk) - 1] = link;
    }

    private static int from(long link) {
        return ((int) link >>> FROM_SHIFT) & SLOT_MASK;
    }

    private static int to(long link) {
        return (int) link & SLOT_MASK;
    }

    private static long withRange(long link, int from, int to) {
        return (link & ~RANGE_BITS) | ((long) from << FROM_SHIFT) | to;
    }
}
