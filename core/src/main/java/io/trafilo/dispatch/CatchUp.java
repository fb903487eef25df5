package io.trafilo.dispatch;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.failures.Failures;
import io.trafilo.ledger.PaddedLongs;
import io.trafilo.spi.ListenerHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.agrona.collections.ArrayUtil;

/**
 * Keeps timers that fell due during a standstill from firing before what arrived meanwhile is handled. Otherwise busy keys
 * would be taken for idle, and their windows for empty, while their events wait in the ring or in a socket. Thread-safe.
 */
public final class CatchUp {
    /*
     * Nothing happens here as long as timers are polled on time and no message grows old. When a timer is late, or the
     * oldest unhandled message is, something has stood still: the process, a worker, or a listener that waited. Then a round
     * begins. It asks each listener to publish what its sockets hold, and is over when everything published by then is
     * handled. Timers due before the round began may fire then, and all later ones follow the same rule again.
     *
     * A round that takes too long holds timers no further, as when the load exceeds the capacity and sockets never run dry.
     * The next round begins only after its end.
     */

    /** How late a timer, or the oldest message, may be without a round. */
    static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** How long a round holds timers. */
    static final long MAX_HOLD_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The most that one look adds to it: a standstill during a round does not use it up. */
    private static final long MAX_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How often to look whether a round is over. */
    static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long IDLE = Long.MAX_VALUE;

    private final MessageRing ring;
    private final WorkCursor cursor;
    private final Failures failures;
    private final int workers;

    /** For each worker, the first sequence of the run that it handles, or IDLE. */
    private final PaddedLongs runs;

    /** For each worker, when the first message of its run was received. Valid unless IDLE. */
    private final PaddedLongs receipts;

    private final AtomicInteger unseated = new AtomicInteger();

    /** Replaced as a whole, under this. */
    private volatile Listener[] listeners = {};

    /** The engine's time up to which everything that had arrived is known to be handled. Written under this. */
    private volatile long caughtUpNanos;

    // The round. Written under this.
    private volatile boolean inRound;
    private long roundNanos; // when it began, the engine's time
    private long heldNanos; // how long it has held timers, without standstills meanwhile
    private long lookedNanos; // the last look, on the scale of System.nanoTime
    private int unread; // how many listeners have not answered
    private long target; // what is to be handled, once all have answered

    /** {@code nowNanos}: the engine's time, at which nothing has arrived yet. */
    CatchUp(MessageRing ring, WorkCursor cursor, Failures failures, int workers, long nowNanos) {
        this.ring = ring;
        this.cursor = cursor;
        this.failures = failures;
        this.workers = workers;
        this.runs = new PaddedLongs(workers, IDLE);
        this.receipts = new PaddedLongs(workers, 0);
        this.caughtUpNanos = nowNanos;
    }

    /** An intake, the listener it belongs to, and that listener's answer. */
    private static final class Listener {
        final ListenerIntake<?> intake;
        final ListenerHandle handle;
        final Answer answer;

        Listener(ListenerIntake<?> intake, ListenerHandle handle, Answer answer) {
            this.intake = intake;
            this.handle = handle;
            this.answer = answer;
        }
    }

    // ---- listeners

    public synchronized void attach(ListenerIntake<?> intake, ListenerHandle handle) {
        Answer answer = Stream.of(listeners)
                .filter(each -> each.handle == handle)
                .map(each -> each.answer)
                .findFirst()
                .orElseGet(Answer::new);
        listeners = ArrayUtil.add(listeners, new Listener(intake, handle, answer));
    }

    public synchronized void detach(ListenerIntake<?> intake) {
        for (Listener listener : listeners) {
            if (listener.intake == intake) {
                listener.answer.run(); // the listener closes and may not give it
                listeners = ArrayUtil.remove(listeners, listener);
            }
        }
    }

    // ---- workers

    /** A worker has a run and will handle it. For the owner of the seat, before it frees the run's slots. */
    void begin(int worker, long firstSequence, long receiptNanos) {
        receipts.setRelease(worker, receiptNanos);
        runs.setRelease(worker, firstSequence);
    }

    /** The worker has handled its run. For the owner of the seat. */
    void end(int worker) {
        runs.setRelease(worker, IDLE);
    }

    /** A worker has lost its seat and is still handling its run. */
    void beginUnseated() {
        unseated.incrementAndGet();
    }

