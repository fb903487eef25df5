package io.trafilo.engine;

import io.trafilo.EngineClock;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Reads the wall clock once and advances with a monotonic clock from then on. The monotonic clock may have any origin and
 * may wrap.
 */
public final class AnchoredClock implements EngineClock {
    /*
     * A reading of the wall clock lies somewhere between two of the monotonic clock. The closer those two are, the better the
     * anchor: the thread may be descheduled in between, so the tightest of several readings counts. On common systems it is
     * off by less than 0.1 us, which is less than a message takes from its sender. An anchor of whole milliseconds made nearly
     * every event of a sender on the same machine look ahead of the clock.
     */
    private static final int READINGS = 32;

    private final LongSupplier monotonicNanos;
    private final long offsetNanos;

    /** {@code wallNanos} gives nanoseconds since the epoch. */
    public AnchoredClock(LongSupplier wallNanos, LongSupplier monotonicNanos) {
        this.monotonicNanos = monotonicNanos;
        this.offsetNanos = offsetNanos(wallNanos, monotonicNanos);
    }

    /** What to add to the monotonic clock to get the wall clock. */
    static long offsetNanos(LongSupplier wallNanos, LongSupplier monotonicNanos) {
        long bestOffset = 0;
        long bestWidth = Long.MAX_VALUE;
        long before = monotonicNanos.getAsLong();
        for (int i = 0; i < READINGS; i++) {
            long wall = wallNanos.getAsLong();
            long after = monotonicNanos.getAsLong();
            long width = after - before;
            if (width < bestWidth) {
                bestWidth = width;
                bestOffset = wall - (before + width / 2);
            }
            before = after;
        }
        return bestOffset;
    }

    /** The system's wall clock, at its best resolution. */
    public static long wallNanos() {
        Instant now = Instant.now();
        return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
    }

    @Override
    public long epochNanos() {
        return monotonicNanos.getAsLong() + offsetNanos;
    }
}
