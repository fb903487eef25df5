package io.trafilo;

/** What moves the windows of a key forward. */
public enum TimeBasis {
    /** The engine's clock. The default. */
    CLOCK,
    /**
     * The newest event time of the key, so replaying a recording produces the same windows every time. A key that falls
     * quiet does not decay, whatever {@code emitWhenQuiet} says. The clock still decides which keys are idle.
     */
    EVENT
}
