package io.trafilo.failures;

import java.util.function.LongPredicate;

/** Looks for stuck threads while its own thread waits. For one thread. */
public final class Guard {
    private final StallWatch watch;
    private final Runnable relief;
    private final Failures failures;
    private long nextLookNanos;

    /** {@code relief} replaces the workers that a look has found stuck. */
    public Guard(StallWatch watch, Runnable relief, Failures failures) {
        this.watch = watch;
        this.relief = relief;
        this.failures = failures;
        this.nextLookNanos = System.nanoTime() + watch.intervalNanos();
    }

    /**
     * Waits for a condition, and looks for stuck threads meanwhile.
     *
     * @param wait waits for the condition until the given time, on the scale of {@link System#nanoTime}, and returns whether
     *     it holds
     * @return what {@code wait} returned last
     */
    public boolean await(LongPredicate wait, long deadlineNanos) {
        while (deadlineNanos - nextLookNanos > 0) {
            if (wait.test(nextLookNanos)) {
                return true;
            }
            long nowNanos = System.nanoTime();
            if (nowNanos - nextLookNanos >= 0) {
                look(nowNanos);
            }
        }
        return wait.test(deadlineNanos);
    }

    private void look(long nowNanos) {
        nextLookNanos = nowNanos + watch.intervalNanos();
        try {
            if (!watch.look(nowNanos)) {
                nextLookNanos += watch.intervalNanos(); // a stall from now on is still reported in time
            }
            relief.run();
        } catch (Throwable error) {
            report(error);
        }
    }

    private void report(Throwable error) {
        try {
            failures.reportOwnLater(error);
        } catch (Throwable noMemory) {
            failures.stop(noMemory);
        }
    }
}
