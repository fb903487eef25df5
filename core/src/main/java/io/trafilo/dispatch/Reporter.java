package io.trafilo.dispatch;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.ledger.Counter;
import io.trafilo.ledger.CounterRow;
import io.trafilo.state.ErrorReporter;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls that may hang, those of a listener of the application, one after the other on a thread that lives as long as
 * there are any: so nobody but later calls waits for them. Thread-safe. Not final, so that a simulation of one thread can make
 * them at once.
 */
public class Reporter {
    private static final int MAX_WAITING = 256;

    private final Object engine;
    private final String threadName;
    private final CounterRow shared;
    private final ErrorReporter errors;
    private final Queue<Runnable> waiting = new ArrayDeque<>(MAX_WAITING); // guarded by this
    private boolean running; // guarded by this

    /** {@code shared} is a row for several writers. */
    public Reporter(Object engine, String threadName, CounterRow shared, ErrorReporter errors) {
        this.engine = engine;
        this.threadName = threadName;
        this.shared = shared;
        this.errors = errors;
    }

    /**
     * Tells of an error soon, and does not wait for it. A fatal one stops the engine here and now, and so does the lack of memory
     * for the call.
     */
    public final void report(Stage stage, Throwable error) {
        if (ErrorReporter.isFatal(error)) {
            errors.stop(error);
        }
        try {
            submit(() -> errors.report(stage, null, error));
        } catch (OutOfMemoryError noMemory) {
            errors.stop(noMemory);
        }
    }

    /** Makes a call soon, and does not wait for it; or counts it as failed, if there are too many or no thread can be had. */
    public void submit(Runnable call) {
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
            EngineThread thread = new EngineThread(engine, threadName, this::makeCalls);
            thread.setDaemon(true);
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
            } catch (Throwable unexpected) { // the next ones are to be made all the same
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
