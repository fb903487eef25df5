package io.trafilo.dispatch;

import io.trafilo.EngineClock;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.failures.Failures;
import io.trafilo.failures.Progress;
import io.trafilo.ledger.CounterRow;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * A worker's duty cycle: claim a run of messages, copy them out and handle them. Between runs, and when idle, it fires the
 * timers of the shards. A worker that stays in a callback for too long loses its seat; it finishes its run and ends.
 */
final class Worker<S extends @Nullable Object> implements Runnable {
    /*
     * A worker shares a backlog when it is worth waking the others: when at its recent pace the backlog is more than
     * WORTH_WAKING_NANOS of work. A slow run counts at once and fast ones gradually, so a wrong guess lasts for one run.
     * Until the first run the pace is assumed to be slow.
     *
     * A worker survives errors, even those in the handling of other errors: run() repeats step() until it returns, and does
     * nothing itself but assign fields. After an error step() continues where it was, so each message and event gets one
     * outcome, each buffer is released once, and the repetition ends.
     */
    private static final long WORTH_WAKING_NANOS = 50_000;

    /** A run of fewer messages than this, and of short work, is put off for GATHER_NANOS, in case more are coming. */
    private static final int GATHERED = 32;

    private static final long GATHER_NANOS = 4_000;

    private static final long MAX_PACE_NANOS = 1_000_000_000;

    final Tenure tenure = new Tenure();

    private final int index;
    private final WorkerPool<S> pool;
    private final RunHandler<S> runs;
    private final MessageRing ring;
    private final WorkCursor cursor;
    private final Parking parking;
    private final CatchUp catchUp;

    // One object each, not one for each sleep.
    private final BooleanSupplier idle;
    private final LongSupplier nextTimer;

    private final EngineClock clock;
    private final Failures failures;
    private final CounterRow row;
    private final IdleStrategy idling;
    private final int maxClaim;
    private final Runnable onEnd;

    /** Whether this worker owns its seat, and so its place in cursor and parking. */
    private boolean seated = true;

    private long paceNanos = MAX_PACE_NANOS; // per message

    // The error that ended the last step, whether failures has decided on it, and whether one has stopped the engine.
    private @Nullable Throwable unhandled;
    private @Nullable Throwable displaced; // the first error that was being handled then
    private boolean decided;
    private boolean stopped;
    private boolean stopReported;

    /** Whether only the end is left. */
    private boolean over;

    // How much of the claimed run is copied out, in case an error interrupts that.
    private long nextOfRun;
    private long lastOfRun = -1;

    /** {@code onEnd} is the last call of the worker's thread; it is repeated after an error. */
    Worker(
            int index,
            WorkerPool<S> pool,
            WorkerPool.Parts<S> parts,
            DispatchSettings settings,
            CounterRow row,
            Runnable onEnd) {
        this.index = index;
        this.pool = pool;
        this.ring = parts.ring();
        this.cursor = parts.cursor();
        this.parking = parts.parking();
        this.catchUp = pool.catchUp();
        this.idle = catchUp::isIdle;
        this.nextTimer = this::nanosToNextTimer;
        this.clock = parts.clock();
        this.failures = parts.failures();
        this.row = row;
        this.onEnd = onEnd;
        this.runs = new RunHandler<>(parts, catchUp, settings, row, pool::abandoning);
        this.idling = IdleStrategies.of(settings.waitMode(), this::sleep);
        this.maxClaim = settings.maxClaim();
    }

    @Override
    public void run() {
        boolean done = false;
        while (!done) {
            try {
                step();
                done = true;
            } catch (Throwable error) {
                displaced = displaced == null ? unhandled : displaced;
                unhandled = error;
                decided = false;
            }
        }
    }

    private void step() {
        Throwable error = unhandled;
        if (error != null) {
            over = !recover(error) || over;
        }
        if (!over) {
            progress().bindThread();
            parking.register(index);
            catchUp.end(index); // of the predecessor
            work();
            over = true;
        }
        onEnd.run();
    }

    private void work() {
        boolean busy = false;
        while (seated && !drained()) {
            if (busy) {
                gather();
            }
            busy = takeRun();
            if (busy) {
                idling.reset();
                long startNanos = System.nanoTime();
                handleRun();
                if (seated) {
                    updatePace(startNanos, System.nanoTime());
                }
            } else {
                ring.publishForOthers();
                idling.idle();
            }
            long nowNanos = clock.epochNanos();
            if (seated && runs.timersDue(nowNanos)) {
                pollTimers(nowNanos);
            }
        }
    }

