package io.trafilo.ledger;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A fixed number of longs, each on its own cache lines, accessed by memory mode. The engine pads nowhere else, except around
 * a {@link CounterRow}.
 */
public final class PaddedLongs {
    /** 128 bytes: two lines, since processors prefetch them in pairs. */
    private static final int STRIDE = 16;

    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] cells;

    /** Creates {@code count} cells, all set to {@code initial}. */
    public PaddedLongs(int count, long initial) {
        cells = new long[(count + 1) * STRIDE];
        for (int i = 0; i < count; i++) {
            cells[at(i)] = initial;
        }
    }

    public long getPlain(int index) {
        return cells[at(index)];
    }

    public long getAcquire(int index) {
        return (long) CELLS.getAcquire(cells, at(index));
    }

    public void setRelease(int index, long value) {
        CELLS.setRelease(cells, at(index), value);
    }

    /** A compare-and-set with the effects of a volatile read and write. */
    public boolean compareAndSet(int index, long expected, long value) {
        return CELLS.compareAndSet(cells, at(index), expected, value);
    }

    private static int at(int index) {
        return (index + 1) * STRIDE; // the first stride keeps the array header away
    }
}
