package io.trafilo.window;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The blocks of a {@link TimerWheel}. They are allocated only when more entries are armed than ever before. */
final class TimerBlocks {
    private static final int BLOCK_BYTES = 40 + 24 + TimerBlock.CAPACITY * Long.BYTES;

    private final int chains;
    private @Nullable TimerBlock[] all = new @Nullable TimerBlock[1];
    private @Nullable TimerBlock free;
    private int mostEntries;
    private int made;

    /** Creates blocks for this many chains, in each of which at most one block is neither full nor empty. */
    TimerBlocks(int chains) {
        this.chains = chains;
    }

    /** The heap of the blocks for so many entries in so many sets of chains, with 8-byte references. */
    static long maxBytes(long entries, int sets, int chains) {
        long blocks = entries / TimerBlock.CAPACITY + Math.min((long) sets * chains, entries);
        return blocks * (BLOCK_BYTES + 3 * Long.BYTES); // plus the list of all blocks, which grows by half into a copy
    }

    /** Allocates enough blocks for so many entries, however they spread over the chains. */
    void reserve(int entries) {
        if (entries <= mostEntries) {
            return;
        }
        int needed = entries / TimerBlock.CAPACITY + Math.min(chains, entries);
        if (needed > all.length) {
            all = Arrays.copyOf(all, Math.max(needed, all.length + all.length / 2));
        }
        while (made < needed) {
            TimerBlock block = new TimerBlock(made);
            all[made++] = block;
            giveBack(block);
        }
        mostEntries = entries;
    }

    /** The block that this {@linkplain TimerBlock#place place} is in. */
    TimerBlock at(int place) {
        TimerBlock block = all[place / TimerBlock.CAPACITY];
        if (block == null) {
            throw new AssertionError("no block for place " + place);
        }
        return block;
    }

    TimerBlock take() {
        TimerBlock block = free;
        if (block == null) {
            throw new AssertionError("more blocks than reserved");
        }
        free = block.next;
        block.next = null;
        return block;
    }

    /** Takes back an empty block. */
    void giveBack(TimerBlock block) {
        block.next = free;
        free = block;
    }
}
