package io.trafilo;

import org.jspecify.annotations.Nullable;

/**
 * Applies an event to the state of its key.
 *
 * <p>Threading: called by a worker under the key's lock, so never concurrently for one key, and the state needs no lock of
 * its own. Other keys of the same shard wait meanwhile: a handler that blocks holds them up.
 *
 * <p>Failure: what it throws goes to the {@link ErrorListener} and counts as {@code handlerFailed}; the window counts the
 * event all the same.
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
