package io.trafilo.engine;

import io.trafilo.EngineFailedException;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.Ledger;
import io.trafilo.TrafiloSettings;
import io.trafilo.dispatch.ListenerIntake;
import io.trafilo.dispatch.WorkerPool;
import io.trafilo.failures.EngineThreads;
import io.trafilo.failures.Failures;
import io.trafilo.failures.Guard;
import io.trafilo.spi.ListenerHandle;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/** Starts and ends an engine. {@link CloseSequence} says what a close does. Thread-safe. */
final class EngineLifecycle {
    /*
     * NEW -> RUNNING -> CLOSING -> CLOSED, or NEW -> CLOSED.
     *
     * A request to close changes the state and wakes the guard, which does the work. So the requesting thread, be it a
     * callback or a failing worker, never waits, and no new thread is needed when memory has run out. The guard disposes of
     * the states, so it can hang in a callback too. In that case the thread that waits for the close makes the ledger final
     * and stops waiting.
     *
     * All threads are daemons, so that nothing that hangs keeps the JVM alive, except the keeper, which does nothing but
     * wait for the close.
     *
     * The guard survives every error. Without memory it stops the engine, which needs none, and retries the rest. It stays
     * until no publisher can add another buffer to the ring.
     */
    private enum State {
        NEW,
        RUNNING,
        CLOSING,
        CLOSED
    }

    private static final long FOREVER_NANOS = Long.MAX_VALUE / 2;

    /** How long listeners and publishers may take to end after a failure, unless closeTimeout is shorter. */
    private static final Duration FAILURE = Duration.ofSeconds(1);

    private static final long LEAST_PARK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MOST_PARK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final String name;
    private final Duration closeTimeout;
    private final WorkerPool<?> pool;
    private final EngineListeners listeners;
    private final CloseSequence sequence;
    private final Failures failures;
    private final Guard guard;
    private final Thread guardThread;
    private final IdleStrategy guardIdling = new BackoffIdleStrategy(0, 0, LEAST_PARK_NANOS, MOST_PARK_NANOS);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    private volatile State state = State.NEW; // written under this
    private volatile @Nullable Throwable failure; // written under this
    private volatile @Nullable Ledger finalLedger; // written under this

    // On the scale of System.nanoTime, set before closing begins; see CloseSequence.
    private volatile long deadlineNanos;
    private volatile long endNanos;

    EngineLifecycle(
            TrafiloSettings<?> settings,
            EngineThreads threads,
            WorkerPool<?> pool,
            EngineListeners listeners,
            CloseSequence sequence,
            Failures failures,
            Guard guard) {
        this.name = settings.name();
        this.closeTimeout = settings.closeTimeout();
        this.pool = pool;
        this.listeners = listeners;
        this.sequence = sequence;
        this.failures = failures;
        this.guard = guard;
        this.guardThread = threads.newThread(name + "-guard", this::guardAndClose);
    }

    synchronized void start() {
        if (state != State.NEW) {
            throw new IllegalStateException("engine: start when " + state + " (expected: NEW)");
        }
        guardThread.start();
        state = State.RUNNING;
        try {
            Thread keeper = new Thread(this::keepAlive, name + "-keeper");
            keeper.setDaemon(false);
            keeper.start();
            pool.start();
        } catch (Throwable error) { // no memory for a thread
            stop(error);
            throw error;
        }
    }

    private synchronized void startIfNew() {
        if (state == State.NEW) {
            start();
        }
    }

    boolean isRunning() {
        return state == State.RUNNING;
    }

    Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /** The final ledger; null until the close is over. */
    @Nullable
    Ledger finalLedger() {
        return finalLedger;
    }

    synchronized void attach(ListenerIntake<?> intake, ListenerHandle handle) {
        if (state != State.RUNNING) {
            throw new IllegalStateException(
                    "engine: listener opened when " + state + " (expected: RUNNING; start it first)");
        }
        listeners.attach(intake, handle);
    }

    void run() throws InterruptedException {
        ShutdownHook hook = new ShutdownHook(name + "-shutdown-hook", () -> {
            requestClose();
            awaitEnd();
        });
        try {
            startIfNew();
            closing.await();
            awaitClosed();
        } finally {
            hook.remove();
        }
        Throwable error = failure;
        if (error != null) {
            throw new EngineFailedException("engine " + name + " stopped: " + error, error);
        }
    }

