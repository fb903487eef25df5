package io.trafilo;

/**
 * Makes the state of a new key.
 *
 * <p>Called by a worker, once for each new key, under the lock of that key's shard. If it throws, or gives null, the key is
 * not created and its event counts as {@code keyRefused}; the next event of the key asks again.
 *
 * @param <S> the type of the state
 */
@FunctionalInterface
public interface StateFactory<S> {
    /**
     * Makes the state of a key.
     *
     * @param key the new key, may be kept
     * @return the state, not null
     */
    S create(Key key);
}
