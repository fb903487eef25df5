package io.trafilo.dispatch;

import io.trafilo.EngineClock;
import io.trafilo.ErrorListener.Stage;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The workers of one engine: starts them, puts substitutes in the seats of those that hang, and stops them without losing count
 * of a message.
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
            LossHistory losses) {}

    private final DispatchSettings settings;
    private final Parts<S> parts;
    private final LedgerBook book;
    private final StallWatch watch;
    private final Object engine;
    private final CounterRow closeRow;
    private final FailureBudget failures = new FailureBudget();
    private final List<Seat<S>> seats = new ArrayList<>();

    /** All workers that have not ended, and some that have: those with a seat, those who lost it, and those who come. */
    private final List<Member<S>> members = new CopyOnWriteArrayList<>();

    private volatile boolean halting;
    private volatile boolean abandoning;

    public WorkerPool(
            DispatchSettings settings, Parts<S> parts, LedgerBook book, StallWatch watch, String name, Object engine) {
        this.settings = settings;
        this.parts = parts;
        this.book = book;
        this.watch = watch;
        this.engine = engine;
        this.closeRow = book.openRow();
        for (int i = 0; i < settings.workers(); i++) {
            String threadName = name + "-worker-" + i;
            Member<S> member = new Member<>(this, i, threadName, book.openRow(), null);
            members.add(member);
            seats.add(new Seat<>(i, threadName, member));
        }
    }

    /** One worker with its thread. */
    private static final class Member<S extends @Nullable Object> implements Runnable {
        final Worker<S> worker;
        final EngineThread thread;

        private final WorkerPool<S> pool;
        private final CounterRow row;
        private final @Nullable Member<S> predecessor;

        Member(WorkerPool<S> pool, int index, String threadName, CounterRow row, @Nullable Member<S> predecessor) {
            this.pool = pool;
            this.row = row;
            this.predecessor = predecessor;
            this.worker = new Worker<>(index, pool, pool.parts, pool.settings, row);
            this.thread = new EngineThread(pool.engine, threadName, this);
            pool.watch.open(worker.progress());
        }

        @Override
        public void run() {
            try {
                if (predecessor == null || predecessor.worker.tenure.tryRelieve()) {
                    worker.run();
                }
            } finally {
                leave();
            }
        }

        void leave() {
            pool.watch.close(worker.progress());
            pool.book.retire(row);
        }

        boolean isRelieved() {
            return worker.tenure.isRelieved() && thread.isAlive();
        }
    }

    /** A worker's place in the pool. For the guard. */
    private static final class Seat<S extends @Nullable Object> {
        final int index;
        final String threadName;
        Member<S> holder;

        /** A substitute that has yet to find out whether it is needed. */
        @Nullable
        Member<S> successor;

        int substitutes;

        /** Whether it was told that the holder hangs and there is no substitute. */
        boolean told;

        Seat(int index, String threadName, Member<S> holder) {
            this.index = index;
            this.threadName = threadName;
            this.holder = holder;
        }
    }

    public void start() {
        members.forEach(member -> member.thread.start());
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

    /** Tells of an error of the engine's own; false if it must stop the engine, which is then told as well. */
    boolean outlives(Throwable error) {
        if (ErrorReporter.isFatal(error) || !failures.tryTake(System.nanoTime())) {
            parts.errors().fail(error);
            return false;
        }
        parts.errors().report(Stage.ENGINE, null, error);
        return true;
    }

    /** Stops the engine for an error that nobody can be told of. */
    void stop(Throwable error) {
        parts.errors().stop(error);
    }

    // ---- the guard

    /** Starts a substitute for each worker that was just found to hang; no more than {@code workers} threads may hang. */
    void relieveStalled(Reporter reporter) {
        members.removeIf(member -> member.worker.tenure.isRelieved() && !member.thread.isAlive());
        seats.forEach(this::settle);
        for (Seat<S> seat : seats) {
            if (!watch.isStalled(seat.holder.worker.progress())) {
                seat.told = false;
            } else if (seat.successor == null && seat.holder.worker.tenure.isHandling()) {
                Throwable refusal = startSubstitute(seat);
                if (refusal != null && !seat.told) {
                    seat.told = true;
                    reporter.submit(() -> parts.errors().report(Stage.ENGINE, null, refusal));
                }
            }
        }
    }

    /** Takes note of what has become of the successor. */
    private void settle(Seat<S> seat) {
        Member<S> successor = seat.successor;
        if (successor == null) {
            return;
        }
        if (seat.holder.worker.tenure.isRelieved()) {
            seat.holder = successor;
            seat.successor = null;
        } else if (!successor.thread.isAlive()) { // it came too late
            members.remove(successor);
            seat.successor = null;
        }
    }

    /** Gives the reason if that is not possible. */
    private @Nullable Throwable startSubstitute(Seat<S> seat) {
        String hanging = "worker " + seat.holder.thread.getName() + " hangs and gets no substitute: ";
        int max = settings.workers();
        if (relieved() >= max) {
            return new IllegalStateException(hanging + max + " others hang (expected: less than workers " + max + ")");
        }
        String name = seat.threadName + "-substitute-" + (seat.substitutes + 1);
        CounterRow row = book.openRow();
        Member<S> member = null;
        try {
            member = new Member<>(this, seat.index, name, row, seat.holder);
            member.thread.setDaemon(seat.holder.thread.isDaemon());
            members.add(member);
            member.thread.start();
        } catch (Throwable failure) { // no memory, no thread: the others go on
            book.retire(row);
            if (member != null) {
                members.remove(member);
                watch.close(member.worker.progress());
            }
            return new IllegalStateException(hanging + "it cannot be started", failure);
        }
        seat.successor = member;
        seat.substitutes++;
        return null;
    }

    private int relieved() {
        int count = 0;
        for (Member<S> member : members) {
            count += member.isRelieved() ? 1 : 0;
        }
        for (Seat<S> seat : seats) {
            count += seat.successor == null ? 0 : 1; // about to relieve one
        }
        return count;
    }

    // ---- the end

    /** Lets the workers end once the ring, sealed before, is drained. */
    public void halt() {
        halting = true;
        parts.parking().wakeAll();
    }

    /** Makes the workers give up what they have taken, and blocked callbacks an interrupt, when time has run out. */
    public void abandon() {
        abandoning = true;
        members.forEach(member -> member.thread.interrupt());
    }

    /** Waits for the workers to end; false if one has not by the deadline on the scale of {@link System#nanoTime}. */
    public boolean awaitEnd(long deadlineNanos) {
        boolean ended = true;
        for (Member<S> member : members) {
            ended &= member.thread.awaitEnd(deadlineNanos);
        }
        return ended;
    }

    /**
     * Takes what is left in the sealed ring, releases it and counts it as abandoned. Waits, until the deadline, for publishers
     * that are between claim and publication.
     */
    public void discardRest(long deadlineNanos) {
        MessageRing ring = parts.ring();
        WorkCursor cursor = parts.cursor();
        int closer = cursor.closer();
        while (!ring.drained()) {
            long last = cursor.claim(closer, ring.available());
            if (last < 0) {
                if (deadlineNanos - System.nanoTime() <= 0) {
                    return;
                }
                Thread.yield();
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
        return members.stream().noneMatch(member -> member.thread.isAlive());
    }
}
