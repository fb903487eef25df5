package io.trafilo.window;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The chunks that no store holds, and the blocks that all chunks are cut from. All shards' stores share it, so what one of
 * them needed for a while serves the others afterwards. Thread-safe; a store calls it once for dozens of chunks.
 */
public final class ChunkSupply {
    /*
     * After the magazines of Bonwick and Adams (2001). Chunks come back in chains, linked as they were in the store. A chain
     * of any length is taken whole, without a walk, and cut when part of it goes out again. Chunks that were never in use go
     * out as a range of numbers without links, so a new block is not walked before it is needed.
     *
     * One lock covers all of that, the cutting too. If a chain were cut outside the lock, the next store would add a block
     * although there are enough chunks. So blocks are added only while every chunk is in a list or held by a store. That
     * bounds them; see maxChunks.
     *
     * There are fewer than 2^27 chunks (8 GiB), as many as a link can address. In the worst order they hold fewer than 2^31
     * timestamps, and the builder rejects settings that need more. So an int counts the timestamps of a key.
     */

    static final int MAX_BLOCKS = Chunks.NIL / Chunks.PER_BLOCK;

    /** How many chunks a link can address. */
    public static final long MAX_CHUNKS = (long) MAX_BLOCKS * Chunks.PER_BLOCK;

    /** How many chunks go out at a time, if there are enough. */
    static final int RUN = 16;

    /** No chain is shorter than RUN, so a block has at most this many. */
    private static final int CHAINS_PER_BLOCK = Chunks.PER_BLOCK / RUN;

    private static final int ARRAY_HEADER = 24;

    private final int maxBlocks;
    private final boolean keepsValues;
    private int[][] blocks = new int[1][];

    /** Beside each block its values, if values are kept. */
    private double[][] values = new double[1][];

    /** Beside each block its weights, once there was one other than 1. */
    private double @Nullable [][] weights;

    private int blockCount;
    private int untouchedChunk;

    /** The first chunk of each chain; the last one is linked to NIL. */
    private int[] chains = new int[CHAINS_PER_BLOCK];

    private int chainCount;

    /** Creates a supply without blocks, for timestamps with or without values. */
    public ChunkSupply(boolean keepsValues) {
        this(MAX_BLOCKS, keepsValues);
    }

    ChunkSupply(int maxBlocks, boolean keepsValues) {
        this.maxBlocks = maxBlocks;
        this.keepsValues = keepsValues;
    }

    boolean keepsValues() {
        return keepsValues;
    }

    /**
     * The most chunks that so many keys and timestamps in so many stores can ever need.
     *
     * <p>Each chunk of a key but the first and the last holds 5 timestamps or more. A key with fewer than 3 timestamps has no
     * chunk, except where values are kept; there the timestamp that each key may hold beyond the maximum needs one, too. A
     * store keeps up to {@link ChunkPool#MAX_FREE} unused chunks and part of a range for itself. For a moment it
     * also holds one timestamp beyond its share, or a key that makes way for another.
     */
    public static long maxChunks(long keys, long timestamps, int stores, boolean keepsValues) {
        long unused = (long) stores * (ChunkPool.MAX_FREE + RUN + 4);
        if (keepsValues) {
            long keysWithTwo = Math.min(keys, timestamps);
            return keys + keysWithTwo + (timestamps - keysWithTwo) / ChunkLists.LEAST_IN_CHUNK + unused;
        }
        long keysWithChunks = Math.min(keys, timestamps / 3);
        return 2 * keysWithChunks + (timestamps - 2 * keysWithChunks) / ChunkLists.LEAST_IN_CHUNK + unused;
    }

    /** The heap that so many chunks take, with 8-byte references: their blocks and the lists of those, which double. */
    public static long maxBytes(long chunks, boolean keepsValues, boolean keepsWeights) {
        long blocks = (chunks + Chunks.PER_BLOCK - 1) / Chunks.PER_BLOCK;
        long lists = 3 * (Long.BYTES + CHAINS_PER_BLOCK * Integer.BYTES); // up to two thirds of them unused or outgrown
        long ofTimestamps = ARRAY_HEADER + (long) Chunks.WORDS_PER_BLOCK * Integer.BYTES + lists;
        long ofDoubles = ARRAY_HEADER + (long) ChunkValues.PER_BLOCK * Double.BYTES + 3 * Long.BYTES;
        return blocks * (ofTimestamps + (keepsValues ? ofDoubles : 0) + (keepsWeights ? ofDoubles : 0));
    }

    /** Refills a pool that has no chunks. Fails before anything has changed. */
    synchronized void refill(ChunkPool pool) {
        if (chainCount == 0 && untouchedChunk == blockCount * Chunks.PER_BLOCK) {
            grow();
        }
        lendValues(pool.chunks().values());
        if (chainCount > 0) {
            int rest = pool.takeFrom(blocks, chains[chainCount - 1]);
            if (rest == Chunks.NIL) {
                chainCount--;
            } else {
                chains[chainCount - 1] = rest;
            }
            return;
        }
        pool.takeRange(blocks, untouchedChunk, untouchedChunk + RUN);
        untouchedChunk += RUN;
    }

    private void lendValues(@Nullable ChunkValues borrower) {
        if (borrower != null) {
            borrower.blocks(values, weights);
        }
    }

    /** Sees to it that there is room for the weights of the chunks that a store holds. Fails before anything has changed. */
    synchronized void addWeights(ChunkValues borrower) {
        if (weights == null) {
            double[][] added = new double[blocks.length][];
            for (int i = 0; i < blockCount; i++) {
                added[i] = newWeights();
            }
            weights = added;
        }
        lendValues(borrower);
    }

    private static double[] newWeights() {
        double[] block = new double[ChunkValues.PER_BLOCK];
        Arrays.fill(block, 1);
        return block;
    }

    /** Takes back a chain of RUN or more chunks, which ends in NIL. */
    synchronized void giveBack(int first) {
        chains[chainCount++] = first;
    }

    private void grow() {
        int count = blockCount;
        if (count == maxBlocks) {
            throw new IllegalStateException("timestamp stores are full: " + count + " blocks of " + Chunks.PER_BLOCK
                    + " chunks (lower maxRetainedEvents)");
        }
        if (count == blocks.length) {
            int capacity = Math.min(2 * count, maxBlocks);
            int[] moreChains = Arrays.copyOf(chains, capacity * CHAINS_PER_BLOCK);
            double[][] moreValues = keepsValues ? Arrays.copyOf(values, capacity) : values;
            double @Nullable [][] moreWeights = weights == null ? null : Arrays.copyOf(weights, capacity);
            blocks = Arrays.copyOf(blocks, capacity);
            chains = moreChains;
            values = moreValues;
            weights = moreWeights;
        }
        double[][] theirs = weights;
        int[] block = new int[Chunks.WORDS_PER_BLOCK];
        if (keepsValues) {
            values[count] = new double[ChunkValues.PER_BLOCK];
        }
        if (theirs != null) {
            theirs[count] = newWeights();
        }
        blocks[count] = block;
        blockCount = count + 1;
    }

    /** The bytes of all blocks. */
    synchronized long reservedBytes() {
        return (long) blockCount * Chunks.WORDS_PER_BLOCK * Integer.BYTES;
    }

    synchronized int[][] blocks() {
        return blocks;
    }

    /** How many chunks ever went out. Their numbers are below it. */
    synchronized int touchedChunks() {
        return untouchedChunk;
    }

    synchronized int[] chains() {
        return Arrays.copyOf(chains, chainCount);
    }
}
