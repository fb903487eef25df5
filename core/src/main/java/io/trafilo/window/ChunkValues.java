package io.trafilo.window;

import org.jspecify.annotations.Nullable;

/** The values and weights of the timestamps in the {@link Chunks} that one store can reach, slot for slot. */
final class ChunkValues {
    /*
     * Each block of chunks has a block of values beside it. Blocks of weights exist only once an event had a weight other than
     * 1; then the supply adds them to all blocks, filled with 1. A store that has not heard of them yet has only chunks whose
     * weights were never written: it gets the blocks with the next chunks that it takes, or when it first needs a weight.
     *
     * Whatever moves a timestamp calls the method here of the same name, so that its value follows. The value of the
     * timestamp that is being added is `value`, with `weight`.
     */
    static final int PER_BLOCK = Chunks.PER_BLOCK * Chunks.SLOTS;

    private double[][] values = {};
    private double @Nullable [][] weights;

    private double value = Double.NaN;
    private double weight = 1;

    private final double[] scratch = new double[2 * Chunks.SLOTS + 1];
    private final double[] scratchWeights = new double[2 * Chunks.SLOTS + 1];

    void blocks(double[][] suppliedValues, double @Nullable [][] suppliedWeights) {
        values = suppliedValues;
        weights = suppliedWeights;
    }

    boolean hasWeights() {
        return weights != null;
    }

    /** Sets the value and the weight of the timestamp that is added next. */
    void carry(double newValue, double newWeight) {
        value = newValue;
        weight = newWeight;
    }

    double value() {
        return value;
    }

    double weight() {
        return weight;
    }

    /** Sets the value and the weight of the timestamp that is added next to those of one in the scratch array. */
    void carryRead(int index) {
        carry(scratch[index], scratchWeights[index]);
    }

    void put(int chunk, int slot) {
        int i = at(chunk) + slot;
        values[block(chunk)][i] = value;
        double[] ofBlock = weights(chunk);
        if (ofBlock != null) {
            ofBlock[i] = weight;
        }
    }

    /** Moves so many values by one slot, to make room. */
    void shift(int chunk, int slot, int count) {
        move(chunk, slot, slot + 1, count);
    }

    /** Moves so many values to the chunk's first slots. */
    void compact(int chunk, int slot, int count) {
        move(chunk, slot, 0, count);
    }

    private void move(int chunk, int from, int to, int count) {
        int at = at(chunk);
        double[] ofBlock = values[block(chunk)];
        System.arraycopy(ofBlock, at + from, ofBlock, at + to, count);
        double[] theirs = weights(chunk);
        if (theirs != null) {
            System.arraycopy(theirs, at + from, theirs, at + to, count);
        }
    }

    /** Copies so many values into the scratch array. */
    void read(int chunk, int slot, int count, int index) {
        int at = at(chunk) + slot;
        System.arraycopy(values[block(chunk)], at, scratch, index, count);
        double[] theirs = weights(chunk);
        for (int i = 0; i < count; i++) {
            scratchWeights[index + i] = theirs == null ? 1 : theirs[at + i];
        }
    }

    /** Puts the value of the timestamp that is added into the scratch array, of so many. */
    void insertIntoScratch(int index, int count) {
        System.arraycopy(scratch, index, scratch, index + 1, count - index);
        System.arraycopy(scratchWeights, index, scratchWeights, index + 1, count - index);
        scratch[index] = value;
        scratchWeights[index] = weight;
    }

    /** Fills the chunk's first slots from the scratch array. */
    void write(int chunk, int index, int count) {
        int at = at(chunk);
        System.arraycopy(scratch, index, values[block(chunk)], at, count);
        double[] theirs = weights(chunk);
        if (theirs != null) {
            System.arraycopy(scratchWeights, index, theirs, at, count);
        }
    }

    void show(int chunk, int slot, int count, ValueSpan span) {
        int at = at(chunk) + slot;
        span.accept(values[block(chunk)], weights(chunk), at, at + count);
    }

    /** Reads a chunk's values without the lock, so the number may be anything. */
    int touch(int chunk) {
        double[][] seen = values;
        int b = block(chunk);
        return b < seen.length && seen[b] != null ? (int) seen[b][at(chunk)] : 0;
    }

    private double @Nullable [] weights(int chunk) {
        return weights == null ? null : weights[block(chunk)];
    }

    private static int block(int chunk) {
        return chunk / Chunks.PER_BLOCK;
    }

    private static int at(int chunk) {
        return chunk % Chunks.PER_BLOCK * Chunks.SLOTS;
    }
}
