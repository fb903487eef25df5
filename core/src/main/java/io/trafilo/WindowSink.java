package io.trafilo;

import org.jspecify.annotations.Nullable;

/**
 * Receives the sliding window of a key, every slide interval while the key has events in it.
 *
 * <p>Threading: a worker, or a listener's thread that runs to completion, calls it under the key's lock, never concurrently with the {@link EventHandler} of the same key.
 *
 * <p>Failure: an exception goes to the {@link ErrorListener} and the window counts as {@code sinkFailed}. The next emission
 * follows a slide later as usual.
 *
 * @param <S> the type of the state
 */
@FunctionalInterface
public interface WindowSink<S extends @Nullable Object> {
    /**
     * Receives one window.
     *
     * @param window the window, valid during this call only; {@link WindowView#toResult} makes a copy to keep
     * @param state the state of the window's key; null if the engine has no {@link StateFactory}
     */
    void onWindow(WindowView window, S state);
}
