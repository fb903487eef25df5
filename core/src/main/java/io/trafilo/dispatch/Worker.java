package io.trafilo.dispatch;

import io.trafilo.EngineClock;
import io.trafilo.WaitMode;
import io.trafilo.ledger.Counter;
import io.trafilo.ledger.CounterRow;
import io.trafilo.state.ErrorReporter;
import org.jspecify.annotations.Nullable;

/**
 * One worker's duty cycle: claim a run of messages, copy them out and handle them; between runs, and when there is nothing to do,
 * let the timers of the shards go off.
 */
final class Worker<S extends @Nullable Object> implements Runnable {
    /*
     * A backlog is shared with the other workers when it is worth waking them: when at this worker's recent pace it is more
     * than WORTH_WAKING_NANOS of work. A slow run counts at once, a fast one by and by, so who errs does so for one run at the
     * most. Until the first run the pace is taken for slow.
     */
    private static final long WORTH_WAKING_NANOS = 50_000;

    private static final long MAX_PACE_NANOS = 1_000_000_000;

    private static final int SPINS = 64;

    private final int index;
    private final WorkerPool<S> pool;
    private final RunHandler<S> runs;
    private final MessageRing ring;
    private final WorkCursor cursor;
    private final Parking parking;
    private final EngineClock clock;
    private final ErrorReporter errors;
    private final CounterRow row;
    private final WaitMode waitMode;

    private final int maxClaim;

    private long paceNanos = MAX_PACE_NANOS; // per message
    private int idleRounds;

    // How far the run in hand has been copied out, for the case that the worker ends in the middle of it.
    private long nextOfRun;
    private long lastOfRun = -1;

    Worker(int index, WorkerPool<S> pool, WorkerPool.Parts<S> parts, DispatchSettings settings, CounterRow row) {
        this.index = index;
        this.pool = pool;
        this.ring = parts.ring();
        this.cursor = parts.cursor();
        this.parking = parts.parking();
        this.clock = parts.clock();
        this.errors = parts.errors();
        this.row = row;
        this.runs = new RunHandler<>(parts, settings, row, pool::abandoning);
        this.waitMode = settings.waitMode();
        this.maxClaim = settings.maxClaim();
    }

    @Override
    public void run() {
        try {
            parking.register(index);
            while (!pool.halting() || !ring.drained()) {
                if (takeRun()) {
                    idleRounds = 0;
                    long startNanos = System.nanoTime();
                    handleRun();
                    keepPace(startNanos, System.nanoTime());
                } else {
                    waitForWork();
                }
                runs.pollTimersIfDue();
            }
        } catch (Throwable error) {
            countUnfinished();
            errors.fail(error);
        }
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
        runs.handle();
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

    /** After an error of the engine's own: gives every message and event in hand an outcome. */
    void countUnfinished() {
        runs.countUnfinished();
        for (; nextOfRun <= lastOfRun; nextOfRun++) {
            if (ring.slot(nextOfRun).discard(errors)) {
                row.increment(Counter.ABANDONED);
            }
        }
        cursor.finish(index);
    }

    void pollTimers(long nowNanos) {
        runs.pollTimers(nowNanos);
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
        long nanos = runs.pollTimers(clock.nanoTime());
        parking.announce(index);
        if (nanos > 0 && !ring.hasWork() && !pool.halting()) {
            parking.park(nanos);
        }
        parking.withdraw(index);
        if (Thread.interrupted()) { // by a callback; nothing else interrupts before the end
            idleRounds = 0;
        }
    }
}
