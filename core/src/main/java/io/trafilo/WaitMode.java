package io.trafilo;

/** How a worker waits for messages: a trade of CPU time for latency. */
public enum WaitMode {
    /**
     * Spins briefly, then sleeps until a publisher wakes it. While nothing arrives, the engine takes less than a thousandth of
     * a processor. The default.
     */
    PARK,
    /**
     * Spins briefly, then yields the processor between polls. Needs a processor per worker, but gives way to other threads.
     */
    YIELD,
    /** Spins. Needs a processor of its own for each worker. */
    BUSY_SPIN
}
