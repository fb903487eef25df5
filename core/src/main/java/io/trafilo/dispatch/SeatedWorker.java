package io.trafilo.dispatch;

import io.trafilo.ledger.CounterRow;
import org.jspecify.annotations.Nullable;

/** One worker of a pool with its thread. */
final class SeatedWorker<S extends @Nullable Object> implements Runnable {
    final int index;
    final Worker<S> worker;
    final EngineThread thread;

    /** What it has died of. */
    volatile @Nullable Throwable death;

    /** Whether the error listener has heard of that. */
    volatile boolean told;

    private final WorkerSeats<S> seats;
    private final CounterRow row;
    private final @Nullable SeatedWorker<S> predecessor;

    /** Whether it ever had its seat; a substitute may have come too late. */
    private volatile boolean tookSeat;

    /** Whether all that it had in hand when it died is counted. Written under the seats. */
    private volatile boolean buried;

    SeatedWorker(
            WorkerSeats<S> seats, int index, String threadName, CounterRow row, @Nullable SeatedWorker<S> predecessor) {
        this.seats = seats;
        this.index = index;
        this.row = row;
        this.predecessor = predecessor;
        this.worker = seats.pool.newWorker(index, row);
        this.thread = new EngineThread(seats.engine, threadName, this);
        seats.watch.open(worker.progress());
    }

    @Override
    public void run() {
        try {
            tookSeat = predecessor == null || predecessor.worker.tenure.tryRelieve();
            if (tookSeat) {
                worker.run();
            }
            leave();
        } catch (Throwable error) {
            death = error;
            seats.died(this, error);
        }
    }

    /** Whether the guard is to look after it: its thread does not any more. */
    boolean isDead() {
        return death != null && !thread.isAlive();
    }

    /** Whether its seat is to be filled; its thread may be held up in the error listener. */
    boolean leftItsSeat() {
        return buried || isDead();
    }

    /** Whether all that it ever had in hand has an outcome, if its thread has ended. */
    boolean isCounted() {
        return death == null || buried;
    }

    /** The same, and the error listener has heard of its death, or is about to. */
    boolean isSettled() {
        return death == null || (buried && told);
    }

    /** Gives every message in hand an outcome, for one that is dead. Can be called again after an error. */
    void bury() {
        if (!buried) {
            if (tookSeat) {
                worker.giveUp();
            }
            leave();
            buried = true;
        }
    }

    private void leave() {
        seats.watch.close(worker.progress());
        seats.book.retire(row);
    }
}
