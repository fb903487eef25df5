package io.trafilo;

import org.jspecify.annotations.Nullable;

/**
 * Hears of what went wrong inside the engine.
 *
 * <p>Called by the thread on which a callback failed, often under the lock of a shard; for other errors by a worker that has
 * nothing else in hand, or by a thread that does nothing else, whose end the close does not wait for. Concurrent calls are
 * possible, so it must be thread-safe and quick. What it throws itself is counted as {@code errorListenerFailed} and goes no
 * further; so is each error for whose call 256 others wait. An error that must stop the engine does so before this is called,
 * so the thread may be interrupted then.
 */
@FunctionalInterface
public interface ErrorListener {
    /** Where something went wrong. */
    enum Stage {
        /** A {@link EventParser} threw, or a foreign buffer could not be read or released. */
        PARSER,
        /** A {@link StateFactory} threw or gave null. */
        STATE_FACTORY,
        /** A {@link EventHandler} threw. */
        HANDLER,
        /** A {@link WindowSink} threw. */
        SINK,
        /** A {@link StateDisposer} threw. */
        DISPOSER,
        /** A listener failed, or could not be closed. */
        LISTENER,
        /**
         * The engine met an error of its own, which it has outlived unless {@link Trafilo#failure} says otherwise; or it has
         * no substitute for a worker that hangs; or its close came to the deadline.
         */
        ENGINE
    }

    /**
     * Takes one error.
     *
     * @param stage where it happened
     * @param key the key that was being worked on, or null if there was none yet
     * @param error what was thrown
     */
    void onError(Stage stage, @Nullable Key key, Throwable error);

    /**
     * Logs to the {@link System.Logger} named {@code io.trafilo}: at most one entry a second for each stage, with the number
     * of those left out since.
     *
     * @return a new listener
     */
    static ErrorListener logging() {
        return new LoggingErrorListener();
    }
}
