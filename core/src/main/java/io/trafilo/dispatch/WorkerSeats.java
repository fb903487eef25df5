package io.trafilo.dispatch;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.ledger.CounterRow;
import io.trafilo.ledger.LedgerBook;
import io.trafilo.state.ErrorReporter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The threads of a pool's workers, each in its seat, and the substitutes for those that hang or have died. Thread-safe. */
final class WorkerSeats<S extends @Nullable Object> {
    /*
     * The guard finds those that hang. Who dies, of an error that leads out of the handling of another one, leaves its seat
     * like one that hangs in a callback, with nothing of the ring in hand, and starts its substitute itself. If the error
     * keeps it from that, the guard does both at its next look, or stops the engine if it cannot either.
     */

    final WorkerPool<S> pool;
    private final ErrorReporter errors;
    final LedgerBook book;
    final StallWatch watch;
    final Object engine;
    private final List<Seat<S>> seats = new ArrayList<>(); // each guarded by this

    /** All workers that have not ended, and some that have: those with a seat, those who lost it, and those who come. */
    private final List<SeatedWorker<S>> members = new CopyOnWriteArrayList<>();

    WorkerSeats(
            WorkerPool<S> pool,
            ErrorReporter errors,
            LedgerBook book,
            StallWatch watch,
            int workers,
            String name,
            Object engine) {
        this.pool = pool;
        this.errors = errors;
        this.book = book;
        this.watch = watch;
        this.engine = engine;
        for (int i = 0; i < workers; i++) {
            String threadName = name + "-worker-" + i;
            SeatedWorker<S> member = new SeatedWorker<>(this, i, threadName, book.openRow(), null);
            members.add(member);
            seats.add(new Seat<>(i, threadName, member));
        }
    }

    /** A worker's place in the pool. */
    private static final class Seat<S extends @Nullable Object> {
        final int index;
        final String threadName;
        SeatedWorker<S> holder;

        /** A substitute that has yet to find out whether it is needed. */
        @Nullable
        SeatedWorker<S> successor;

        int substitutes;

        /** Whether it was told that the holder needs a substitute and there is none. */
        boolean told;

        Seat(int index, String threadName, SeatedWorker<S> holder) {
            this.index = index;
            this.threadName = threadName;
            this.holder = holder;
        }

        boolean awaitsSubstitute() {
            return successor == null && holder.worker.tenure.isHandling();
        }
    }

    void start() {
        members.forEach(member -> member.thread.start());
    }

    // ---- substitutes

    /** Starts a substitute for each worker that was just found to hang, or dead; no more than {@code workers} may hang. */
    synchronized void relieve() {
        try {
            buryDead();
        } catch (Throwable error) { // who died could not do it either
            pool.stop(error);
            pool.reportLater(error);
        }
        forgetEnded();
        seats.forEach(this::settle);
        for (Seat<S> seat : seats) {
            Throwable refusal = null;
            if (seat.holder.leftItsSeat()) {
                refusal = replaceDead(seat);
            } else if (!watch.isStalled(seat.holder.worker.progress())) {
                seat.told = false;
            } else if (seat.awaitsSubstitute()) {
                refusal = relieveHanging(seat);
            }
            if (refusal != null && !seat.told) {
                seat.told = true;
                pool.reportLater(refusal);
            }
        }
    }

    /** Those that have lost their seat, with whose scratch others can be made up for. */
    private void forgetEnded() {
        members.removeIf(member -> member.worker.tenure.isRelieved() && !member.thread.isAlive() && member.isSettled());
    }

