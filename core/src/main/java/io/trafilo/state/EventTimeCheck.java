package io.trafilo.state;

import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a parser gives event times in another unit than nanoseconds, and says so once. Is shown the times that are
 * late, and the first of each key on the time basis EVENT, so usual events do not pay for it. Thread-safe.
 */
public final class EventTimeCheck {
    /*
     * A time of the last ten years in seconds, milliseconds or microseconds is a number that lies in January 1970 when read
     * as nanoseconds, and the ranges of the three do not touch. The times of a simulation that starts at 0 may lie there,
     * too, but begin with smaller ones. So the first time from before 2001 decides for good, and only while the engine's own
     * clock is later than that.
     */
    private static final long YEAR_2001_NANOS = 1_000_000_000_000_000_000L;

    private static final long TEN_YEARS_NANOS = TimeUnit.DAYS.toNanos(3_653);
    private static final long ONE_YEAR_NANOS = TimeUnit.DAYS.toNanos(366);

    private final AtomicBoolean decided = new AtomicBoolean();
    private volatile @Nullable Consumer<String> warning;

    /** Sets what gets the warning, which must not block: the caller of {@link #look} may hold a shard. */
    public void warn(Consumer<String> newWarning) {
        warning = newWarning;
    }

    void look(long timeNanos, long nowNanos) {
        if (timeNanos < YEAR_2001_NANOS && nowNanos > YEAR_2001_NANOS && !decided.get()) {
            decide(timeNanos, nowNanos);
        }
    }

    private void decide(long timeNanos, long nowNanos) {
        Consumer<String> receiver = warning;
        if (receiver == null || !decided.compareAndSet(false, true)) {
            return;
        }
        for (TimeUnit unit : new TimeUnit[] {TimeUnit.SECONDS, TimeUnit.MILLISECONDS, TimeUnit.MICROSECONDS}) {
            long asUnitNanos = unit.toNanos(timeNanos);
            if (asUnitNanos > nowNanos - TEN_YEARS_NANOS && asUnitNanos - nowNanos < ONE_YEAR_NANOS) {
                receiver.accept(
                        "event time " + timeNanos + " is " + instant(timeNanos) + " as nanoseconds, and would be "
                                + instant(asUnitNanos) + " as " + unit.name().toLowerCase(Locale.ROOT)
                                + ": EventDetails.at takes nanoseconds since the epoch");
            }
        }
    }

    private static Instant instant(long epochNanos) {
        return Instant.ofEpochSecond(0, epochNanos);
    }
}
