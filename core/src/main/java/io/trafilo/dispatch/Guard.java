package io.trafilo.dispatch;

import java.util.function.LongPredicate;

/** Watches over an engine's threads while its own has nothing else to do: notices those that hang, and relieves workers. */
public final class Guard {
    private final StallWatch watch;
    private final WorkerPool<?> pool;
    private long nextLookNanos;

    public Guard(StallWatch watch, WorkerPool<?> pool) {
        this.watch = watch;
        this.pool = pool;
        this.nextLookNanos = System.nanoTime() + watch.intervalNanos();
    }

    /**
     * Waits for something, and watches meanwhile.
     *
     * @param wait waits for it until the time given, on the scale of {@link System#nanoTime}, and says whether it is there
     * @return what {@code wait} said last
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
            watch.look(nowNanos);
            pool.relieveStalled();
        } catch (Throwable error) { // of the engine's own
            tell(error);
        }
    }

    private void tell(Throwable error) {
        try {
            if (pool.mustStop(error)) { // not on the reporter's thread, where it may wait
                pool.stop(error);
            }
            pool.reportLater(error);
        } catch (Throwable another) { // no memory even for that
            pool.stop(another);
        }
    }
}
