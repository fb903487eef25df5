package io.trafilo.dispatch;

import io.trafilo.EngineClock;
import io.trafilo.EventParser;
import io.trafilo.ledger.Counter;
import io.trafilo.ledger.CounterRow;
import io.trafilo.ledger.LedgerBook;
import io.trafilo.ledger.LossHistory;
import io.trafilo.state.ErrorReporter;
import io.trafilo.state.KeyHash;
import io.trafilo.state.Shards;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The workers of one engine: starts them, and stops them without losing count of a message. */
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
            LossHistory losses) {}

    private final DispatchSettings settings;
    private final Parts<S> parts;
    private final CounterRow closeRow;
    private final List<EngineThread> threads = new ArrayList<>();
    private volatile boolean halting;
    private volatile boolean abandoning;

    public WorkerPool(DispatchSettings settings, Parts<S> parts, LedgerBook book, String name, Object engine) {
        this.settings = settings;
        this.parts = parts;
        this.closeRow = book.openRow();
        for (int i = 0; i < settings.workers(); i++) {
            Worker<S> worker = new Worker<>(i, this, parts, settings, book.openRow());
            threads.add(new EngineThread(engine, name + "-worker-" + i, worker));
        }
    }

    public void start() {
        threads.forEach(Thread::start);
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

    MessageRing ring() {
        return parts.ring();
    }

    int maxClaim() {
        return settings.maxClaim();
    }

    /** Lets the workers end once the ring, sealed before, is drained. */
    public void halt() {
        halting = true;
        parts.parking().wakeAll();
    }

    /** Makes the workers give up what they have taken, and blocked callbacks an interrupt, when time has run out. */
    public void abandon() {
        abandoning = true;
        threads.forEach(Thread::interrupt);
    }

    /** Waits for the workers to end; false if one has not by the deadline on the scale of {@link System#nanoTime}. */
    public boolean awaitEnd(long deadlineNanos) {
        boolean ended = true;
        for (EngineThread thread : threads) {
            ended &= thread.awaitEnd(deadlineNanos);
        }
        return ended;
    }

    /** Takes what is left in the sealed ring, releases it and counts it as abandoned. */
    public void discardRest(long deadlineNanos) {
        MessageRing ring = parts.ring();
        WorkCursor cursor = parts.cursor();
        int closer = cursor.closer();
        while (!ring.drained() && deadlineNanos - System.nanoTime() > 0) {
            long last = cursor.claim(closer, ring.available());
            if (last < 0) {
                Thread.yield(); // a publisher is between claim and publication
                continue;
            }
            for (long sequence = cursor.firstOfRun(closer); sequence <= last; sequence++) {
                if (ring.slot(sequence).discard(parts.errors())) {
                    closeRow.increment(Counter.ABANDONED);
                }
            }
            cursor.finish(closer);
        }
    }

    /** Whether all workers have ended. */
    public boolean ended() {
        return threads.stream().noneMatch(Thread::isAlive);
    }
}
