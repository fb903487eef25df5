package io.trafilo;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.dispatch.EngineThread;
import io.trafilo.dispatch.ListenerIntake;
import io.trafilo.dispatch.MessageRing;
import io.trafilo.dispatch.WorkerPool;
import io.trafilo.ledger.LedgerBook;
import io.trafilo.ledger.LossHistory;
import io.trafilo.spi.ListenerHandle;
import io.trafilo.state.ErrorReporter;
import io.trafilo.state.ShardAccess;
import io.trafilo.state.Shards;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The beginning and the end of an engine. Thread-safe. */
final class EngineLifecycle {
    /*
     * NEW -> RUNNING -> CLOSING -> CLOSED, or NEW -> CLOSED.
     *
     * Whoever asks for the close, a callback and a failing worker included, only changes the state and wakes a thread that
     * was started with the engine and does the work; so closing never waits for the one who asked, and needs no new thread
     * when memory has run out.
     */
    private enum State {
        NEW,
        RUNNING,
        CLOSING,
        CLOSED
    }

    /** What blocked callbacks get after an interrupt, and a publisher between claim and publication. */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** What a listener gets beyond the deadline, at which it stops publishing, to come to its end. */
    private static final long LISTENER_GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** What the end of a close gets beyond the deadline before nobody waits for it any more: only a disposer can hang in it. */
    private static final long LAST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String name;
    private final Duration closeTimeout;
    private final Object engine;
    private final MessageRing ring;
    private final WorkerPool<?> pool;
    private final Shards<?> shards;
    private final ErrorReporter errors;
    private final LossHistory losses;
    private final LedgerBook book;
    private final EngineThread closer;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<ListenerIntake<?>, ListenerHandle> listeners = new HashMap<>(); // guarded by this

    private volatile State state = State.NEW; // written under this
    private volatile @Nullable Throwable failure; // written under this
    private volatile @Nullable Ledger finalLedger;

    EngineLifecycle(
            String name,
            Duration closeTimeout,
            Object engine,
            MessageRing ring,
            WorkerPool<?> pool,
            Shards<?> shards,
            ErrorReporter errors,
            LossHistory losses,
            LedgerBook book) {
        this.name = name;
        this.closeTimeout = closeTimeout;
        this.engine = engine;
        this.ring = ring;
        this.pool = pool;
        this.shards = shards;
        this.errors = errors;
        this.losses = losses;
        this.book = book;
        this.closer = new EngineThread(engine, name + "-closer", this::awaitAndClose);
        closer.setDaemon(true);
    }

    synchronized void start() {
        if (state != State.NEW) {
            throw new IllegalStateException("engine: start when " + state + " (expected: NEW)");
        }
        closer.start();
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
        listeners.put(intake, handle);
    }

    synchronized void detach(ListenerIntake<?> intake) {
        listeners.remove(intake);
    }

    Optional<Throwable> run() throws InterruptedException {
        Thread hook = new Thread(this::close, name + "-shutdown-hook");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            startIfNew();
            closing.await();
            closed.await(closeTimeout.toNanos() + LAST_WAIT_NANOS, TimeUnit.NANOSECONDS);
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
            end();
            closing.countDown();
        } else if (state == State.RUNNING) {
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
        long deadlineNanos = System.nanoTime() + closeTimeout.toNanos() + LAST_WAIT_NANOS;
        while (true) {
            try {
                closed.await(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- on the closer's thread

    private void awaitAndClose() {
        while (true) {
            try {
                closing.await();
                break;
            } catch (InterruptedException spurious) {
                // nothing but closing ends this thread
            }
        }
        try {
            drain();
        } catch (Throwable error) {
            errors.fail(error);
        } finally {
            end();
        }
    }

    private void end() {
        try {
            boolean listenersLeft;
            boolean workersLeft = !pool.ended();
            synchronized (this) {
                listenersLeft = !listeners.isEmpty();
                workersLeft |= listeners.keySet().stream().anyMatch(ListenerIntake::runsToCompletion);
            }
            long[] sums = book.finalSums(listenersLeft, workersLeft);
            finalLedger =
                    workersLeft ? Ledger.ofMoving(sums) : new Ledger(sums, shards.liveTimestamps(), shards.liveKeys());
        } finally {
            state = State.CLOSED;
            closed.countDown();
        }
    }

    private void drain() {
        long timeoutNanos = failure == null ? closeTimeout.toNanos() : 0;
        long deadlineNanos = System.nanoTime() + timeoutNanos;
        ring.refuseMessagesByHand();
        closeListeners(deadlineNanos);
        ring.seal();
        pool.halt();
        boolean ended = pool.awaitEnd(deadlineNanos);
        if (!ended) {
            pool.abandon();
            long graceNanos = System.nanoTime() + GRACE_NANOS;
            pool.discardRest(graceNanos);
            ended = pool.awaitEnd(graceNanos);
        }
        pool.discardRest(System.nanoTime() + GRACE_NANOS); // of workers that failed
        boolean disposed = shards.disposeAll(new ShardAccess(book.openRow(), errors, losses), deadlineNanos);
        if (!ended || !disposed) {
            reportLateness("a callback did not return within ", "what it held was counted as abandoned");
        }
    }

    private void closeListeners(long deadlineNanos) {
        Set<ListenerHandle> handles;
        synchronized (this) {
            handles = new LinkedHashSet<>(listeners.values());
        }
        List<EngineThread> threads = new ArrayList<>();
        for (ListenerHandle handle : handles) {
            Runnable close = () -> closeListener(handle, deadlineNanos);
            EngineThread thread = new EngineThread(engine, closer.getName() + "-" + threads.size(), close);
            thread.setDaemon(true);
            try {
                thread.start();
                threads.add(thread);
            } catch (OutOfMemoryError noThread) {
                close.run();
            }
        }
        boolean ended = true;
        for (EngineThread thread : threads) {
            ended &= thread.awaitEnd(deadlineNanos + LISTENER_GRACE_NANOS);
        }
        if (!ended) {
            threads.forEach(Thread::interrupt);
            reportLateness("a listener did not close within ", "what it had not published was counted as discarded");
        }
        synchronized (this) {
            listeners.keySet().forEach(ListenerIntake::cutOff);
        }
    }

    private void closeListener(ListenerHandle handle, long deadlineNanos) {
        try {
            handle.close(Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime())));
        } catch (Throwable error) {
            errors.report(Stage.LISTENER, null, error);
        }
    }

    private void reportLateness(String what, String consequence) {
        String message = "close: " + what + Checks.text(closeTimeout) + "; " + consequence;
        errors.report(Stage.ENGINE, null, new IllegalStateException(message));
    }

    @Override
    public String toString() {
        return state + (failure == null ? "" : " after " + failure);
    }
}
