package io.trafilo.engine;

import io.trafilo.EngineClock;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

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

    private final LongSupplier wallMillis;
    private final LongSupplier wallNanos;
    private final LongSupplier monotonicNanos;
    private final long offsetNanos;
    private final AtomicLong nextCheckNanos; // on the monotonic scale
    private volatile long correctionNanos;
    private volatile LongConsumer onStep = stepNanos -> {};

    /** {@code wallMillis} and {@code wallNanos} give the time since the epoch. */
    public FollowingClock(LongSupplier wallMillis, LongSupplier wallNanos, LongSupplier monotonicNanos) {
        this.wallMillis = wallMillis;
        this.wallNanos = wallNanos;
        this.monotonicNanos = monotonicNanos;
        this.offsetNanos = AnchoredClock.offsetNanos(wallNanos, monotonicNanos);
        this.nextCheckNanos = new AtomicLong(monotonicNanos.getAsLong() + CHECK_NANOS);
    }

    /** Follows the system's wall clock. */
    public static FollowingClock ofSystem() {
        return new FollowingClock(System::currentTimeMillis, AnchoredClock::wallNanos, System::nanoTime);
    }

    /** Sets who gets the nanoseconds by which the wall clock was set, on the thread that noticed; it must not block. */
    void onStep(LongConsumer listener) {
        onStep = listener;
    }

    @Override
    public long epochNanos() {
        long nowNanos = monotonicNanos.getAsLong();
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
        long millis = wallMillis.getAsLong();
        if (Math.abs(millis) > LAST_MILLIS) {
            return; // a year that nanoseconds since the epoch do not reach
        }
        if (Math.abs(millis * MILLI + MILLI / 2 - expectedNanos) > LIMIT_NANOS) {
            correct();
        }
    }

    private void correct() {
        long before = correctionNanos;
        long after = offsetNanos - AnchoredClock.offsetNanos(wallNanos, monotonicNanos);
        if (Math.abs(after - before) > LEAST_STEP_NANOS) { // otherwise this thread was held up in the comparison
            correctionNanos = after;
            onStep.accept(before - after);
        }
    }
}
