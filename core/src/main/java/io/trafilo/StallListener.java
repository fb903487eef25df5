package io.trafilo;

/**
 * Hears of callbacks that do not return, and of listening threads that wait for room in the ring, for longer than
 * {@link Trafilo.Builder#stallTimeout}.
 *
 * <p>Called on a thread of the engine's own, one call at a time, and never under the lock of a shard. While a call lasts
 * the next ones wait, 256 of them at most; nothing else does. What it throws is counted as {@code errorListenerFailed} and
 * goes no further, but for a {@link VirtualMachineError}, which stops the engine as from any callback.
 */
@FunctionalInterface
public interface StallListener {
    /**
     * Takes one stall, once within twice the {@code stallTimeout} of its beginning and once more when it is over.
     *
     * @param stall what does not go on, or does again
     */
    void onStall(Stall stall);

    /**
     * Logs to the {@link System.Logger} named {@code io.trafilo}: at most one entry a second for each stage, and for each
     * end of a stall, with the number of those left out since.
     *
     * @return a new listener
     */
    static StallListener logging() {
        return new LoggingStallListener();
    }
}
