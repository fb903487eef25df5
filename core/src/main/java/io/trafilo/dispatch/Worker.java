package io.trafilo.dispatch;

import io.trafilo.EngineClock;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.WaitMode;
import io.trafilo.ledger.CounterRow;
import io.trafilo.state.Progress;
import org.jspecify.annotations.Nullable;

/**
 * One worker's duty cycle: claim a run of messages, copy them out and handle them; between runs, and when there is nothing to do,
 * let the timers of the shards go off. A worker that stays in a callback for too long loses its seat; it comes to the end of
 * its run and ends.
 */
final class Worker<S extends @Nullable Object> implements Runnable {
    /*
     * A backlog is shared with the other workers when it is worth waking them: when at this worker's recent pace it is more
     * than WORTH_WAKING_NANOS of work. A slow run counts at once, a fast one by and by, so who errs does so for one run at the
     * most. Until the first run the pace is taken for slow.
     */
    private static final long WORTH_WAKING_NANOS = 50_000;

    private static final long MAX_PACE_NANOS = 1_000_000_000;

    static final int SPINS = 64;

    final Tenure tenure = new Tenure();

    private final int index;
    private final WorkerPool<S> pool;
    private final RunHandler<S> runs;
    private final MessageRing ring;
    private final WorkCursor cursor;
    private final Parking parking;
    private final EngineClock clock;
    private final CounterRow row;
    private final WaitMode waitMode;

    private final int maxClaim;

    /** Whether cursor and parking are this worker's. */
    private boolean seated = true;

    private long paceNanos = MAX_PACE_NANOS; // per message
    private int idleRounds;

    // How far the run in hand has been copied out, for the case that an error leads out of the middle of it.
    private long nextOfRun;
    private long lastOfRun = -1;

    Worker(int index, WorkerPool<S> pool, WorkerPool.Parts<S> parts, DispatchSettings settings, CounterRow row) {
        this.index = index;
        this.pool = pool;
        this.ring = parts.ring();
        this.cursor = parts.cursor();
        this.parking = parts.parking();
        this.clock = parts.clock();
        this.row = row;
        this.runs = new RunHandler<>(parts, settings, row, pool::abandoning);
        this.waitMode = settings.waitMode();
        this.maxClaim = settings.maxClaim();
    }

    @Override
    public void run() {
        progress().onThisThread();
        parking.register(index);
        boolean done = false;
        while (!done) {
            try {
                work();
                done = true;
            } catch (Throwable error) {
                done = !beginAnew(error);
            }
        }
    }

    private void work() {
        while (seated && !isOver()) {
            if (takeRun()) {
                idleRounds = 0;
                long startNanos = System.nanoTime();
                handleRun();
                if (seated) {
                    keepPace(startNanos, System.nanoTime());
                }
            } else {
                waitForWork();
            }
            long nowNanos = clock.nanoTime();
            if (seated && runs.timersDue(nowNanos)) {
                pollTimers(nowNanos);
            }
        }
    }

    private boolean isOver() {
        return pool.halting() && ring.drained();
    }

    /** Claims a run and copies it out; its slots are free again when this returns. */
    boolean takeRun() {
        long available = ring.available();
        boolean share = (available - cursor.claimed()) * paceNanos >= WORTH_WAKING_NANOS;
        long last = share ? cursor.claim(index, available) : cursor.claim(index, available, 1);
        if (last < 0) {
            return false;
        }
        if (share && last < available) {
            parking.wakeOne(); // there is more than this worker takes
        }
        runs.clear();
        lastOfRun = last;
        for (nextOfRun = cursor.firstOfRun(index); nextOfRun <= last; nextOfRun++) {
            runs.batch.take(ring.slot(nextOfRun));
        }
        cursor.finish(index);
        return true;
    }

    void handleRun() {
        tenure.beginHandling();
        runs.handle();
        seated = tenure.resume();
    }

    void keepPace(long startNanos, long endNanos) {
        int count = runs.batch.count();
        if (count > 0) {
            long each = Math.min((endNanos - startNanos) / count, MAX_PACE_NANOS);
            paceNanos = Math.max(each, paceNanos - (paceNanos - each) / 4);
        }
        if (paceNanos * maxClaim < Parking.SOON_NANOS) {
            parking.looksSoon(index, endNanos);
        }
    }

    /** Gives the time until the next timer is due, or the longest sleep if that is sooner. */
    long pollTimers(long nowNanos) {
        tenure.beginHandling();
        long nanos = runs.pollTimers(nowNanos);
        seated = tenure.resume();
        return nanos;
    }

    /**
     * After an error of the engine's own: gives every message and event in hand an outcome, tells of it and forgets it; false
     * if the worker must end all the same. Another error in this is the worker's death.
     */
    boolean beginAnew(Throwable error) {
        countUnfinished();
        paceNanos = MAX_PACE_NANOS;
        idleRounds = 0;
        boolean outlived = tell(error);
        return outlived && seated;
    }

    private void countUnfinished() {
        runs.countUnfinished();
        seated = seated && tenure.resume();
        if (seated) {
            while (nextOfRun <= lastOfRun) {
                ring.slot(nextOfRun++).abandon(row, pool.onReleaseError);
            }
            cursor.finish(index);
            parking.withdraw(index);
        }
    }

    /** For a worker that is dead: counts what it has in hand, and leaves its seat to a substitute. Can be called again. */
    void giveUp() {
        countUnfinished();
        if (seated) {
            tenure.beginHandling();
        }
    }

    /** The error listener may hang like any callback. */
    private boolean tell(Throwable error) {
        if (seated) {
            tenure.beginHandling();
        }
        progress().enter(Stage.ENGINE, null);
        boolean outlived = pool.outlives(error);
        progress().exit();
        seated = seated && tenure.resume();
        return outlived;
    }

    /** What this worker is at, for the guard. */
    Progress progress() {
        return runs.progress();
    }

    private void waitForWork() {
        idleRounds = Math.min(idleRounds + 1, SPINS);
        if (waitMode == WaitMode.BUSY_SPIN || idleRounds < SPINS) {
            Thread.onSpinWait();
        } else if (waitMode == WaitMode.YIELD) {
            Thread.yield();
        } else {
            sleep();
        }
    }

    private void sleep() {
        long nanos = pollTimers(clock.nanoTime());
        if (!seated) {
            return;
        }
        parking.announce(index);
        if (nanos > 0 && !ring.hasWork() && !isOver()) {
            parking.park(nanos);
        }
        parking.withdraw(index);
        if (Thread.interrupted()) { // by a callback; nothing else interrupts before the end
            idleRounds = 0;
        }
    }
}
