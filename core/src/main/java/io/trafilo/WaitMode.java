package io.trafilo;

/** How a worker waits for messages: what it pays in CPU time for how quick a reaction. */
public enum WaitMode {
    /** Spins a little, then sleeps until a publisher wakes it. The default; costs nothing while nothing arrives. */
    PARK,
    /** Spins a little, then yields the processor between looks. Needs a processor per worker, gives it away when asked. */
    YIELD,
    /** Spins. For a worker with a processor of its own. */
    BUSY_SPIN
}
