package io.trafilo.ledger;

import io.trafilo.Counter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One thread's copy of all counters. {@link #add} and {@link #setKnown} are for the single writer of the row, or for writers under one lock.
 * {@link #addShared} is for a row with several writers. Any thread may call {@link #get}.
 */
public final class CounterRow {
    /** 128 bytes before and after, so that no row shares a cache line with anything else. */
    private static final int PAD = 16;

    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);

    private static final int UNKNOWN = PAD + Counter.values().length;

    private final long[] cells = new long[UNKNOWN + 1 + PAD]; // the last holds a bit for each counter that is not known

    public void increment(Counter counter) {
        add(counter, 1);
    }

    public void add(Counter counter, long amount) {
        int i = PAD + counter.id();
        CELLS.setRelease(cells, i, cells[i] + amount);
    }

    public void addShared(Counter counter, long amount) {
        CELLS.getAndAdd(cells, PAD + counter.id(), amount);
    }

    /** Whether the counter counts all that it should. True until set. */
    public void setKnown(Counter counter, boolean known) {
        long bit = 1L << counter.id();
        CELLS.setRelease(cells, UNKNOWN, known ? cells[UNKNOWN] & ~bit : cells[UNKNOWN] | bit);
    }

    void addUnknown(long bits) {
        CELLS.setRelease(cells, UNKNOWN, cells[UNKNOWN] | bits);
    }

    /** A bit for each counter that is not known, by {@link Counter#id}. */
    long unknown() {
        return (long) CELLS.getAcquire(cells, UNKNOWN);
    }

    public long get(Counter counter) {
        return (long) CELLS.getAcquire(cells, PAD + counter.id());
    }
}
