package io.trafilo;

import org.jspecify.annotations.Nullable;

/**
 * Takes leave of the state of a key that the engine forgets: because it was idle, or because the engine closes.
 *
 * <p>Called once per state under the lock of its shard, by a worker or by the thread that closes the engine. What it throws
 * goes to the {@link ErrorListener} and is counted; the key is forgotten all the same.
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
