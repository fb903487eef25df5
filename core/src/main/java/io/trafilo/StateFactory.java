package io.trafilo;

/**
 * Creates the state of a new key.
 *
 * <p>Threading: a worker, or a listener's thread that runs to completion, calls it once for each new key, under the lock of that key's shard.
 *
 * <p>Failure: if it throws or returns null, the key is not created and its event counts as {@code keyRefused}. The next
 * event of the key calls it again.
 *
 * @param <S> the type of the state
 */
@FunctionalInterface
public interface StateFactory<S> {
    /**
     * Creates the state of a key.
     *
     * @param key the new key; may be kept
     * @return the state, not null
     */
    S create(Key key);
}