    /**
     * After a run, and with only a few more messages there: leaves the ring to its publishers for a moment. A worker that keeps
     * up with them would otherwise take the cache lines they write to for every message.
     */
    private void gather() {
        long backlog = ring.available() - cursor.claimed();
        if (backlog > 0 && backlog < GATHERED && backlog * paceNanos < WORTH_WAKING_NANOS) {
            long startNanos = System.nanoTime();
            do {
                Thread.onSpinWait();
            } while (System.nanoTime() - startNanos < GATHER_NANOS);
        }
    }

    private boolean drained() {
        return pool.halting() && ring.drained();
    }

    /** Claims a run and copies it out. Its slots are free again when this returns. */
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
        long first = cursor.firstOfRun(index);
        nextOfRun = first;
        lastOfRun = last;
        catchUp.begin(index, first, ring.slot(first).receiptNanos);
        for (; nextOfRun <= last; nextOfRun++) {
            runs.batch.take(ring.slot(nextOfRun));
        }
        cursor.finish(index);
        return true;
    }

    void handleRun() {
        tenure.beginHandling();
        runs.handle();
        seated = tenure.resume();
        if (seated) {
            catchUp.end(index);
        }
    }

    void updatePace(long startNanos, long endNanos) {
        int count = runs.batch.count();
        if (count > 0) {
            long each = Math.min((endNanos - startNanos) / count, MAX_PACE_NANOS);
            paceNanos = Math.max(each, paceNanos - (paceNanos - each) / 4);
        }
        if (paceNanos * maxClaim < Parking.SOON_NANOS) {
            parking.looksSoon(index, endNanos);
        }
    }

    /** Fires due timers. Returns the time until the next one, or {@link RunHandler#NO_TIMER}. */
    long pollTimers(long nowNanos) {
        tenure.beginHandling();
        long nanos = runs.pollTimers(nowNanos);
        seated = tenure.resume();
        return nanos;
    }

    /**
     * After an error of the engine itself: decides what it means, counts an outcome for every claimed message and event,
     * reports the error and clears it. Can be repeated after another error.
     *
     * @return whether the worker goes on
     */
    boolean recover(Throwable error) {
        if (!decided) {
            stopped |= !failures.outlives(error);
            decided = true;
        }
        countUnfinished();
        paceNanos = MAX_PACE_NANOS;
        idling.reset();
        Throwable earlier = displaced;
        unhandled = null;
        displaced = null;
        decided = false;
        if (!stopReported) { // otherwise this is an error in that report
            stopReported = stopped;
            report(error);
            if (earlier != null) {
                report(earlier);
            }
        }
        return !stopped && seated;
    }

    private void countUnfinished() {
        runs.countUnfinished();
        seated = seated && tenure.resume();
        if (seated) {
            while (nextOfRun <= lastOfRun) {
                ring.slot(nextOfRun++).abandon(row, pool.onReleaseError);
            }
            cursor.finish(index);
            catchUp.end(index);
            parking.withdraw(index);
        }
    }

    /** The error listener may hang like any callback. */
    private void report(Throwable error) {
        if (seated) {
            tenure.beginHandling();
        }
        progress().enter(Stage.ENGINE, null);
        try {
            failures.reportDecided(error, !stopped);
        } finally {
            progress().exit();
            seated = seated && tenure.resume();
        }
    }

    /** What this worker is doing, for the stall watch. */
    Progress progress() {
        return runs.progress();
    }

    private long nanosToNextTimer() {
        return runs.nanosToNextTimer(clock.epochNanos());
    }

    private void sleep() {
        long nanos = pollTimers(clock.epochNanos());
        if (!seated) {
            return;
        }
        parking.announce(index);
        if (nanos > 0 && !ring.hasWork() && !drained()) {
            parking.park(index, pool.halting() ? Math.min(nanos, Parking.LOOK_NANOS) : nanos, idle, nextTimer);
            runs.updateLosses(clock.epochNanos());
        }
        parking.withdraw(index);
        if (Thread.interrupted()) { // by a callback; nothing else interrupts before the end
            idling.reset();
        }
    }
}
