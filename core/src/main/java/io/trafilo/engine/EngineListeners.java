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

/** The listeners of an engine, each with its intakes, and how they are closed. Thread-safe. */
final class EngineListeners {
    private final EngineThreads threads;
    private final String threadPrefix;
    private final Failures failures;
    private final Map<ListenerIntake<?>, ListenerHandle> handles = new HashMap<>(); // guarded by this
    private final Set<ListenerHandle> asked = new HashSet<>(); // to close; guarded by this
    private final List<EngineThread> closers = new ArrayList<>(); // of the guard's thread

    /** Why a listener could not even be asked to close. */
    private volatile @Nullable Throwable notAsked;

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
     * Closes all listeners, each on a thread of its own. They have until {@code deadlineNanos} to publish what they have read,
     * and until {@code lastNanos} to end. Each is asked once, however often this is called; if one could not be asked, this
     * throws the reason and must be called again. For the guard's thread.
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
        requireAllAsked();
        return ended;
    }

    private void requireAllAsked() {
        Throwable error = notAsked;
        notAsked = null;
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
            distinct.removeAll(asked);
        }
        for (ListenerHandle handle : distinct) {
            try {
                Runnable close = () -> close(handle, deadlineNanos);
                EngineThread thread = threads.newThread(threadPrefix + closers.size(), close);
                thread.setDaemon(true);
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
                if (!asked.add(handle)) {
                    return;
                }
            }
        } catch (Throwable error) { // this thread ends, as one does that has closed its listener
            notAsked = error;
            return;
        }
        try {
            handle.close(timeout);
        } catch (Throwable error) {
            failures.later(Stage.LISTENER, error);
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
