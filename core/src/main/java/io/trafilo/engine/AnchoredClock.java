package io.trafilo.engine;

import io.trafilo.EngineClock;
import java.util.function.LongSupplier;

/**
 * Reads the wall clock once and advances with a monotonic clock from then on. The monotonic clock may have any origin and
 * may wrap.
 */
public final class AnchoredClock implements EngineClock {
    private final LongSupplier monotonicNanos;
    private final long offsetNanos;

    public AnchoredClock(LongSupplier wallMillis, LongSupplier monotonicNanos) {
        this.monotonicNanos = monotonicNanos;
        long wallNanos = Math.multiplyExact(wallMillis.getAsLong(), 1_000_000L);
        this.offsetNanos = wallNanos - monotonicNanos.getAsLong();
    }

    @Override
    public long epochNanos() {
        return monotonicNanos.getAsLong() + offsetNanos;
    }
}
