package io.trafilo.dispatch;

import com.lmax.disruptor.Sequence;
import io.trafilo.ledger.PaddedLongs;

/**
 * Shares the sequences of a ring out to a pool of workers, in runs, and holds the ring's publishers back from what is not
 * read yet: it is the ring's gating sequence.
 *
 * <p>A worker calls {@link #claim}, reads the slots from {@link #firstOfRun} to the sequence returned, and calls
 * {@link #finish} when it has read them all.
 */
public final class WorkCursor extends Sequence {
    /*
     * Disruptor 3 had a worker pool, in which each worker claimed one sequence at a time, before it was published, and
     * waited for it; a worker that was halted while it waited took a claimed sequence along. Here a worker claims published
     * sequences only, several with one compare-and-set, so there is nothing to lose: it always has at hand what it claimed.
     *
     * State: `claimed`, the highest sequence that any worker has claimed, and for each worker its `position`, the highest
     * sequence below its run, or IDLE when it has none. All at or below
     *
     *     min(claimed, every position)
     *
     * has been read, and its slots may be written anew. Two orders make this true while the values move:
     *
     *  1. claim() stores the position before it moves `claimed`, and get() reads `claimed` before the positions. So whoever
     *     sees `claimed` beyond a run also sees the position that guards it.
     *  2. A claim succeeds only if `claimed` still is what it was when the position was stored; it never goes back, so no
     *     slot of the run can have been given to anyone else, nor be overwritten, in between.
     *
     * A worker that fails a claim leaves a position behind that is too low; this holds publishers back, never lets them
     * through, and lasts until its next claim() or finish().
     */

    private static final long IDLE = Long.MAX_VALUE;
    private static final int CLAIMED = 0;

    private final PaddedLongs cells;
    private final int workers;
    private final int maxRun;

    /** For a new ring. {@code maxRun} is the most that one claim takes. */
    public WorkCursor(int workers, int maxRun) {
        this.workers = workers;
        this.maxRun = maxRun;
        this.cells = new PaddedLongs(1 + workers + 1, IDLE);
        cells.setRelease(CLAIMED, -1);
    }

    /** The number to claim under for the one who empties the ring when the workers no longer do. */
    public int closer() {
        return workers;
    }

    /** The highest sequence claimed so far, -1 at first. */
    public long claimed() {
        return cells.getAcquire(CLAIMED);
    }

    /** Claims the next run for a worker that has none, sharing what is there among all workers. */
    public long claim(int worker, long available) {
        return claim(worker, available, workers);
    }

    /**
     * Claims the next run for a worker that has none.
     *
     * @param worker from 0 to workers - 1, or {@link #closer}
     * @param available the highest sequence that is published, with all before it
     * @param sharers how many workers are to share what is there: a run is at most that part of it
     * @return the last sequence of the run, or -1 if nothing is left up to {@code available}
     */
    public long claim(int worker, long available, int sharers) {
        while (true) {
            long last = cells.getAcquire(CLAIMED);
            long backlog = available - last;
            if (backlog <= 0) {
                finish(worker);
                return -1;
            }
            long fairShare = (backlog + sharers - 1) / sharers;
            long end = last + Math.min(fairShare, maxRun);
            cells.setRelease(1 + worker, last);
            if (cells.compareAndSet(CLAIMED, last, end)) {
                return end;
            }
        }
    }

    /** The first sequence of the worker's run. Only for that worker. */
    public long firstOfRun(int worker) {
        return cells.getPlain(1 + worker) + 1;
    }

    /** Says that a worker has read all of its run. */
    public void finish(int worker) {
        cells.setRelease(1 + worker, IDLE);
    }

    /** The highest sequence of which all before it, itself included, have been read by their workers. */
    @Override
    public long get() {
        long minimum = cells.getAcquire(CLAIMED); // before the positions
        for (int worker = 0; worker <= workers; worker++) {
            minimum = Math.min(minimum, cells.getAcquire(1 + worker));
        }
        return minimum;
    }

    /** Called by the ring when it takes this as its gating sequence: a new ring starts where a new cursor does. */
    @Override
    public void set(long value) {
        if (value != -1) {
            throw new IllegalStateException("cursor: " + value + " (expected: a new ring, at -1)");
        }
    }

    @Override
    public String toString() {
        return "WorkCursor[claimed " + claimed() + ", read " + get() + "]";
    }
}
