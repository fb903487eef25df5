package io.trafilo;

/**
 * Tells the engine the time. Injectable, so that a test can drive windows without waiting.
 *
 * <p>Threading: read concurrently by all workers and listeners. Must not block. The engine tolerates a clock that stands
 * still or goes backward: within a shard, its time never goes back. Events received while the clock is behind that time by more than
 * the window are late.
 */
@FunctionalInterface
public interface EngineClock {
    /**
     * The current time.
     *
     * @return nanoseconds since the epoch
     */
    long nanoTime();

    /**
     * A clock that is anchored to the wall clock now and follows {@link System#nanoTime} from then on, so that steps of the
     * wall clock change nothing.
     *
     * @return a new clock
     */
    static EngineClock anchored() {
        return new AnchoredClock(System::currentTimeMillis, System::nanoTime);
    }
}
