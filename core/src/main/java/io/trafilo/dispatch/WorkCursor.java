package io.trafilo.dispatch;

import com.lmax.disruptor.Sequence;
import io.trafilo.ledger.PaddedLongs;

/**
 * Distributes the sequences of a ring among workers, in runs. It is also the ring's gating sequence: it keeps publishers
 * from overwriting what is not read yet.
 *
 * <p>A worker calls {@link #claim}, reads the slots from {@link #firstOfRun} to the returned sequence, and then calls
 * {@link #finish}.
 */
public final class WorkCursor extends Sequence {
    /*
     * Disruptor 3 had a worker pool. There, each worker claimed one sequence at a time, before it was published, and waited
     * for it. A worker that was halted while waiting lost the sequence it had claimed. Here a worker claims only published
     * sequences, several with one compare-and-set, so it can read them at once and nothing is lost.
     *
     * State: `claimed` is the highest sequence that any worker has claimed. Each worker's `position` is the highest sequence
     * below its run, or IDLE if it has none. Everything at or below
     *
     *     min(claimed, every position)
     *
     * has been read, and its slots may be overwritten. Two orders keep this true while the values move:
     *
     *  1. claim() stores the position before it moves `claimed`, and get() reads `claimed` before the positions. So a thread
     *     that sees `claimed` beyond a run also sees the position that guards the run.
     *  2. A claim succeeds only if `claimed` has not changed since the position was stored, and `claimed` never goes back.
     *     So no slot of the run can have been claimed by another worker, or overwritten, in between.
     *
     * A worker that fails a claim leaves a position that is too low. This holds publishers back but never lets them through,
     * and lasts until its next claim() or finish().
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

    /** The number under which the closing thread claims, to empty the ring when the workers no longer do. */
    public int closer() {
        return workers;
    }

    /** The highest sequence claimed so far, -1 at first. */
    public long claimed() {
        return cells.getAcquire(CLAIMED);
    }

    /** Claims the next run for a worker that has none. All workers share the backlog. */
    public long claim(int worker, long available) {
        return claim(worker, available, workers);
    }

    /**
     * Claims the next run for a worker that has none.
     *
     * @param worker from 0 to workers - 1, or {@link #closer}
     * @param available the highest published sequence; all before it are published too
     * @param sharers how many workers share the backlog: a run is at most one share
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

    /** Ends a run: the worker has read all of it. */
    public void finish(int worker) {
        cells.setRelease(1 + worker, IDLE);
    }

    /** The highest sequence up to which everything has been read. */
    @Override
    public long get() {
        long minimum = cells.getAcquire(CLAIMED); // before the positions
        for (int worker = 0; worker <= workers; worker++) {
            minimum = Math.min(minimum, cells.getAcquire(1 + worker));
        }
        return minimum;
    }

    /** The ring calls this when it adopts its gating sequence: a new ring starts where a new cursor does. */
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