    void endUnseated() {
        unseated.decrementAndGet();
    }

    /** Whether nobody is handling messages at the moment. */
    boolean isIdle() {
        if (unseated.get() > 0) {
            return false;
        }
        for (int worker = 0; worker < workers; worker++) {
            if (runs.getAcquire(worker) != IDLE) {
                return false;
            }
        }
        for (Listener listener : listeners) {
            if (listener.intake.isBusy()) {
                return false;
            }
        }
        return true;
    }

    /** The engine's time up to which timers may fire without asking. */
    long caughtUpNanos() {
        return caughtUpNanos;
    }

    /**
     * Up to which time timers may fire: {@code nowNanos}, or an earlier time while a round holds them. Never blocks. Both
     * times are the engine's.
     *
     * @param dueNanos the deadline of the earliest timer after {@link #caughtUpNanos}; not due if it is later than now
     */
    long fireUntil(long nowNanos, long dueNanos) {
        if (dueNanos - nowNanos > 0) {
            return nowNanos;
        }
        if (!inRound && nowNanos - dueNanos <= LATE_NANOS && !isBehind(nowNanos)) {
            return nowNanos;
        }
        return holdUntilCaughtUp(nowNanos);
    }

    /** Whether a message that was received {@link #LATE_NANOS} ago or earlier is not handled yet. */
    private boolean isBehind(long nowNanos) {
        long lateNanos = nowNanos - LATE_NANOS;
        for (int worker = 0; worker < workers; worker++) {
            if (runs.getAcquire(worker) != IDLE && receipts.getAcquire(worker) - lateNanos < 0) {
                return true;
            }
        }
        for (Listener listener : listeners) {
            ListenerIntake<?> intake = listener.intake;
            if (intake.isBusy() && intake.busyReceiptNanos() - lateNanos < 0) {
                return true;
            }
        }
        long next = cursor.claimed() + 1; // may be taken and overwritten meanwhile, which only makes it look younger
        return ring.available() >= next && ring.slot(next).receiptNanos - lateNanos < 0;
    }

    private synchronized long holdUntilCaughtUp(long nowNanos) {
        if (!inRound) {
            beginRound(nowNanos);
        }
        if (unread <= 0 && handled() >= target) {
            caughtUpNanos = roundNanos;
            inRound = false;
            return roundNanos;
        }
        long lookNanos = System.nanoTime();
        heldNanos += Math.min(lookNanos - lookedNanos, MAX_LOOK_NANOS);
        lookedNanos = lookNanos;
        return heldNanos > MAX_HOLD_NANOS ? nowNanos : caughtUpNanos;
    }

    /** Everything up to this sequence has been handled. */
    private long handled() {
        long minimum = cursor.get(); // before the runs, which were set before the cursor passed them
        for (int worker = 0; worker < workers; worker++) {
            minimum = Math.min(minimum, runs.getAcquire(worker) - 1);
        }
        return minimum;
    }

    // ---- rounds; allocates nothing

    private void beginRound(long nowNanos) {
        inRound = true;
        roundNanos = nowNanos;
        heldNanos = 0;
        lookedNanos = System.nanoTime();
        target = ring.lastClaimedByPublishers();
        unread = 0;
        for (Listener listener : listeners) {
            unread += listener.answer.expect() ? 1 : 0;
        }
        for (Listener listener : listeners) {
            ask(listener);
        }
    }

    private void ask(Listener listener) {
        try {
            if (listener.answer.beginAsking()) {
                listener.handle.catchUp(listener.answer);
            }
        } catch (Throwable error) { // its sockets are not waited for
            listener.answer.run();
            failures.reportLater(Stage.LISTENER, error);
        }
    }

    /** The answer of a listener, from any thread. One object for all rounds, so that a round allocates nothing. */
    private final class Answer implements Runnable {
        // Guarded by the outer object.
        private boolean toBeAsked;
        private boolean expected;

        /** False if it is expected already, for another intake of the same listener. */
        boolean expect() {
            boolean another = expected;
            expected = true;
            toBeAsked = true;
            return !another;
        }

        boolean beginAsking() {
            boolean toAsk = toBeAsked;
            toBeAsked = false;
            return toAsk;
        }

        @Override
        public void run() {
            synchronized (CatchUp.this) {
                if (expected) {
                    expected = false;
                    unread--;
                    target = ring.lastClaimedByPublishers();
                }
            }
        }
    }
}
