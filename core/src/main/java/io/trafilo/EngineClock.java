package io.trafilo;

import io.trafilo.engine.AnchoredClock;

/**
 * The engine's source of time. Inject another clock, and a test can move windows without waiting.
 *
 * <p>Threading: all workers and listeners read it concurrently. It must not block. The engine tolerates a clock that stops
 * or goes backward, because a shard's own time never does. An event received while the clock is behind its shard's time by
 * more than the window is late.
 */
@FunctionalInterface
public interface EngineClock {
    /**
     * {@return the current time in nanoseconds since the epoch}
     *
     * <p>{@link System#nanoTime} is not such a clock: its origin is arbitrary.
     */
    long epochNanos();

    /**
     * {@return what to add to a time of the wall clock to get the time of this clock, in nanoseconds}
     *
     * <p>The engine reads it once for each run of messages and adds it to the event times that parsers give. So a clock whose
     * own time does not jump can follow senders whose clocks were set. Default 0. Threading as for {@link #epochNanos}.
     */
    default long correctionNanos() {
        return 0;
    }

    /**
     * A clock that reads the wall clock once, now, and advances with {@link System#nanoTime} from then on. Steps of the wall
     * clock do not affect it.
     *
     * @return a new clock
     */
    static EngineClock anchored() {
        return AnchoredClock.ofSystem();
    }
}
