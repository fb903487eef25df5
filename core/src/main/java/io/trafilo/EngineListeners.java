package io.trafilo;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.dispatch.EngineThread;
import io.trafilo.dispatch.Guard;
import io.trafilo.dispatch.ListenerIntake;
import io.trafilo.dispatch.Reporter;
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
    private final Object engine;
    private final String threadPrefix;
    private final Reporter reporter;
    private final Map<ListenerIntake<?>, ListenerHandle> handles = new HashMap<>(); // guarded by this
    private final Set<ListenerHandle> asked = new HashSet<>(); // to close; guarded by this
    private final List<EngineThread> closers = new ArrayList<>(); // of the guard's thread

    /** Why a listener could not even be asked to close. */
    private volatile @Nullable Throwable notAsked;

    /** {@code engine} is whose threads these are to be known for. */
    EngineListeners(Object engine, String threadPrefix, Reporter reporter) {
        this.engine = engine;
        this.threadPrefix = threadPrefix;
        this.reporter = reporter;
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
     * Closes all listeners, each on a thread of its own: they are given until the deadline to publish what they have read,
     * and until the last one to come to their end. Gives whether they have. Each is asked once, however often this is called;
     * if one could not be asked, this throws what was in the way, and is to be called again. For the guard's thread.
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
                EngineThread thread = new EngineThread(engine, threadPrefix + closers.size(), close);
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
            reporter.report(Stage.LISTENER, error);
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
