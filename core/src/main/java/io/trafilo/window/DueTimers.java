package io.trafilo.window;

import org.jspecify.annotations.Nullable;

/** The due entries of a {@link TimerWheel}, in the order in which they fire. */
final class DueTimers {
    /** The first block, from which entries were taken, and the last one. */
    static final int PARTIAL_BLOCKS = 2;

    private final TimerBlocks blocks;
    private @Nullable TimerBlock first;
    private @Nullable TimerBlock last;
    private int nextOfFirst;
    private int count;

    DueTimers(TimerBlocks blocks) {
        this.blocks = blocks;
    }

    int count() {
        return count;
    }

    void add(WindowEntry entry) {
        TimerBlock block = last;
        if (block == null || block.isFull()) {
            TimerBlock added = blocks.take();
            if (block == null) {
                first = added;
            } else {
                block.next = added;
            }
            last = added;
            block = added;
        }
        block.add(entry);
        count++;
    }

    /** Whether the last block has no room left, so that a full one can follow. */
    boolean endsFull() {
        return last == null || last.isFull();
    }

    /**
     * Adds all entries of a full block, which belongs to this queue from now on. Only if the queue
     * {@linkplain #endsFull ends full}.
     */
    void addFull(TimerBlock block) {
        block.next = null;
        if (last == null) {
            first = block;
        } else {
            last.next = block;
        }
        last = block;
        count += block.size;
    }

    /** The entry that {@link #remove} returns next. */
    WindowEntry first() {
        TimerBlock block = first;
        if (block == null) {
            throw new AssertionError("no due entry");
        }
        return block.get(nextOfFirst);
    }

    WindowEntry remove() {
        TimerBlock block = first;
        if (block == null) {
            throw new AssertionError("due entries are fewer than counted");
        }
        WindowEntry entry = block.clear(nextOfFirst++);
        if (nextOfFirst == block.size) {
            first = block.next;
            last = first == null ? null : last;
            nextOfFirst = 0;
            block.size = 0;
            blocks.giveBack(block);
        }
        count--;
        return entry;
    }

    /** Lets a handler read ahead in the next entries. */
    <E extends WindowEntry> void readAhead(int limit, TimerWheel.Handler<E> handler) {
        int left = limit;
        int i = nextOfFirst;
        for (TimerBlock block = first; block != null && left > 0; block = block.next) {
            for (; i < block.size && left > 0; i++, left--) {
                @SuppressWarnings("unchecked") // the caller schedules entries of one type only
                E entry = (E) block.get(i);
                handler.beforeTimer(entry);
            }
            i = 0;
        }
    }
}
