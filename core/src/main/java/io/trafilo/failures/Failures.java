package io.trafilo.failures;

import io.trafilo.Counter;
import io.trafilo.EngineFailedException;
import io.trafilo.ErrorListener;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.Key;
import io.trafilo.ledger.CounterRow;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Decides what an error means for the engine, and reports it to the application. Thread-safe. */
public final class Failures {
    /*
     *  error                                                   the engine    reported
     *  a callback threw                           report       goes on       now, on the thread of the callback
     *  the engine itself failed on a worker       reportOwn    goes on (1)   now
     *  the same on the guard                      ownLater     goes on (1)   later, on the reporter's thread
     *  a listener or a buffer failed              later        goes on       later
     *
     *  (1) unless it is one of more than 16 within 10 s.
     *
     * A VirtualMachineError other than StackOverflowError stops the engine in each case. It does so before the report, since the
     * error listener may hang.
     */
    private final ErrorListener listener;
    private final CounterRow shared;
    private final Consumer<Throwable> engine;
    private final Executor reporter;
    private final LongPredicate budget = new FailureBudget()::tryTake;

    /**
     * @param shared a row for several writers
     * @param engine stops the engine for an error; needs no memory
     * @param reporter makes calls that nobody waits for
     */
    public Failures(ErrorListener listener, CounterRow shared, Consumer<Throwable> engine, Executor reporter) {
        this.listener = listener;
        this.shared = shared;
        this.engine = engine;
        this.reporter = reporter;
    }

    /** Whether an error stops the engine wherever it is thrown. */
    public static boolean isFatal(Throwable error) {
        return error instanceof VirtualMachineError && !(error instanceof StackOverflowError);
    }

    // ---- decisions

    /** Decides on an error of the engine itself, once for each; false if it stops the engine, which has happened then. */
    public boolean outlives(Throwable error) {
        if (isFatal(error) || !budget.test(System.nanoTime())) {
            stop(error);
            return false;
        }
        return true;
    }

    /** Stops the engine. Needs no memory. */
    public void stop(Throwable error) {
        engine.accept(error);
    }

    private void stopIfFatal(Throwable error) {
        if (isFatal(error)) {
            stop(error);
        }
    }

    // ---- reports

    /** Reports an error of a callback, on this thread. */
    public void report(Stage stage, @Nullable Key key, Throwable error) {
        stopIfFatal(error);
        tell(stage, key, error);
    }

    /** Decides on an error of the engine itself and reports it, on this thread; false if it stops the engine. */
    public boolean reportOwn(Throwable error) {
        boolean outlived = outlives(error);
        reportDecided(error, outlived);
        return outlived;
    }

    /** Reports an error on which {@link #outlives} has decided, on this thread. */
    public void reportDecided(Throwable error, boolean outlived) {
        tell(Stage.ENGINE, null, outlived ? error : asStopped(error));
    }

    /** Decides on an error of the engine itself and reports it soon. For threads that the error listener must not hold up. */
    public void ownLater(Throwable error) {
        boolean outlived = outlives(error);
        submit(Stage.ENGINE, outlived ? error : asStopped(error));
    }

    /** Reports an error soon, on another thread. A fatal one stops the engine now, and so does the lack of memory for this. */
    public void later(Stage stage, Throwable error) {
        stopIfFatal(error);
        submit(stage, error);
    }

    private void submit(Stage stage, Throwable error) {
        try {
            reporter.execute(() -> tell(stage, null, error));
        } catch (OutOfMemoryError noMemory) {
            stop(noMemory);
        }
    }

    /** Makes a call to a listener of the application soon, on another thread. */
    public void callLater(Runnable call) {
        reporter.execute(() -> {
            try {
                call.run();
            } catch (Throwable failure) {
                countFailed(failure);
            }
        });
    }

    /** How an error that stops the engine is reported: as itself if it says so, else with a statement that it does. */
    public static Throwable asStopped(Throwable error) {
        return isFatal(error) || error instanceof EngineFailedException
                ? error
                : new EngineFailedException("engine stopped: " + error, error);
    }

    private void tell(Stage stage, @Nullable Key key, Throwable error) {
        try {
            listener.onError(stage, key, error);
        } catch (Throwable failure) {
            countFailed(failure);
        }
    }

    private void countFailed(Throwable failure) {
        shared.addShared(Counter.ERROR_LISTENER_FAILED, 1);
        stopIfFatal(failure);
    }
}
