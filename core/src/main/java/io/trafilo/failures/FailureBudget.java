package io.trafilo.failures;

import java.util.concurrent.TimeUnit;

/** How many of its own errors an engine survives: 16 within any 10 s. Thread-safe. */
final class FailureBudget {
    static final int MAX_FAILURES = 16;
    static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final long[] failedNanos = new long[MAX_FAILURES];
    private long failures;

    /** Records a failure; false if it is one too many. */
    synchronized boolean tryTake(long nowNanos) {
        int oldest = (int) (failures % MAX_FAILURES);
        boolean allowed = failures < MAX_FAILURES || nowNanos - failedNanos[oldest] > PERIOD_NANOS;
        failedNanos[oldest] = nowNanos;
        failures++;
        return allowed;
    }
}
