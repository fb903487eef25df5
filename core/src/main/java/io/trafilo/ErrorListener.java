package io.trafilo;

import io.trafilo.engine.LoggingErrorListener;
import org.jspecify.annotations.Nullable;

/**
 * Receives errors.
 *
 * <p>Threading: errors of callbacks, and of the engine itself on a worker, are reported on the failing thread, often under a
 * shard lock; all others on the reporter thread, which {@link Trafilo#close} does not wait for. Calls may be concurrent, so a listener must be thread-safe. It
 * should be quick.
 *
 * <p>Failure: an exception from the listener is counted as {@link Counter#ERROR_LISTENER_FAILED} and dropped. Reports are also
 * dropped and counted while 256 others are queued. An error that stops the engine does so before it is reported, so the reporting thread may
 * be interrupted.
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
         * The engine itself failed, could not replace a stuck worker, or missed the deadline of its close. Only at this
         * stage does an {@link EngineFailedException} mean that the engine has stopped.
         */
        ENGINE
    }

    /**
     * Receives one error.
     *
     * @param stage where it happened
     * @param key the key involved, or null if there is none
     * @param error what was thrown. The engine has stopped if this is a {@link VirtualMachineError} other than
     *     {@link StackOverflowError}, or, at the stage {@code ENGINE}, an {@link EngineFailedException}
     */
    void onError(Stage stage, @Nullable Key key, Throwable error);

    /**
     * Logs to the {@link System.Logger} named {@code io.trafilo}: errors that stop the engine at level {@code ERROR}, others
     * as warnings. Each stage logs at most one warning per second, with the number of those left out.
     *
     * @return a new listener
     */
    static ErrorListener logging() {
        return new LoggingErrorListener();
    }
}
