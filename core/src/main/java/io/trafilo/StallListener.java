package io.trafilo;

import io.trafilo.engine.LoggingStallListener;

/**
 * Receives reports of callbacks that do not return, and of listener threads that wait for room in the ring, for longer than
 * {@link TrafiloBuilder#stallTimeout}.
 *
 * <p>Threading: called on a thread of the engine, one call at a time, never under a shard lock. Up to 256 calls queue
 * behind a slow one; the engine never waits.
 *
 * <p>Failure: an exception from the listener is counted as {@link Counter#ERROR_LISTENER_FAILED}. A
 * {@link VirtualMachineError} other than {@link StackOverflowError} stops the engine, as from any callback.
 */
@FunctionalInterface
public interface StallListener {
    /**
     * Receives a stall that has begun, within twice the {@code stallTimeout} of its beginning.
     *
     * @param stall the stuck thread
     */
    void onStall(Stall stall);

    /**
     * Receives the end of a stall: the callback has returned, or the listener has found room. Does nothing unless
     * overridden.
     *
     * @param stall the same stall with its full duration and without a stack
     */
    default void onStallEnd(Stall stall) {}

    /**
     * Logs to the {@link System.Logger} named {@code io.trafilo}. Each stage logs at most one beginning and one end per
     * second, with the number of those left out.
     *
     * @return a new listener
     */
    static StallListener logging() {
        return new LoggingStallListener();
    }
}
