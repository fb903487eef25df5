package io.trafilo;

import org.jspecify.annotations.Nullable;

/**
 * Disposes of the state of a key that the engine forgets, because the key was idle or because the engine closes.
 *
 * <p>Threading: called once per state under its shard's lock, on a worker, on a listener's thread that runs to
 * completion, or on the engine's guard thread while it closes.
 *
 * <p>Failure: an exception goes to the {@link ErrorListener} and counts as {@code disposerFailed}. The key is forgotten all
 * the same.
 *
 * @param <S> the type of the state
 */
@FunctionalInterface
public interface StateDisposer<S extends @Nullable Object> {
    /**
     * Disposes of a state.
     *
     * @param key the key that is forgotten
     * @param state its state
     */
    void dispose(Key key, S state);
}
