package io.trafilo.window;

import org.jspecify.annotations.Nullable;

/** A block of references to armed entries of a {@link TimerWheel}, linked into a chain. */
final class TimerBlock {
    static final int CAPACITY = 16;

    private final int number;
    private final @Nullable WindowEntry[] entries = new @Nullable WindowEntry[CAPACITY];
    int size;

    @Nullable
    TimerBlock next;

    TimerBlock(int number) {
        this.number = number;
    }

    /** The place of an entry in this slot of this block. {@link TimerBlocks} finds the block by it. */
    int place(int slot) {
        return number * CAPACITY + slot;
    }

    int dueCount(long nowNanos) {
        int due = 0;
        for (int i = 0; i < size; i++) {
            due += get(i).deadlineNanos - nowNanos <= 0 ? 1 : 0;
        }
        return due;
    }

    boolean isFull() {
        return size == CAPACITY;
    }

    WindowEntry get(int slot) {
        WindowEntry entry = entries[slot];
        if (entry == null) {
            throw new AssertionError("no entry in slot " + slot);
        }
        return entry;
    }

    void set(int slot, WindowEntry entry) {
        entries[slot] = entry;
    }

    /** Adds an entry to a block that is not full, and returns its slot. */
    int add(WindowEntry entry) {
        entries[size] = entry;
        return size++;
    }

    WindowEntry removeLast() {
        return clear(--size);
    }

    /** Returns the entry of a slot and empties the slot. */
    WindowEntry clear(int slot) {
        WindowEntry entry = get(slot);
        entries[slot] = null;
        return entry;
    }
}
