package io.trafilo;

import java.util.function.LongSupplier;

/** Looks at the wall clock once, and follows a monotonic clock of any origin, which may wrap around, from then on. */
final class AnchoredClock implements EngineClock {
    private final LongSupplier monotonicNanos;
    private final long offsetNanos;

    AnchoredClock(LongSupplier wallMillis, LongSupplier monotonicNanos) {
        this.monotonicNanos = monotonicNanos;
        long wallNanos = Math.multiplyExact(wallMillis.getAsLong(), 1_000_000L);
        this.offsetNanos = wallNanos - monotonicNanos.getAsLong();
    }

    @Override
    public long nanoTime() {
        return monotonicNanos.getAsLong() + offsetNanos;
    }
}
