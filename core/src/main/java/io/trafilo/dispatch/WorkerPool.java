package io.trafilo.dispatch;

import io.trafilo.EngineClock;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.EventParser;
import io.trafilo.ledger.CounterRow;
import io.trafilo.ledger.LedgerBook;
import io.trafilo.ledger.LossHistory;
import io.trafilo.state.ErrorReporter;
import io.trafilo.state.KeyHash;
import io.trafilo.state.Shards;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The workers of one engine: starts them, lets them outlive errors, and stops them without losing count of a message.
 */
public final class WorkerPool<S extends @Nullable Object> {
    /** What all workers share. */
    public record Parts<S extends @Nullable Object>(
            MessageRing ring,
            WorkCursor cursor,
            Parking parking,
            Shards<S> shards,
            EventParser parser,
            KeyHash keyHash,
            EngineClock clock,
            ErrorReporter errors,
            Reporter reporter,
            LossHistory losses) {}

    private final DispatchSettings settings;
    private final Parts<S> parts;
    private final CounterRow closeRow;
    private final FailureBudget failures = new FailureBudget();
    private final WorkerSeats<S> seats;

    /** What hears of a buffer that cannot be released; made beforehand, for there may be no memory for it then. */
    final Consumer<Throwable> onReleaseError = this::reportRelease;

    // How far the run in the guard's hand has been discarded.
    private long nextToDiscard;
    private long lastToDiscard = -1;

    private volatile boolean halting;
    private volatile boolean abandoning;

    public WorkerPool(
            DispatchSettings settings, Parts<S> parts, LedgerBook book, StallWatch watch, String name, Object engine) {
        this.settings = settings;
        this.parts = parts;
        this.closeRow = book.openRow();
        this.seats = new WorkerSeats<>(this, parts.errors(), book, watch, settings.workers(), name, engine);
    }

    public void start() {
        seats.start();
    }

    boolean halting() {
        return halting;
    }

    boolean abandoning() {
        return abandoning;
    }

    /** A handler for a thread that is no worker. */
    RunHandler<S> newRunHandler(CounterRow row, BooleanSupplier abandoning) {
        return new RunHandler<>(parts, settings, row, abandoning);
    }

    Worker<S> newWorker(int index, CounterRow row) {
        return new Worker<>(index, this, parts, settings, row);
    }

    MessageRing ring() {
        return parts.ring();
    }

    int maxClaim() {
        return settings.maxClaim();
    }

    /** Tells of an error of the engine's own; false if it must stop the engine, which is then told as well. */
    boolean outlives(Throwable error) {
        if (mustStop(error)) {
            parts.errors().fail(error);
            return false;
        }
        report(error);
        return true;
    }

    void report(Throwable error) {
        parts.errors().report(Stage.ENGINE, null, error);
    }

    /** The same, for those whom an error listener that hangs must not hold up. A fatal error stops the engine here and now. */
    void reportLater(Throwable error) {
        parts.reporter().report(Stage.ENGINE, error);
    }

    /** Tells of an error in the release of a buffer of the ring, for whose rest nobody waits. */
    private void reportRelease(Throwable error) {
        parts.reporter().report(Stage.LISTENER, error);
    }

    /** Takes note of an error of the engine's own; whether it must stop the engine. */
    boolean mustStop(Throwable error) {
        return ErrorReporter.isFatal(error) || !failures.tryTake(System.nanoTime());
    }

    /** Stops the engine for an error that nobody can be told of. */
    void stop(Throwable error) {
        parts.errors().stop(error);
    }

    /** For the guard: starts a substitute for each worker that was just found to hang, or dead. */
    void relieveStalled() {
        seats.relieve();
    }

    // ---- the end

    /** Counts what dead workers had in hand, and tells of them, if they could not do so themselves. */
    public void buryDead() {
        seats.buryDead();
    }

    /** Lets the workers end once the ring, sealed before, is drained. */
    public void halt() {
        halting = true;
        parts.parking().wakeAll();
    }

    /** Makes the workers give up what they have taken, and blocked callbacks an interrupt, when time has run out. */
    public void abandon() {
        abandoning = true;
        seats.interruptAll();
    }

    /** Waits for the workers to end; false if one has not by the deadline on the scale of {@link System#nanoTime}. */
    public boolean awaitEnd(long deadlineNanos) {
        return seats.awaitEnd(deadlineNanos);
    }

    /**
     * Takes what is left in the sealed ring, releases it and counts it as abandoned. Waits, until the deadline, for publishers
     * that are between claim and publication. For the guard's thread; can be called again after an error.
     */
    public void discardRest(long deadlineNanos) {
        MessageRing ring = parts.ring();
        WorkCursor cursor = parts.cursor();
        int closer = cursor.closer();
        discardRun(); // of which an error has left something
        while (!ring.drained()) {
            lastToDiscard = cursor.claim(closer, ring.available());
            if (lastToDiscard < 0) {
                if (deadlineNanos - System.nanoTime() <= 0) {
                    return;
                }
                Thread.yield();
                continue;
            }
            nextToDiscard = cursor.firstOfRun(closer);
            discardRun();
        }
    }

    private void discardRun() {
        if (lastToDiscard >= 0) {
            while (nextToDiscard <= lastToDiscard) {
                parts.ring().slot(nextToDiscard++).abandon(closeRow, onReleaseError);
            }
            parts.cursor().finish(parts.cursor().closer());
            lastToDiscard = -1;
        }
    }

    /** Whether all workers have ended, and all that they held is counted. */
    public boolean ended() {
        return seats.allCounted();
    }
}
