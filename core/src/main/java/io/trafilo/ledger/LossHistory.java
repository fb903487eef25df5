package io.trafilo.ledger;

import io.trafilo.Counter;

/**
 * How many messages were lost in the recent past, in steps of 1/32 of a window: a ring of totals, one for the start of each
 * step. Workers write and read it. Summing the counters takes a lock, so it happens once per duty cycle, not once per
 * window.
 */
public final class LossHistory {
    private static final int STEPS = 32;
    private static final int SLOTS = 64; // more than STEPS + 1, a power of two

    private final LedgerBook book;
    private final long startNanos; // steps count from here, so that the clock may wrap
    private final long stepNanos;
    private final long[] totalAtStart = new long[SLOTS];
    private long step;
    private volatile long total;
    private volatile boolean known = true;
    private volatile boolean everUnknown;
    private volatile long lastUnknownNanos;

    public LossHistory(LedgerBook book, long windowNanos, long nowNanos) {
        this.book = book;
        this.stepNanos = Math.max(1, windowNanos / STEPS);
        this.startNanos = nowNanos;
    }

    /** Records the losses known by now. */
    public synchronized void update(long nowNanos) {
        long lost = book.sum(Counter.KERNEL_DROPPED) + book.sum(Counter.SHED) + book.sum(Counter.DISCARDED_AT_CLOSE);
        advanceTo(stepOf(nowNanos));
        total = lost;
        boolean knows = (book.unknown() & 1L << Counter.KERNEL_DROPPED.id()) == 0;
        if (!knows) {
            lastUnknownNanos = nowNanos;
            everUnknown = true;
        }
        known = knows;
    }

    /** The losses from a moment in the past, rounded down to a step, until now. */
    public long since(long sinceNanos) {
        return total == 0 ? 0 : lostSince(sinceNanos);
    }

    /** Whether all losses since then are known. */
    public boolean isKnownSince(long sinceNanos) {
        return known && (!everUnknown || lastUnknownNanos - sinceNanos < 0);
    }

    private synchronized long lostSince(long sinceNanos) {
        long wanted = stepOf(sinceNanos);
        long age = step - wanted;
        if (age < 0) {
            return 0;
        }
        return total - totalAtStart[slot(step - Math.min(age, SLOTS - 1))];
    }

    private void advanceTo(long newStep) {
        long steps = newStep - step;
        if (steps <= 0) {
            return;
        }
        for (long s = newStep - Math.min(steps, SLOTS) + 1; s <= newStep; s++) {
            totalAtStart[slot(s)] = total;
        }
        step = newStep;
    }

    private long stepOf(long nanos) {
        return Math.floorDiv(nanos - startNanos, stepNanos);
    }

    private static int slot(long step) {
        return (int) (step & (SLOTS - 1));
    }
}
