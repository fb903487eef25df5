package io.trafilo.engine;

import io.trafilo.EngineClock;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.SystemNanoClock;

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

    private final NanoClock monotonic;
    private final long offsetNanos;

    public AnchoredClock(EpochNanoClock wall, NanoClock monotonic) {
        this.monotonic = monotonic;
        this.offsetNanos = offsetNanos(wall, monotonic);
    }

    /** Reads the system's wall clock, at its best resolution. */
    public static AnchoredClock ofSystem() {
        return new AnchoredClock(SystemEpochNanoClock.INSTANCE, SystemNanoClock.INSTANCE);
    }

    /** What to add to the monotonic clock to get the wall clock. */
    static long offsetNanos(EpochNanoClock wall, NanoClock monotonic) {
        long bestOffset = 0;
        long bestWidth = Long.MAX_VALUE;
        long before = monotonic.nanoTime();
        for (int i = 0; i < READINGS; i++) {
            long wallNanos = wall.nanoTime();
            long after = monotonic.nanoTime();
            long width = after - before;
            if (width < bestWidth) {
                bestWidth = width;
                bestOffset = wallNanos - (before + width / 2);
            }
            before = after;
        }
        return bestOffset;
    }

    @Override
    public long epochNanos() {
        return monotonic.nanoTime() + offsetNanos;
    }
}