    /** How long the close may take. */
    private Duration allowed() {
        return failure == null || closeTimeout.compareTo(FAILURE) < 0 ? closeTimeout : FAILURE;
    }

    synchronized void requestClose() {
        if (state == State.NEW) {
            makeLedgerFinal(false);
            closing.countDown();
        } else if (state == State.RUNNING) {
            long nowNanos = System.nanoTime();
            long timeoutNanos = closeTimeout.toNanos();
            deadlineNanos = nowNanos + (failure == null ? timeoutNanos : 0);
            endNanos = nowNanos + allowed().toNanos();
            state = State.CLOSING;
            closing.countDown();
        }
    }

    /** Stops the engine for an error, without waiting for it to close. */
    void stop(Throwable error) {
        synchronized (this) {
            if (failure == null) {
                failure = error;
            }
        }
        requestClose();
    }

    /** Waits for a requested close. Restores an interrupt when it returns. */
    void awaitEnd() {
        boolean interrupted = false;
        while (true) {
            try {
                awaitClosed();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitClosed() throws InterruptedException {
        long leftNanos = endNanos + CloseSequence.LAST_NANOS - System.nanoTime();
        if (!closed.await(leftNanos, TimeUnit.NANOSECONDS)) {
            sequence.abandonAll();
            if (makeLedgerFinal(true)) {
                sequence.reportLate(
                        "not finished", allowed(), "the ledger counts what is left as abandoned, failed or live");
            }
        }
    }

    /** On the keeper's thread: keeps the JVM alive until the engine is closed. */
    private void keepAlive() {
        while (state != State.CLOSED) {
            try {
                if (awaitClosing(System.nanoTime() + FOREVER_NANOS)) {
                    awaitEnd();
                }
            } catch (Throwable noMemory) { // which stops the engine; the wait goes on
                failures.stop(noMemory);
                LockSupport.parkNanos(this, LEAST_PARK_NANOS);
            }
        }
    }

    // ---- on the guard's thread

    private void guardAndClose() {
        awaitCloseRequest();
        boolean done = tryClose();
        done = done || tryClose();
        boolean ledgerFinal = tryMakeLedgerFinal();
        while (!(done && ledgerFinal && tryAbandonLate())) {
            boolean unused = Thread.interrupted(); // set by a disposer; it would keep this thread from parking
            guardIdling.idle();
            done = done || tryClose();
            ledgerFinal = ledgerFinal || tryMakeLedgerFinal();
        }
    }

    private void awaitCloseRequest() {
        try {
            boolean requested = false;
            while (!requested) {
                requested = guard.await(this::awaitClosing, System.nanoTime() + FOREVER_NANOS);
            }
        } catch (Throwable error) {
            stopAndReport(error);
        }
    }

    private boolean tryClose() {
        try {
            sequence.run(guard, allowed(), deadlineNanos, endNanos);
            return true;
        } catch (Throwable error) {
            stopAndReport(error);
        }
        try {
            sequence.abandonAll();
        } catch (Throwable again) {
            // retried by the caller
        }
        return false;
    }

    private boolean tryMakeLedgerFinal() {
        try {
            makeLedgerFinal(false);
            return true;
        } catch (Throwable error) {
            stopAndReport(error);
            return false;
        }
    }

    private boolean tryAbandonLate() {
        try {
            return sequence.abandonLate();
        } catch (Throwable again) {
            return false;
        }
    }

    /** Stops the engine for an error on this thread. Reports the first one. */
    private void stopAndReport(Throwable error) {
        boolean first = failure == null;
        stop(error);
        try {
            if (first) {
                failures.reportLater(Stage.ENGINE, Failures.asStopped(error));
            }
        } catch (Throwable again) {
            // failure() still returns it
        }
    }

    private boolean awaitClosing(long untilNanos) {
        try {
            return closing.await(untilNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException spurious) {
            return false; // only closing ends this thread
        }
    }

    /** Ends the close; false if it is over already. Safe to repeat after an error. */
    private synchronized boolean makeLedgerFinal(boolean guardLeft) {
        if (finalLedger != null) {
            return false;
        }
        try {
            finalLedger = sequence.finalLedger(guardLeft);
        } finally {
            state = State.CLOSED;
            closed.countDown();
        }
        return true;
    }

    @Override
    public String toString() {
        return state + (failure == null ? "" : " after " + failure);
    }
}
