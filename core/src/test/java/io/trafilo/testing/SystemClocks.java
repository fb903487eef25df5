package io.trafilo.testing;

import io.trafilo.engine.FollowingClock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A wall clock and a monotonic one, which a test moves together or apart. Thread-safe. */
public final class SystemClocks {
    private final AtomicLong monotonicNanos = new AtomicLong(-77);
    private final AtomicLong offsetNanos;

    /** The wall clock shows this time, in nanoseconds since the epoch. */
    public SystemClocks(long wallNanos) {
        offsetNanos = new AtomicLong(wallNanos + 77);
    }

    /** A new clock of an engine. */
    public FollowingClock engineClock() {
        return new FollowingClock(
                () -> TimeUnit.NANOSECONDS.toMillis(wallNanos()), this::wallNanos, monotonicNanos::get);
    }

    public long wallNanos() {
        return monotonicNanos.get() + offsetNanos.get();
    }

    /** Time passes. */
    public void pass(Duration time) {
        monotonicNanos.addAndGet(time.toNanos());
    }

    /** Somebody sets the wall clock, or the monotonic one stood still while the machine was suspended. */
    public void setWall(Duration by) {
        offsetNanos.addAndGet(by.toNanos());
    }
}
