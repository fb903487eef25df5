package io.trafilo.window;

/** One store's free chunks. */
final class ChunkPool {
    /*
     * Chunks of a free list are chained by the same link `next` as those of a key. So a chain of any length is returned by
     * writing one link, and the chunk returned last is taken first, while it is still cached. The pool keeps a few free
     * chunks and gets the rest from the supply, which all shards share. So a shard that once held millions of timestamps for
     * a busy key does not keep their memory.
     */

    /** The most free chunks that a pool keeps. */
    static final int MAX_FREE = 2 * ChunkSupply.RUN;

    private final ChunkSupply supply;
    private final Chunks chunks;

    private int freeChunk = Chunks.NIL;
    private int freeCount;

    // A range that was never in use.
    private int untouchedChunk;
    private int untouchedEnd;

    ChunkPool(ChunkSupply supply) {
        this.supply = supply;
        this.chunks = new Chunks(supply.keepsValues() ? new ChunkValues() : null);
    }

    /** The chunks that this pool has given out or has free. */
    Chunks chunks() {
        return chunks;
    }

    /** Takes an unused chunk, whose links and timestamps are undefined. Fails before anything has changed. */
    int take() {
        if (freeChunk == Chunks.NIL && untouchedChunk == untouchedEnd) {
            supply.refill(this);
        }
        int chunk = freeChunk;
        if (chunk == Chunks.NIL) {
            return untouchedChunk++;
        }
        freeChunk = chunks.next(chunk);
        freeCount--;
        return chunk;
    }

    /** Returns the chain of chunks that leads by {@code next} from {@code first} to {@code last}. */
    void giveBack(int first, int last) {
        int count = 1;
        for (int chunk = first; chunk != last && count < ChunkSupply.RUN; chunk = chunks.next(chunk)) {
            count++;
        }
        if (count == ChunkSupply.RUN) { // or more
            chunks.next(last, Chunks.NIL);
            supply.giveBack(first);
            return;
        }
        if (freeCount + count > MAX_FREE) {
            supply.giveBack(freeChunk);
            freeChunk = Chunks.NIL;
            freeCount = 0;
        }
        chunks.next(last, freeChunk);
        freeChunk = first;
        freeCount += count;
    }

    /** For the supply: takes the first chunks of a chain, or all of a short one, and returns the first that is left. */
    int takeFrom(int[][] supplied, int first) {
        chunks.blocks(supplied);
        int cut = first;
        int last = first;
        for (freeCount = 1; freeCount < MAX_FREE && chunks.next(last) != Chunks.NIL; freeCount++) {
            last = chunks.next(last);
            if (freeCount < ChunkSupply.RUN) {
                cut = last;
            }
        }
        freeChunk = first;
        if (chunks.next(last) == Chunks.NIL) {
            return Chunks.NIL;
        }
        int rest = chunks.next(cut);
        chunks.next(cut, Chunks.NIL);
        freeCount = ChunkSupply.RUN;
        return rest;
    }

    /** For the supply: takes chunks that were never in use. */
    void takeRange(int[][] supplied, int from, int to) {
        chunks.blocks(supplied);
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
}
