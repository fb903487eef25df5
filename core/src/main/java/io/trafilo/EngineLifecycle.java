package io.trafilo;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.dispatch.EngineThread;
import io.trafilo.dispatch.Guard;
import io.trafilo.dispatch.ListenerIntake;
import io.trafilo.dispatch.Reporter;
import io.trafilo.dispatch.WorkerPool;
import io.trafilo.spi.ListenerHandle;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The beginning and the end of an engine. Thread-safe. */
final class EngineLifecycle {
    /*
     * NEW -> RUNNING -> CLOSING -> CLOSED, or NEW -> CLOSED.
     *
     * Whoever asks for the close, a callback and a failing worker included, only changes the state and wakes the guard, which
     * does the work; so closing never waits for the one who asked, and needs no new thread when memory has run out. The guard
     * disposes of the states, so it can hang in a callback as well. Then whoever waits for the close makes the ledger final,
     * and does not wait any longer.
     *
     * The guard outlives whatever is thrown on its way: with no memory left it stops the engine without needing any, and tries
     * the rest again. It stays until no publisher can bring another buffer into the ring.
     */
    private enum State {
        NEW,
        RUNNING,
        CLOSING,
        CLOSED
    }

    private static final long FOREVER_NANOS = Long.MAX_VALUE / 2;

    /** How long listeners and publishers have to come to their end after a failure, if the close may take as long. */
    private static final long FAILURE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long LEAST_PARK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MOST_PARK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final String name;
    private final Duration closeTimeout;
    private final Object engine;
    private final WorkerPool<?> pool;
    private final EngineListeners listeners;
    private final EngineDrain drain;
    private final Reporter reporter;
    private final Guard guard;
    private final EngineThread guardThread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    private volatile State state = State.NEW; // written under this
    private volatile @Nullable Throwable failure; // written under this
    private volatile @Nullable Ledger finalLedger; // written under this

    // On the scale of System.nanoTime, set before closing begins; see EngineDrain.
    private volatile long deadlineNanos;
    private volatile long endNanos;

    EngineLifecycle(
            String name,
            Duration closeTimeout,
            Object engine,
            WorkerPool<?> pool,
            EngineListeners listeners,
            EngineDrain drain,
            Reporter reporter,
            Guard guard) {
        this.name = name;
        this.closeTimeout = closeTimeout;
        this.engine = engine;
        this.pool = pool;
        this.listeners = listeners;
        this.drain = drain;
        this.reporter = reporter;
        this.guard = guard;
        this.guardThread = new EngineThread(engine, name + "-guard", this::guardAndClose);
        guardThread.setDaemon(true);
    }

    synchronized void start() {
        if (state != State.NEW) {
            throw new IllegalStateException("engine: start when " + state + " (expected: NEW)");
        }
        guardThread.start();
        state = State.RUNNING;
        try {
            pool.start();
        } catch (Throwable error) { // no memory for a thread
            fail(error);
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

    /** The counts at the end, null before. */
    @Nullable
    Ledger finalLedger() {
        return finalLedger;
    }

    synchronized void attach(ListenerIntake<?> intake, ListenerHandle handle) {
        if (state != State.RUNNING) {
            throw new IllegalStateException(
                    "engine: a listener when " + state + " (expected: RUNNING; start it first)");
        }
        listeners.attach(intake, handle);
    }

    Optional<Throwable> run() throws InterruptedException {
        ShutdownHook hook = new ShutdownHook(name + "-shutdown-hook", this::close);
        try {
            startIfNew();
            closing.await();
            awaitClosed();
        } finally {
            hook.remove();
        }
        return failure();
    }

    synchronized void requestClose() {
        if (state == State.NEW) {
            settle(false);
            closing.countDown();
        } else if (state == State.RUNNING) {
            long nowNanos = System.nanoTime();
            long timeoutNanos = closeTimeout.toNanos();
            deadlineNanos = nowNanos + (failure == null ? timeoutNanos : 0);
            endNanos = nowNanos + (failure == null ? timeoutNanos : Math.min(timeoutNanos, FAILURE_NANOS));
            state = State.CLOSING;
            closing.countDown();
        }
    }

    void fail(Throwable error) {
        synchronized (this) {
            if (failure == null) {
                failure = error;
            }
        }
        requestClose();
    }

    void close() {
        requestClose();
        if (EngineThread.isCurrentOf(engine)) {
            return;
        }
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

    /** Waits for the end of a close that has begun; if the guard does not reach it in time, this is the end. */
    private void awaitClosed() throws InterruptedException {
        long leftNanos = endNanos + EngineDrain.LAST_NANOS - System.nanoTime();
        if (!closed.await(leftNanos, TimeUnit.NANOSECONDS)) {
            drain.stop();
            if (settle(true)) {
                drain.tell("it was not finished", "what was left then was counted as left");
            }
        }
    }

    // ---- on the guard's thread

    private void guardAndClose() {
        awaitCloseRequest();
        boolean drained = tryDrain();
        drained = drained || tryDrain();
        boolean settled = trySettle();
        long parkNanos = LEAST_PARK_NANOS;
        while (!(drained && settled && tryDiscardLate())) {
            boolean unused = Thread.interrupted(); // by a disposer: with it set, nothing parks
            LockSupport.parkNanos(this, parkNanos);
            parkNanos = Math.min(2 * parkNanos, MOST_PARK_NANOS);
            drained = drained || tryDrain();
            settled = settled || trySettle();
        }
    }

    private void awaitCloseRequest() {
        try {
            boolean called = false;
            while (!called) {
                called = guard.await(this::awaitClosing, System.nanoTime() + FOREVER_NANOS);
            }
        } catch (Throwable error) {
            stopFor(error);
        }
    }

    private boolean tryDrain() {
        try {
            drain.run(guard, deadlineNanos, endNanos);
            return true;
        } catch (Throwable error) {
            stopFor(error);
        }
        try {
            drain.stop();
        } catch (Throwable again) {
            // then the next time
        }
        return false;
    }

    private boolean trySettle() {
        try {
            settle(false);
            return true;
        } catch (Throwable error) {
            stopFor(error);
            return false;
        }
    }

    private boolean tryDiscardLate() {
        try {
            return drain.discardLate();
        } catch (Throwable again) {
            return false;
        }
    }

    /** Stops the engine for an error on this thread; tells of the first. */
    private void stopFor(Throwable error) {
        boolean first = failure == null;
        fail(error);
        try {
            if (first) {
                reporter.report(Stage.ENGINE, error);
            }
        } catch (Throwable again) {
            // failure() tells it
        }
    }

    private boolean awaitClosing(long untilNanos) {
        try {
            return closing.await(untilNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException spurious) {
            return false; // nothing but closing ends this thread
        }
    }

    /** Makes the ledger final; false if it is already. Can be called again after an error. */
    private synchronized boolean settle(boolean guardLeft) {
        if (finalLedger != null) {
            return false;
        }
        try {
            finalLedger = drain.finalLedger(guardLeft);
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
