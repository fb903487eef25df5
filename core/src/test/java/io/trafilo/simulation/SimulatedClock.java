package io.trafilo.simulation;

import io.trafilo.EngineClock;

/** A clock that moves when the simulation says so, and throws once when that is asked of it. */
final class SimulatedClock implements EngineClock {
    private long nanos;
    private boolean failing;

    SimulatedClock(long startNanos) {
        nanos = startNanos;
    }

    @Override
    public long epochNanos() {
        if (failing) {
            failing = false;
            throw new OnPurpose("clock");
        }
        return nanos;
    }

    long nanos() {
        return nanos;
    }

    /** Moves the clock, backward by a negative number. */
    void move(long byNanos) {
        nanos += byNanos;
    }

    void failNext() {
        failing = true;
    }
}
