package io.trafilo.failures;

import io.trafilo.Counter;
import io.trafilo.ledger.CounterRow;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Calls the application's listeners, which may hang, one after the other. Its thread lives only while there are calls to
 * make. Only later calls wait for them. Thread-safe.
 */
public final class Reporter implements Executor {
    private static final int MAX_WAITING = 256;

    private final EngineThreads threads;
    private final String threadName;
    private final CounterRow shared;
    private final Queue<Runnable> waiting = new ArrayDeque<>(MAX_WAITING); // guarded by this
    private boolean running; // guarded by this

    /** {@code shared} is a row for several writers. */
    public Reporter(EngineThreads threads, String threadName, CounterRow shared) {
        this.threads = threads;
        this.threadName = threadName;
        this.shared = shared;
    }

    /** Schedules a call. Counts it as failed if too many others wait or no thread can be created. Never blocks. */
    @Override
    public void execute(Runnable call) {
        synchronized (this) {
            if (waiting.size() == MAX_WAITING) {
                shared.addShared(Counter.ERROR_LISTENER_FAILED, 1);
                return;
            }
            waiting.add(call);
            if (!running) {
                start();
            }
        }
    }

    private void start() {
        try {
            Thread thread = threads.newThread(threadName, this::makeCalls);
            thread.start();
            running = true;
        } catch (OutOfMemoryError noThread) {
            shared.addShared(Counter.ERROR_LISTENER_FAILED, waiting.size());
            waiting.clear();
        }
    }

    private void makeCalls() {
        for (Runnable call = next(); call != null; call = next()) {
            try {
                call.run();
            } catch (Throwable unexpected) { // later calls still have to be made
                shared.addShared(Counter.ERROR_LISTENER_FAILED, 1);
            }
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable call = waiting.poll();
        running = call != null;
        return call;
    }
}
