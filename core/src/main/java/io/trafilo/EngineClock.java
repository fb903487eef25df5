package io.trafilo;

import io.trafilo.engine.AnchoredClock;

/**
 * Tells the engine the time. Injectable, so that a test can move windows without waiting.
 *
 * <p>Threading: all workers and listeners read it concurrently. It must not block. The engine tolerates a clock that stands
 * still or goes backward: the time of a shard never goes back. Events that are received while the clock is behind that time
 * by more than the window are late.
 */
@FunctionalInterface
public interface EngineClock {
    /**
     * {@return the current time in nanoseconds since the epoch}
     *
     * <p>{@link System#nanoTime} has another origin and is no such clock.
     */
    long epochNanos();

    /**
     * A clock that reads the wall clock once, now, and follows {@link System#nanoTime} from then on. Steps of the wall clock
     * do not change it.
     *
     * @return a new clock
     */
    static EngineClock anchored() {
        return new AnchoredClock(System::currentTimeMillis, System::nanoTime);
    }
}
