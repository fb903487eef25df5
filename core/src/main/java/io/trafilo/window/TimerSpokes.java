package io.trafilo.window;

import org.jspecify.annotations.Nullable;

/** The spokes of a {@link TimerWheel}: each is an unsorted bag of the entries whose deadlines belong to it. */
final class TimerSpokes {
    /*
     * A bag is a chain of blocks of references. All but the first block are full, so an entry is removed by putting the
     * first block's last entry in its place.
     *
     * A list linked through the entries would cost one wait for memory per entry, one after the other. The entries of a
     * block are fetched all at once, as long as nothing is written meanwhile: the collector's barrier after writing a
     * reference is a fence. So a block is counted before anything moves, and a full block whose entries are all due moves as
     * a whole.
     */
    private final @Nullable TimerBlock[] spokes = new @Nullable TimerBlock[TimerWheel.SPOKES];
    private final TimerBlocks blocks;
    private long used;

    TimerSpokes(TimerBlocks blocks) {
        this.blocks = blocks;
    }

    /** The spokes that are not empty, one bit each. */
    long used() {
        return used;
    }

    /** The first block of a spoke; null if it is empty. */
    @Nullable
    TimerBlock first(int spoke) {
        return spokes[spoke];
    }

    void add(WindowEntry entry, int spoke) {
        TimerBlock first = spokes[spoke];
        if (first == null || first.isFull()) {
            TimerBlock added = blocks.take();
            added.next = first;
            spokes[spoke] = added;
            used |= 1L << spoke;
            first = added;
        }
        entry.timerPlace = first.place(first.add(entry));
    }

    void remove(WindowEntry entry, int spoke) {
        TimerBlock block = blocks.at(entry.timerPlace);
        removeAt(spoke, block, entry.timerPlace - block.place(0));
    }

    private void removeAt(int spoke, TimerBlock block, int slot) {
        TimerBlock first = spokes[spoke];
        if (first == null) {
            throw new AssertionError("an armed entry in an empty spoke");
        }
        WindowEntry last = first.removeLast();
        if (block != first || slot != first.size) {
            block.set(slot, last);
            last.timerPlace = block.place(slot);
        }
        if (first.size == 0) {
            spokes[spoke] = first.next;
            if (first.next == null) {
                used &= ~(1L << spoke);
            }
            blocks.giveBack(first);
        }
    }

    /** Moves the entries with {@code deadline - now <= 0} out of a spoke. */
    void moveDue(int spoke, long nowNanos, DueTimers due) {
        TimerBlock previous = spokes[spoke];
        if (previous == null) {
            return;
        }
        TimerBlock block = previous.next;
        while (block != null) {
            TimerBlock next = block.next;
            if (block.dueCount(nowNanos) == TimerBlock.CAPACITY && due.endsFull()) {
                previous.next = next;
                due.addFull(block);
            } else {
                previous = block;
            }
            block = next;
        }
        block = spokes[spoke];
        while (block != null) {
            TimerBlock next = block.next;
            if (block.dueCount(nowNanos) > 0) {
                moveDueOf(spoke, block, nowNanos, due);
            }
            block = next;
        }
    }

    private void moveDueOf(int spoke, TimerBlock block, long nowNanos, DueTimers due) {
        for (int i = block.size - 1; i >= 0; i--) { // backward: the entry that fills a gap was checked before
            WindowEntry entry = block.get(i);
            if (entry.deadlineNanos - nowNanos <= 0) {
                removeAt(spoke, block, i);
                due.add(entry);
            }
        }
    }
}
