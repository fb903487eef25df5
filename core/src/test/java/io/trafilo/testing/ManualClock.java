package io.trafilo.testing;

import io.trafilo.EngineClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that stands still until a test moves it, forward or backward. Thread-safe.
 *
 * <p>Sleeping workers look at their clock a few times per second of real time at the least, so what falls due by a move
 * happens soon after it, without waiting for as long as the move was.
 */
public final class ManualClock implements EngineClock {
    private final AtomicLong nanos;

    /** A clock that stands at this time, in nanoseconds since the epoch. */
    public ManualClock(long startNanos) {
        nanos = new AtomicLong(startNanos);
    }

    @Override
    public long epochNanos() {
        return nanos.get();
    }

    /** Moves the clock, backward if the duration is negative, and returns the new time. */
    public long advance(Duration by) {
        return advanceNanos(by.toNanos());
    }

    /** Moves the clock, backward if the number is negative, and returns the new time. */
    public long advanceNanos(long by) {
        return nanos.addAndGet(by);
    }

    /** Sets the clock to a time in nanoseconds since the epoch. */
    public void setNanos(long toNanos) {
        nanos.set(toNanos);
    }
}
