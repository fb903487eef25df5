package io.trafilo.dispatch;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.failures.EngineThreads.EngineThread;
import io.trafilo.failures.StallWatch;
import io.trafilo.ledger.CounterRow;
import io.trafilo.ledger.LedgerBook;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The threads of a pool's workers, each in its seat, and the substitutes for those that hang. Thread-safe. */
final class WorkerSeats<S extends @Nullable Object> {
    /*
     * A seat is a number under which a worker claims and parks. It changes hands in replace() and nowhere else: the guard
     * starts a substitute, takes the seat from the stuck worker, and informs the substitute whether it has the seat. If the
     * worker returns first, it keeps the seat and the substitute ends.
     */
    private final WorkerPool<S> pool;
    private final WorkerPool.Parts<S> parts;
    private final LedgerBook book;
    private final StallWatch watch;
    private final String threadPrefix;
    private final List<Member> holders = new ArrayList<>(); // by seat; guarded by this
    private final int[] substitutes; // by seat, how many were seated so far; guarded by this
    private final boolean[] refusalReported; // by seat, whether the lack of a substitute is reported; guarded by this

    /** All workers that have not ended, with a seat or without. */
    private final List<Member> members = new CopyOnWriteArrayList<>();

    WorkerSeats(
            WorkerPool<S> pool,
            WorkerPool.Parts<S> parts,
            LedgerBook book,
            StallWatch watch,
            int workers,
            String name) {
        this.pool = pool;
        this.parts = parts;
        this.book = book;
        this.watch = watch;
        this.threadPrefix = name + "-worker-";
        this.substitutes = new int[workers];
        this.refusalReported = new boolean[workers];
        for (int seat = 0; seat < workers; seat++) {
            Member member = new Member(seat, threadPrefix + seat, book.openRow());
            member.decide(true);
            holders.add(member);
            members.add(member);
        }
    }

    /** A worker with its thread, which waits until it is known whether the worker has a seat. */
    private final class Member implements Runnable {
        final Worker<S> worker;
        final EngineThread thread;
        private final CounterRow row;
        private volatile boolean decided;
        private volatile boolean hasSeat; // once decided

        Member(int seat, String threadName, CounterRow row) {
            this.row = row;
            this.worker = pool.newWorker(seat, row, this::leave);
            this.thread = parts.threads().newThread(threadName, this);
            watch.add(worker.progress());
        }

        /** Needs no memory: the thread must not die before its worker, which survives errors, has begun. */
        @Override
        public void run() {
            while (!decided) {
                LockSupport.park(this);
            }
            if (hasSeat) {
                worker.run();
            }
        }

        void decide(boolean gotSeat) {
            hasSeat = gotSeat;
            decided = true;
            LockSupport.unpark(thread);
        }

        private void leave() {
            watch.remove(worker.progress());
            book.retire(row);
            if (worker.tenure.isRelieved()) {
                pool.catchUp().endUnseated();
            }
            parts.parking().wakeAll(); // for timers that it set, and for the end of the others
        }
    }

    void start() {
        members.forEach(member -> member.thread.start());
    }

    /** Replaces the workers that were just found stuck, at most {@code workers} at a time. */
    synchronized void relieve() {
        members.removeIf(member -> !member.thread.isAlive() && !holders.contains(member));
        for (int seat = 0; seat < holders.size(); seat++) {
            Member holder = holders.get(seat);
            if (holder.thread.getState() == Thread.State.TERMINATED && !pool.halting()) {
                parts.failures().stop(new IllegalStateException("worker " + holder.thread.getName() + " has ended"));
            } else if (!watch.isStalled(holder.worker.progress())) {
                refusalReported[seat] = false;
            } else if (holder.worker.tenure.isHandling()) {
                String refusal = "worker " + holder.thread.getName() + " hangs and gets no substitute: ";
                int max = holders.size();
                if (members.size() - max < max) {
                    replace(seat, holder, refusal);
                } else {
                    refusal += max + " replaced workers still hang (expected: fewer than workers " + max + ")";
                    reportRefusal(seat, refusal, null);
                }
            }
        }
    }

    private void replace(int seat, Member holder, String refusal) {
        CounterRow row = book.openRow();
        Member substitute = null;
        boolean gotSeat = false;
        try {
            substitute = new Member(seat, threadPrefix + seat + "-substitute-" + (substitutes[seat] + 1), row);
            members.add(substitute);
            substitute.thread.start();
            gotSeat = holder.worker.tenure.tryRelieve();
        } catch (Throwable failure) { // no memory or no thread: the other workers go on
            reportRefusal(seat, refusal + "its thread cannot be started", failure);
        } finally {
            if (gotSeat) {
                pool.catchUp().beginUnseated();
                holders.set(seat, substitute);
                substitutes[seat]++;
            } else {
                book.retire(row);
            }
            if (substitute != null) {
                substitute.decide(gotSeat);
                if (!gotSeat) {
                    members.remove(substitute);
                    watch.remove(substitute.worker.progress());
                }
            }
        }
    }

    private void reportRefusal(int seat, String reason, @Nullable Throwable cause) {
        if (!refusalReported[seat]) {
            refusalReported[seat] = true;
            parts.failures().reportLater(Stage.ENGINE, new IllegalStateException(reason, cause));
        }
    }

    // ---- the end

    void interruptAll() {
        members.forEach(member -> member.thread.interrupt());
    }

    /** Waits for all to end; false if one has not by the deadline, which is on the scale of {@link System#nanoTime}. */
    boolean awaitEnd(long deadlineNanos) {
        boolean ended = true;
        do { // again if a substitute was started meanwhile
            for (Member member : members) {
                ended &= member.thread.awaitEnd(deadlineNanos);
            }
        } while (ended && !allEnded());
        return ended;
    }

    boolean allEnded() {
        return members.stream().noneMatch(member -> member.thread.isAlive());
    }
}
