package io.trafilo.aggregate;

import io.trafilo.window.TimestampStore;
import io.trafilo.window.WindowEntry;

/** The partial aggregates of a key with many events, by panes of time. */
final class Panes {
    /*
     * After Li et al., "No pane, no gain" (2005). An event is added to the pane of its own time, so disorder costs nothing. A
     * window is the fold of the panes that it overlaps. In the oldest of them some events may have expired. Nothing is ever
     * subtracted, which would let errors grow: such a pane's values are read again, from what the store retains.
     *
     * A pane is 2^shift ns, between a fifteenth and two fifteenths of the window, so a window overlaps 16 at most. Each has
     * the slot of its number's lowest bits. A slot whose number is another one is of a pane that left the window.
     *
     * The oldest pane is whole if it has as many events as are retained in no other one. Where an event was removed before it
     * expired, the pane is broken: it is read again when next it is folded, since it need not be the oldest by then.
     */
    static final int SLOTS = 16;

    private static final int MASK = SLOTS - 1;

    private final int shift;
    private final long[] numbers = new long[SLOTS];
    private final Partials partials;
    private int broken; // a bit for each slot

    Panes(int shift, boolean squares) {
        this.shift = shift;
        this.partials = new Partials(SLOTS, squares);
    }

    /** The width of a pane as a power of two, for windows of this size. */
    static int shift(long windowNanos) {
        int shift = 0;
        while (windowNanos >> shift >= SLOTS - 1) {
            shift++;
        }
        return shift;
    }

    static long bytes() {
        return 40 + 24 + SLOTS * Long.BYTES + Partials.bytes(SLOTS);
    }

    /** Replaces everything by what is retained. */
    void fill(TimestampStore store, WindowEntry entry) {
        long first = store.oldest(entry) >> shift;
        int count = count(first, store.newest(entry));
        broken = 0;
        for (int i = 0; i < SLOTS; i++) {
            partials.reset(i);
        }
        for (int i = 0; i < count; i++) {
            read(store, entry, after(first, i));
        }
    }

    /** How many panes there are from one to that of a later time. Numbers wrap as times do. */
    private int count(long first, long nanos) {
        return (int) (((nanos >> shift) - first) << shift >> shift) + 1;
    }

    private long after(long number, int panes) {
        return (number + panes) << shift >> shift;
    }

    private void read(TimestampStore store, WindowEntry entry, long number) {
        int slot = (int) number & MASK;
        numbers[slot] = number;
        partials.reset(slot);
        store.show(entry, number << shift, (number + 1) << shift, partials.target(slot));
        broken &= ~(1 << slot);
    }

    /** Adds an event. */
    void add(long nanos, double value, double weight) {
        long number = nanos >> shift;
        int slot = (int) number & MASK;
        if (numbers[slot] != number) {
            numbers[slot] = number;
            partials.reset(slot);
            broken &= ~(1 << slot);
        }
        partials.add(slot, value, weight);
    }

    /** Takes note that an event of this time was removed although it did not expire. */
    void removed(long nanos) {
        broken |= 1 << ((int) (nanos >> shift) & MASK);
    }

    /** Adds all that is retained to {@code result}. */
    void fold(TimestampStore store, WindowEntry entry, Partials result) {
        long first = store.oldest(entry) >> shift;
        int count = count(first, store.newest(entry));
        long events = 0;
        for (int i = 1; i < count; i++) {
            long number = after(first, i);
            int slot = (int) number & MASK;
            if ((broken & 1 << slot) != 0) {
                read(store, entry, number);
            }
            if (numbers[slot] == number) {
                events += partials.events(slot);
                result.fold(partials, slot);
            }
        }
        int slot = (int) first & MASK;
        if (partials.events(slot) == store.count(entry) - events && (broken & 1 << slot) == 0) {
            result.fold(partials, slot);
        } else {
            store.show(entry, first << shift, (first + 1) << shift, result.target(0));
        }
    }
}
