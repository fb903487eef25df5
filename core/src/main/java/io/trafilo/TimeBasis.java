package io.trafilo;

/** What moves the windows of a key forward. */
public enum TimeBasis {
    /** The engine's clock. The default. */
    CLOCK,
    /**
     * The newest event time that the key has seen: replaying a recording gives the same windows each time. A key that falls
     * quiet does not decay, whatever {@code emitWhenQuiet} says, and idle keys are still told by the clock.
     */
    EVENT
}
