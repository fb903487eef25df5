package io.trafilo.engine;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.dispatch.ListenerIntake;
import io.trafilo.failures.EngineThreads;
import io.trafilo.failures.EngineThreads.EngineThread;
import io.trafilo.failures.Failures;
import io.trafilo.failures.Guard;
import io.trafilo.spi.ListenerHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The listeners of an engine with their intakes, and how they are closed. Thread-safe. */
final class EngineListeners {
    private final EngineThreads threads;
    private final String threadPrefix;
    private final Failures failures;
    private final Map<ListenerIntake<?>, ListenerHandle> handles = new HashMap<>(); // guarded by this
    private final Set<ListenerHandle> requested = new HashSet<>(); // to close; guarded by this
    private final List<EngineThread> closers = new ArrayList<>(); // of the guard's thread

    /** Why the last request to close a listener failed. */
    private volatile @Nullable Throwable requestFailure;

    EngineListeners(EngineThreads threads, String threadPrefix, Failures failures) {
        this.threads = threads;
        this.threadPrefix = threadPrefix;
        this.failures = failures;
    }

    synchronized void attach(ListenerIntake<?> intake, ListenerHandle handle) {
        handles.put(intake, handle);
    }

    synchronized void detach(ListenerIntake<?> intake) {
        handles.remove(intake);
    }

    synchronized boolean isEmpty() {
        return handles.isEmpty();
    }

    /** Whether callbacks may run on a listener's own thread. */
    synchronized boolean anyRunsToCompletion() {
        return handles.keySet().stream().anyMatch(ListenerIntake::runsToCompletion);
    }

    synchronized void cutOff() {
        handles.keySet().forEach(ListenerIntake::cutOff);
    }

    /**
     * Closes all listeners, each on its own thread. They have until {@code deadlineNanos} to publish what they have read,
     * and until {@code lastNanos} to end. However often this is called, each listener is asked to close once. If a request
     * fails, this throws the reason and must be called again. For the guard's thread.
     *
     * @return whether all have ended
     */
    boolean close(Guard guard, long deadlineNanos, long lastNanos) {
        startClosing(deadlineNanos);
        boolean ended = guard.await(this::awaitClosers, deadlineNanos);
        cutOff();
        if (!ended) {
            ended = awaitClosers(lastNanos);
            closers.forEach(Thread::interrupt);
        }
        requireAllRequested();
        return ended;
    }

    private void requireAllRequested() {
        Throwable error = requestFailure;
        requestFailure = null;
        if (error instanceof Error fatal) {
            throw fatal;
        } else if (error != null) {
            throw new IllegalStateException("a listener could not be asked to close", error);
        }
    }

    private void startClosing(long deadlineNanos) {
        Set<ListenerHandle> distinct;
        synchronized (this) {
            distinct = new LinkedHashSet<>(handles.values());
            distinct.removeAll(requested);
        }
        for (ListenerHandle handle : distinct) {
            try {
                Runnable close = () -> close(handle, deadlineNanos);
                EngineThread thread = threads.newThread(threadPrefix + closers.size(), close);
                closers.add(thread);
                thread.start();
            } catch (OutOfMemoryError noThread) {
                close(handle, deadlineNanos);
            }
        }
    }

    private void close(ListenerHandle handle, long deadlineNanos) {
        Duration timeout;
        try {
            timeout = Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
            synchronized (this) {
                if (!requested.add(handle)) {
                    return;
                }
            }
        } catch (Throwable error) { // the thread ends as if the listener had closed; requireAllRequested() throws
            requestFailure = error;
            return;
        }
        try {
            handle.close(timeout);
        } catch (Throwable error) {
            failures.reportLater(Stage.LISTENER, error);
        }
    }

    private boolean awaitClosers(long deadlineNanos) {
        boolean ended = true;
        for (EngineThread thread : closers) {
            ended &= thread.awaitEnd(deadlineNanos);
        }
        return ended;
    }
}
