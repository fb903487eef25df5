package io.trafilo;

import org.jspecify.annotations.Nullable;

/**
 * Applies an event to the state of its key.
 *
 * <p>Threading: a worker, or a listener's thread that runs to completion, calls it under the key's lock. Calls for one key are never concurrent, so the state needs no lock.
 * Other keys of the same shard wait meanwhile: a handler that blocks holds them up.
 *
 * <p>Failure: an exception goes to the {@link ErrorListener} and the event counts as {@code handlerFailed}. The window
 * counts the event all the same.
 *
 * @param <S> the type of the state
 */
@FunctionalInterface
public interface EventHandler<S extends @Nullable Object> {
    /**
     * Handles one event.
     *
     * @param event the event, valid during this call only
     * @param state the state of the event's key; null if the engine has no {@link StateFactory}
     */
    void onEvent(EventView event, S state);
}