    /** Takes note of what has become of the successor. */
    private void settle(Seat<S> seat) {
        SeatedWorker<S> successor = seat.successor;
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

    private @Nullable Throwable relieveHanging(Seat<S> seat) {
        String hanging = "worker " + seat.holder.thread.getName() + " hangs and gets no substitute: ";
        int max = seats.size();
        if (relieved() >= max) {
            return new IllegalStateException(hanging + max + " others hang (expected: less than workers " + max + ")");
        }
        return startSubstitute(seat, hanging);
    }

    private int relieved() {
        int count = 0;
        for (SeatedWorker<S> member : members) { // even one that has just ended: its scratch is still there
            count += member.worker.tenure.isRelieved() ? 1 : 0;
        }
        for (Seat<S> seat : seats) {
            count += seat.successor == null ? 0 : 1; // about to relieve one
        }
        return count;
    }

    /** Gives the reason if that is not possible. */
    private @Nullable Throwable startSubstitute(Seat<S> seat, String need) {
        String name = seat.threadName + "-substitute-" + (seat.substitutes + 1);
        CounterRow row = book.openRow();
        SeatedWorker<S> member = null;
        try {
            member = new SeatedWorker<>(this, seat.index, name, row, seat.holder);
            member.thread.setDaemon(seat.holder.thread.isDaemon());
            members.add(member);
            member.thread.start();
        } catch (Throwable failure) { // no memory, no thread: the others go on
            book.retire(row);
            if (member != null) {
                members.remove(member);
                watch.close(member.worker.progress());
            }
            return new IllegalStateException(need + "it cannot be started", failure);
        }
        seat.successor = member;
        seat.substitutes++;
        return null;
    }

    // ---- the dead

    /** The last act of a thread. */
    void died(SeatedWorker<S> member, Throwable error) {
        boolean stops = pool.mustStop(error);
        if (stops) {
            pool.stop(error);
        }
        try {
            synchronized (this) {
                member.bury();
                forgetEnded();
                Seat<S> seat = seats.get(member.index);
                settle(seat);
                if (seat.holder == member && !stops) {
                    var unused = fillSeatOfDead(seat); // or the guard does
                }
            }
            member.told = true;
            errors.report(Stage.ENGINE, null, error);
        } catch (Throwable another) { // the guard looks after it
            member.told = false;
        }
    }

    /** Counts what the dead had in hand, and tells of them, if they could not do so themselves. */
    synchronized void buryDead() {
        for (SeatedWorker<S> member : members) {
            if (member.isDead()) {
                tellOfDeath(member);
                member.bury();
            }
        }
    }

    /** If it could not do so itself. */
    private void tellOfDeath(SeatedWorker<S> member) {
        Throwable death = member.death;
        if (death != null && !member.told && member.isDead()) {
            member.told = true;
            pool.reportLater(death);
        }
    }

    private @Nullable Throwable replaceDead(Seat<S> seat) {
        Throwable refusal;
        try {
            seat.holder.bury();
            refusal = fillSeatOfDead(seat);
        } catch (Throwable error) {
            refusal = error;
        }
        if (refusal != null) {
            pool.stop(refusal);
        }
        return refusal;
    }

    private @Nullable Throwable fillSeatOfDead(Seat<S> seat) {
        if (pool.abandoning() || !seat.awaitsSubstitute()) {
            return null;
        }
        String dead = "worker " + seat.holder.thread.getName() + " has died and gets no substitute: ";
        int max = seats.size();
        if (relieved() >= max) {
            return new IllegalStateException(dead + max + " hang (expected: less than workers " + max + ")");
        }
        return startSubstitute(seat, dead);
    }

    // ---- the end

    void interruptAll() {
        members.forEach(member -> member.thread.interrupt());
    }

    /** Waits for all to end; false if one has not by the deadline on the scale of {@link System#nanoTime}. */
    boolean awaitEnd(long deadlineNanos) {
        boolean ended;
        do { // again if one that died has a successor, which it or this has started meanwhile
            ended = true;
            for (SeatedWorker<S> member : members) {
                ended &= member.thread.awaitEnd(deadlineNanos);
            }
        } while (ended && (!allEnded() || fillsSeats()));
        return ended;
    }

    /** Fills the seats of dead workers, when all threads have ended; whether it has. */
    private synchronized boolean fillsSeats() {
        buryDead();
        forgetEnded();
        boolean filled = false;
        for (Seat<S> seat : seats) {
            settle(seat);
            if (seat.holder.leftItsSeat()) {
                filled |= replaceDead(seat) == null && seat.successor != null;
            }
        }
        return filled;
    }

    private boolean allEnded() {
        return members.stream().noneMatch(member -> member.thread.isAlive());
    }

    /** Whether all have ended, and what the dead had in hand is counted. */
    boolean allCounted() {
        return allEnded() && members.stream().allMatch(SeatedWorker::isCounted);
    }
}
