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
     *  error                                   method                    the engine    reported
     *  a callback threw                        report                    goes on       now, on the callback's thread
     *  the engine itself failed on a worker    outlives, reportDecided   goes on (1)   now
     *  the same on a listener's thread         reportOwn                 goes on (1)   now
     *  the same on the guard                   reportOwnLater            goes on (1)   later, on the reporter thread
     *  a listener or a buffer failed           reportLater               goes on       later
     *
     *  (1) unless it is one of more than 16 within 10 s.
     *
     * In every case a VirtualMachineError other than StackOverflowError stops the engine. It does so before the report,
     * since the error listener may hang.
     */
    private final ErrorListener listener;
    private final CounterRow shared;
    private final Consumer<Throwable> engineStop;
    private final Executor reporter;
    private final LongPredicate budget = new FailureBudget()::tryTake;

    /**
     * @param shared a row for several writers
     * @param engineStop stops the engine for an error; needs no memory
     * @param reporter runs calls that nobody waits for
     */
    public Failures(ErrorListener listener, CounterRow shared, Consumer<Throwable> engineStop, Executor reporter) {
        this.listener = listener;
        this.shared = shared;
        this.engineStop = engineStop;
        this.reporter = reporter;
    }

    /** Whether an error stops the engine wherever it is thrown. */
    public static boolean isFatal(Throwable error) {
        return error instanceof VirtualMachineError && !(error instanceof StackOverflowError);
    }

    // ---- decisions

    /** Decides on an error of the engine itself, once for each error; false if the engine has been stopped for it. */
    public boolean outlives(Throwable error) {
        if (isFatal(error) || !budget.test(System.nanoTime())) {
            stop(error);
            return false;
        }
        return true;
    }

    /** Stops the engine. Needs no memory. */
    public void stop(Throwable error) {
        engineStop.accept(error);
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
        callListener(stage, key, error);
    }

    /**
     * Decides on an error of the engine itself and reports it on this thread; false if the engine has been stopped for it.
     */
    public boolean reportOwn(Throwable error) {
        boolean outlived = outlives(error);
        reportDecided(error, outlived);
        return outlived;
    }

    /** Reports an error, on which {@link #outlives} has decided, on this thread. */
    public void reportDecided(Throwable error, boolean outlived) {
        callListener(Stage.ENGINE, null, outlived ? error : asStopped(error));
    }

    /**
     * Decides on an error of the engine itself and reports it on the reporter thread. For threads that the error listener
     * must not hold up.
     */
    public void reportOwnLater(Throwable error) {
        boolean outlived = outlives(error);
        submit(Stage.ENGINE, outlived ? error : asStopped(error));
    }

    /**
     * Reports an error on the reporter thread. Stops the engine first if the error is fatal, and also if memory for the
     * report is lacking.
     */
    public void reportLater(Stage stage, Throwable error) {
        stopIfFatal(error);
        submit(stage, error);
    }

    private void submit(Stage stage, Throwable error) {
        callLater(() -> listener.onError(stage, null, error));
    }

    /** Calls a listener of the application on the reporter thread. Stops the engine if memory for the call is lacking. */
    public void callLater(Runnable call) {
        try {
            reporter.execute(() -> {
                try {
                    call.run();
                } catch (Throwable failure) {
                    countFailed(failure);
                }
            });
        } catch (OutOfMemoryError noMemory) {
            stop(noMemory);
        }
    }

    /**
     * What to report for an error that stops the engine: the error itself if it implies that, or else an exception that says
     * so.
     */
    public static Throwable asStopped(Throwable error) {
        return isFatal(error) || error instanceof EngineFailedException
                ? error
                : new EngineFailedException("engine stopped: " + error, error);
    }

    private void callListener(Stage stage, @Nullable Key key, Throwable error) {
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
