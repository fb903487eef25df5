package io.trafilo;

import org.jspecify.annotations.Nullable;

/**
 * Receives the sliding window of a key, every slide interval while the key has events in it.
 *
 * <p>Threading: called by a worker under the key's lock, never concurrently with the {@link EventHandler} of the same key.
 *
 * <p>Failure: what it throws goes to the {@link ErrorListener} and counts as {@code sinkFailed}; the next emission comes a
 * slide later as usual.
 *
 * @param <S> the type of the state
 */
@FunctionalInterface
public interface WindowSink<S extends @Nullable Object> {
    /**
     * Takes one window.
     *
     * @param window the window, valid during this call only; {@link WindowView#toResult} makes a copy to keep
     * @param state the state of the window's key; null if the engine has no {@link StateFactory}
     */
    void onWindow(WindowView window, S state);
}
