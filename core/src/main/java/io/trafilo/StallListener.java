package io.trafilo;

import io.trafilo.engine.LoggingStallListener;

/**
 * Receives reports of callbacks that do not return, and of listener threads that wait for room in the ring, for longer than
 * {@link TrafiloBuilder#stallTimeout}.
 *
 * <p>Threading: called on a thread of the engine, one call at a time, never under the lock of a shard. Up to 256 further
 * calls wait while one lasts; nothing else does.
 *
 * <p>Failure: what it throws is counted as {@link Counter#ERROR_LISTENER_FAILED}. A {@link VirtualMachineError} stops the
 * engine, as from any callback.
 */
@FunctionalInterface
public interface StallListener {
    /**
     * Takes a stall that has begun, within twice the {@code stallTimeout} of its beginning.
     *
     * @param stall the thread that is stuck
     */
    void onStall(Stall stall);

    /**
     * Takes the end of a stall: the callback has returned, or the listener goes on. Does nothing unless overridden.
     *
     * @param stall the same stall with its whole duration and without a stack
     */
    default void onStallEnd(Stall stall) {}

    /**
     * Logs to the {@link System.Logger} named {@code io.trafilo}, at most one entry a second for each stage and each kind of
     * call, with the number of entries left out.
     *
     * @return a new listener
     */
    static StallListener logging() {
        return new LoggingStallListener();
    }
}
