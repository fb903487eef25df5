package io.trafilo;

import io.trafilo.engine.LoggingErrorListener;
import org.jspecify.annotations.Nullable;

/**
 * Receives errors.
 *
 * <p>Threading: callback errors are reported on the failing thread, often under a shard lock; all others on the reporter
 * thread, which {@link Trafilo#close} does not wait for. Calls can be concurrent, so it must be thread-safe, and it should be
 * quick.
 *
 * <p>Failure: what it throws is counted as {@link Counter#ERROR_LISTENER_FAILED} and dropped. So is a report for which 256
 * others wait. An error that stops the engine does so before it is reported, so the thread may be interrupted.
 */
@FunctionalInterface
public interface ErrorListener {
    /** Where an error happened. */
    enum Stage {
        /** An {@link EventParser} threw, or a listener's buffer could not be read or released. */
        PARSER,
        /** A {@link StateFactory} threw or returned null. */
        STATE_FACTORY,
        /** An {@link EventHandler} threw. */
        HANDLER,
        /** A {@link WindowSink} threw. */
        SINK,
        /** A {@link StateDisposer} threw. */
        DISPOSER,
        /** A listener failed, or could not be closed. */
        LISTENER,
        /**
         * The engine itself failed, found no substitute for a stuck worker, or reached the deadline of its close. It goes on
         * unless the error is an {@link EngineFailedException}.
         */
        ENGINE
    }

    /**
     * Takes one error.
     *
     * @param stage where it happened
     * @param key the key it is about, or null if it has none
     * @param error what was thrown. A {@link VirtualMachineError} other than {@link StackOverflowError} has stopped the engine,
     *     and so has what an {@link EngineFailedException} wraps
     */
    void onError(Stage stage, @Nullable Key key, Throwable error);

    /**
     * Logs to the {@link System.Logger} named {@code io.trafilo}: an error that stops the engine at level {@code ERROR}, others
     * as warnings, at most one entry a second for each stage, with the number of entries left out.
     *
     * @return a new listener
     */
    static ErrorListener logging() {
        return new LoggingErrorListener();
    }
}
