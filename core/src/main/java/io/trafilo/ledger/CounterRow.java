package io.trafilo.ledger;

import io.trafilo.Counter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One thread's copy of all counters. {@link #add} is for the single writer of the row, or for writers under one lock.
 * {@link #addShared} is for a row with several writers. Any thread may call {@link #get}.
 */
public final class CounterRow {
    /** 128 bytes before and after, so that no row shares a cache line with anything else. */
    private static final int PAD = 16;

    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] cells = new long[PAD + Counter.values().length + PAD];

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

    public long get(Counter counter) {
        return (long) CELLS.getAcquire(cells, PAD + counter.id());
    }
}
