package io.trafilo.engine;

import io.trafilo.EngineClock;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * An anchored clock that also knows how far the wall clock has gone from it. Its own time never does: it starts at the wall
 * clock's and advances with a monotonic clock. Thread-safe.
 */
public final class FollowingClock implements EngineClock {
    /*
     * A thread that reads this clock compares it with the wall clock, once a second: a listener when it takes the time of
     * receipt, a worker before a run. So the correction is right for the first message after a silence, too.
     *
     * The comparison reads the wall clock in milliseconds, which allocates nothing and is off by half a millisecond at most.
     * If the clocks seem to disagree, an exact measurement follows.
     */
    private static final long CHECK_NANOS = 1_000_000_000;

    private static final long MILLI = 1_000_000;
    private static final long LIMIT_NANOS = MILLI;
    private static final long LEAST_STEP_NANOS = MILLI / 2;
    private static final long LAST_MILLIS = Long.MAX_VALUE / MILLI - 1;

    private final EpochClock roughWall;
    private final EpochNanoClock wall;
    private final NanoClock monotonic;
    private final long offsetNanos;
    private final AtomicLong nextCheckNanos; // on the monotonic scale
    private volatile long correctionNanos;
    private volatile LongConsumer onStep = stepNanos -> {};

    /** {@code roughWall} and {@code wall} are the same clock, in milliseconds and in nanoseconds. */
    public FollowingClock(EpochClock roughWall, EpochNanoClock wall, NanoClock monotonic) {
        this.roughWall = roughWall;
        this.wall = wall;
        this.monotonic = monotonic;
        this.offsetNanos = AnchoredClock.offsetNanos(wall, monotonic);
        this.nextCheckNanos = new AtomicLong(monotonic.nanoTime() + CHECK_NANOS);
    }

    /** Follows the system's wall clock. */
    public static FollowingClock ofSystem() {
        return new FollowingClock(SystemEpochClock.INSTANCE, SystemEpochNanoClock.INSTANCE, SystemNanoClock.INSTANCE);
    }

    /** Sets who gets the nanoseconds by which the wall clock was set, on the thread that noticed; it must not block. */
    void onStep(LongConsumer listener) {
        onStep = listener;
    }

    @Override
    public long epochNanos() {
        long nowNanos = monotonic.nanoTime();
        if (nowNanos - nextCheckNanos.getOpaque() >= 0) {
            check(nowNanos);
        }
        return nowNanos + offsetNanos;
    }

    @Override
    public long correctionNanos() {
        return correctionNanos;
    }

    private void check(long nowNanos) {
        long dueNanos = nextCheckNanos.get();
        if (nowNanos - dueNanos < 0 || !nextCheckNanos.compareAndSet(dueNanos, nowNanos + CHECK_NANOS)) {
            return; // another thread does
        }
        long expectedNanos = nowNanos + offsetNanos - correctionNanos;
        long millis = roughWall.time();
        if (Math.abs(millis) > LAST_MILLIS) {
            return; // a year that nanoseconds since the epoch do not reach
        }
        if (Math.abs(millis * MILLI + MILLI / 2 - expectedNanos) > LIMIT_NANOS) {
            correct();
        }
    }

    private void correct() {
        long before = correctionNanos;
        long after = offsetNanos - AnchoredClock.offsetNanos(wall, monotonic);
        if (Math.abs(after - before) > LEAST_STEP_NANOS) { // otherwise this thread was held up in the comparison
            correctionNanos = after;
            onStep.accept(before - after);
        }
    }
}
