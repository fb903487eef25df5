package io.trafilo;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.dispatch.EngineThread;
import io.trafilo.dispatch.Guard;
import io.trafilo.dispatch.ListenerIntake;
import io.trafilo.dispatch.Reporter;
import io.trafilo.dispatch.WorkerPool;
import io.trafilo.spi.ListenerHandle;
import io.trafilo.state.ErrorReporter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
     */
    private enum State {
        NEW,
        RUNNING,
        CLOSING,
        CLOSED
    }

    private static final long FOREVER_NANOS = Long.MAX_VALUE / 2;

    private final String name;
    private final Duration closeTimeout;
    private final Object engine;
    private final WorkerPool<?> pool;
    private final EngineListeners listeners;
    private final EngineDrain drain;
    private final ErrorReporter errors;
    private final Reporter reporter;
    private final Guard guard;
    private final EngineThread guardThread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    private volatile State state = State.NEW; // written under this
    private volatile @Nullable Throwable failure; // written under this
    private volatile @Nullable Ledger finalLedger; // written under this

    /** On the scale of {@link System#nanoTime}. Set before closing begins. */
    private volatile long deadlineNanos;

    EngineLifecycle(
            String name,
            Duration closeTimeout,
            Object engine,
            WorkerPool<?> pool,
            EngineListeners listeners,
            EngineDrain drain,
            ErrorReporter errors,
            Reporter reporter,
            Guard guard) {
        this.name = name;
        this.closeTimeout = closeTimeout;
        this.engine = engine;
        this.pool = pool;
        this.listeners = listeners;
        this.drain = drain;
        this.errors = errors;
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
        Thread hook = new Thread(this::close, name + "-shutdown-hook");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            startIfNew();
            closing.await();
            awaitClosed();
        } finally {
            removeHook(hook);
        }
        return failure();
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException jvmIsEnding) {
            // then it is the hook that closed the engine
        }
    }

    synchronized void requestClose() {
        if (state == State.NEW) {
            settle(false);
            closing.countDown();
        } else if (state == State.RUNNING) {
            deadlineNanos = System.nanoTime() + (failure == null ? closeTimeout.toNanos() : 0);
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

    /** Waits for the end of a close that has begun; if the guard hangs in it, this is the end. */
    private void awaitClosed() throws InterruptedException {
        long leftNanos = deadlineNanos + EngineDrain.LAST_NANOS - System.nanoTime();
        if (!closed.await(leftNanos, TimeUnit.NANOSECONDS)) {
            drain.stop();
            if (settle(true)) {
                Throwable lateness = drain.lateness(
                        "a disposer, a listener or the error listener did not return",
                        "what it held was counted as left");
                reporter.submit(() -> errors.report(Stage.ENGINE, null, lateness));
            }
        }
    }

    // ---- on the guard's thread

    private void guardAndClose() {
        boolean called = false;
        while (!called) {
            called = guard.await(this::awaitClosing, System.nanoTime() + FOREVER_NANOS);
        }
        try {
            drain.run(guard, deadlineNanos);
        } catch (Throwable error) {
            errors.fail(error);
        } finally {
            settle(false);
        }
    }

    private boolean awaitClosing(long untilNanos) {
        try {
            return closing.await(untilNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException spurious) {
            return false; // nothing but closing ends this thread
        }
    }

    /** Makes the ledger final; false if it is already. */
    private synchronized boolean settle(boolean guardLeft) {
        if (state == State.CLOSED) {
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
