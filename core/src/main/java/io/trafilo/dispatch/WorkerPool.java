package io.trafilo.dispatch;

import io.trafilo.EngineClock;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.EventParser;
import io.trafilo.failures.EngineThreads;
import io.trafilo.failures.Failures;
import io.trafilo.failures.StallWatch;
import io.trafilo.ledger.CounterRow;
import io.trafilo.ledger.LedgerBook;
import io.trafilo.ledger.LossHistory;
import io.trafilo.state.KeyHash;
import io.trafilo.state.Shards;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/** Starts the workers of one engine, and ends them without losing count of a message. */
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
            Failures failures,
            EngineThreads threads,
            LossHistory losses) {}

    // How the guard waits for publishers.
    private static final int YIELDS = 32;
    private static final long LEAST_PARK_NANOS = 20_000;
    private static final long MOST_PARK_NANOS = 1_000_000;

    private final DispatchSettings settings;
    private final Parts<S> parts;
    private final CounterRow closeRow;
    private final CatchUp catchUp;
    private final WorkerSeats<S> seats;
    private final IdleStrategy idling =
            new BackoffIdleStrategy(0, YIELDS, LEAST_PARK_NANOS, MOST_PARK_NANOS); // the guard's

    /** Reports a buffer that cannot be released. Allocated in advance, since memory may be short by then. */
    final Consumer<Throwable> onReleaseError = this::reportRelease;

    // How much of the run that the guard has claimed is abandoned.
    private long nextToAbandon;
    private long lastToAbandon = -1;

    private volatile boolean halting;
    private volatile boolean abandoning;

    public WorkerPool(DispatchSettings settings, Parts<S> parts, LedgerBook book, StallWatch watch, String name) {
        this.settings = settings;
        this.parts = parts;
        this.closeRow = book.openRow();
        this.catchUp = new CatchUp(
                parts.ring(),
                parts.cursor(),
                parts.failures(),
                settings.workers(),
                parts.shards().startNanos());
        this.seats = new WorkerSeats<>(this, parts, book, watch, settings.workers(), name);
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

    /** Creates a handler for a thread that is not a worker. */
    RunHandler<S> newRunHandler(CounterRow row, BooleanSupplier abandoning) {
        return new RunHandler<>(parts, catchUp, settings, row, abandoning);
    }

    /** What keeps timers from firing ahead of messages. */
    public CatchUp catchUp() {
        return catchUp;
    }

    Worker<S> newWorker(int index, CounterRow row, Runnable onEnd) {
        return new Worker<>(index, this, parts, settings, row, onEnd);
    }

    MessageRing ring() {
        return parts.ring();
    }

    int maxClaim() {
        return settings.maxClaim();
    }

    /** An error in releasing one buffer must not keep the others from being released. */
    private void reportRelease(Throwable error) {
        parts.failures().reportLater(Stage.LISTENER, error);
    }

    /** For the guard: starts a substitute for each worker that it has just found stuck, and does what sleepers cannot. */
    public void relieveStalled() {
        parts.ring().publishForOthers();
        seats.relieve();
    }

    // ---- the end

    /** Makes the workers end once the ring, which must be sealed, is drained. */
    public void halt() {
        halting = true;
        parts.parking().wakeAll();
    }

    /**
     * Makes the workers abandon what they have claimed, and interrupts callbacks that block. For a close that has run out of
     * time.
     */
    public void abandon() {
        abandoning = true;
        seats.interruptAll();
    }

    /**
     * Waits for the workers to end; false if one has not by the deadline, which is on the scale of {@link System#nanoTime}.
     */
    public boolean awaitEnd(long deadlineNanos) {
        return seats.awaitEnd(deadlineNanos);
    }

    /**
     * Releases what is left in the sealed ring and counts it as abandoned. Waits until the deadline for publishers between
     * claim and publication. For the guard's thread; can be repeated after an error.
     */
    public void abandonRest(long deadlineNanos) {
        MessageRing ring = parts.ring();
        WorkCursor cursor = parts.cursor();
        int closer = cursor.closer();
        abandonRun(); // an error may have left part of a run
        while (!ring.drained()) {
            ring.publishForOthers();
            lastToAbandon = cursor.claim(closer, ring.available());
            if (lastToAbandon < 0) {
                if (deadlineNanos - System.nanoTime() <= 0) {
                    return;
                }
                Thread.interrupted(); // a release may have set it, and then no nap would take any time
                idling.idle();
                continue;
            }
            idling.reset();
            nextToAbandon = cursor.firstOfRun(closer);
            abandonRun();
        }
    }

    private void abandonRun() {
        if (lastToAbandon >= 0) {
            while (nextToAbandon <= lastToAbandon) {
                parts.ring().slot(nextToAbandon++).abandon(closeRow, onReleaseError);
            }
            parts.cursor().finish(parts.cursor().closer());
            lastToAbandon = -1;
        }
    }

    public boolean ended() {
        return seats.allEnded();
    }
}
