package io.trafilo.window;

import java.util.Arrays;

/**
 * The chunks that no store has in hand, and the blocks that all are cut from. Shared by the stores of all shards, so that what
 * one of them needed for a while serves the others afterwards. Thread-safe; a store comes here once for dozens of chunks.
 */
public final class ChunkSupply {
    /*
     * After the magazines of Bonwick and Adams (2001). Chunks come back in chains, as they were linked in the store, and a
     * chain of any length is taken whole, without being walked; it is cut when some of it go out again. Chunks that were
     * never in use go out as a range of numbers and are not chained, so that a new block is not walked before it is needed.
     *
     * All of that is under one lock, the cutting too: were a chain away to be cut, the next store would have a block added
     * though there are chunks enough. So blocks are added only while every chunk is in a list or in the hands of a store,
     * which is what bounds them, see maxChunks.
     *
     * There are less than 2^28 chunks (32 GiB), as many as a link can name. That many hold less than 2^31 timestamps when
     * their order is at its worst, and the builder refuses what needs more: so an int counts the timestamps of a key.
     */

    static final int CHUNKS_PER_BLOCK = 256;
    static final int MAX_BLOCKS = ChunkPool.NIL / CHUNKS_PER_BLOCK;

    /** How many the links can name. */
    public static final long MAX_CHUNKS = (long) MAX_BLOCKS * CHUNKS_PER_BLOCK;

    /** How many chunks go out at a time, if there are more. */
    static final int RUN = 16;

    /** No chain is shorter than RUN, so there are no more of them to a block than this. */
    private static final int CHAINS_PER_BLOCK = CHUNKS_PER_BLOCK / RUN;

    private static final int ARRAY_HEADER = 24;

    private final int maxBlocks;
    private long[][] blocks = new long[1][];
    private int blockCount;
    private int untouchedChunk;

    /** The first chunk of each chain; the last one is linked to NIL. */
    private int[] chains = new int[CHAINS_PER_BLOCK];

    private int chainCount;

    /** A supply without any blocks yet. */
    public ChunkSupply() {
        this(MAX_BLOCKS);
    }

    ChunkSupply(int maxBlocks) {
        this.maxBlocks = maxBlocks;
    }

    /**
     * How many chunks there can ever be for so many keys and timestamps in so many stores.
     *
     * <p>All of a key's chunks but the first and the last hold 7 timestamps or more, and a key with less than 3 has none. A
     * store keeps up to {@link ChunkPool#MAX_FREE} unused ones and a begun range for itself, and for a moment a timestamp more
     * than its share, or a key that makes way for another.
     */
    public static long maxChunks(long keys, long timestamps, int stores) {
        long keysWithChunks = Math.min(keys, timestamps / 3);
        long inLists = 2 * keysWithChunks + (timestamps - 2 * keysWithChunks) / ChunkPool.LEAST_IN_CHUNK;
        return inLists + (long) stores * (ChunkPool.MAX_FREE + RUN + 4);
    }

    /** The heap that so many chunks take, with references of 8 bytes: their blocks, and the lists of these, which double. */
    public static long maxBytes(long chunks) {
        long blocks = (chunks + CHUNKS_PER_BLOCK - 1) / CHUNKS_PER_BLOCK;
        long lists = 3 * (Long.BYTES + CHAINS_PER_BLOCK * Integer.BYTES); // up to two thirds of them unused or outgrown
        return blocks * (ARRAY_HEADER + (long) ChunkPool.LONGS_PER_BLOCK * Long.BYTES + lists);
    }

    /** Gives chunks to a pool that has none. Fails before anything has changed. */
    synchronized void refill(ChunkPool pool) {
        if (chainCount > 0) {
            int rest = pool.takeFrom(blocks, chains[chainCount - 1]);
            if (rest == ChunkPool.NIL) {
                chainCount--;
            } else {
                chains[chainCount - 1] = rest;
            }
            return;
        }
        if (untouchedChunk == blockCount * CHUNKS_PER_BLOCK) {
            grow();
        }
        pool.takeRange(blocks, untouchedChunk, untouchedChunk + RUN);
        untouchedChunk += RUN;
    }

    /** Takes back a chain of RUN chunks or more, which is linked to NIL at its end. */
    synchronized void giveBack(int first) {
        chains[chainCount++] = first;
    }

    private void grow() {
        int count = blockCount;
        if (count == maxBlocks) {
            throw new IllegalStateException("timestamp stores are full: " + count + " blocks of " + CHUNKS_PER_BLOCK
                    + " chunks (lower maxRetainedEvents)");
        }
        if (count == blocks.length) {
            int capacity = Math.min(2 * count, maxBlocks);
            int[] moreChains = Arrays.copyOf(chains, capacity * CHAINS_PER_BLOCK);
            blocks = Arrays.copyOf(blocks, capacity);
            chains = moreChains;
        }
        blocks[count] = new long[ChunkPool.LONGS_PER_BLOCK];
        blockCount = count + 1;
    }

    /** Bytes of all blocks. */
    synchronized long reservedBytes() {
        return (long) blockCount * ChunkPool.LONGS_PER_BLOCK * Long.BYTES;
    }

    synchronized long[][] blocks() {
        return blocks;
    }

    /** How many chunks ever went out; their numbers are below it. */
    synchronized int touchedChunks() {
        return untouchedChunk;
    }

    /** The first chunk of each chain. */
    synchronized int[] chains() {
        return Arrays.copyOf(chains, chainCount);
    }
}
