package io.trafilo.dispatch;

import io.trafilo.ledger.PaddedLongs;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Where workers sleep. A bit per worker lets a publisher pay for a wake-up only if a worker sleeps, and wake only one.
 * Thread-safe.
 */
public final class Parking {
    /*
     * The usual two-sided check. A worker sets its bit and then looks for work once more. A publisher publishes and then
     * looks at the bits. Each has a full fence in between, so at least one sees the other.
     *
     * A wake-up costs both sides several microseconds, more than most messages do. A worker that is awake looks for work
     * again before it sleeps. So as long as one has promised to look soon, publishers leave the sleepers alone. If that
     * worker is held up after all, by a callback or by the system, the next publisher sees that its promise has expired. A
     * sleeper also looks for itself when its time is up.
     */

    /** How long a worker's promise to look again soon is valid. */
    static final long SOON_NANOS = 100_000;

    private final PaddedLongs parked = new PaddedLongs(1, 0);
    private final PaddedLongs lookedNanos;
    private final @Nullable Thread[] threads;

    public Parking(int workers) {
        threads = new Thread[workers];
        lookedNanos = new PaddedLongs(workers, System.nanoTime() - SOON_NANOS);
    }

    /** Each worker must call this before it parks for the first time. */
    void register(int worker) {
        threads[worker] = Thread.currentThread();
    }

    /** Announces that a worker is about to sleep. It must look for work once more before it does. */
    void announce(int worker) {
        long bits;
        do {
            bits = parked.getAcquire(0);
        } while (!parked.compareAndSet(0, bits, bits | 1L << worker));
        VarHandle.fullFence(); // announce before looking
    }

    /** Sleeps until woken, or for the given time at most. May return spuriously. */
    void park(long nanos) {
        LockSupport.parkNanos(this, nanos);
    }

    /**
     * Records that a worker looks for work now, and promises that it will look again {@linkplain #SOON_NANOS soon}.
     * {@code nowNanos} is on the scale of {@link System#nanoTime}.
     */
    void looksSoon(int worker, long nowNanos) {
        lookedNanos.setRelease(worker, nowNanos);
    }

    /** Withdraws the announcement of a worker that is awake again. */
    void withdraw(int worker) {
        long bits;
        do {
            bits = parked.getAcquire(0);
            if ((bits & 1L << worker) == 0) {
                return;
            }
        } while (!parked.compareAndSet(0, bits, bits & ~(1L << worker)));
    }

    /** For a publisher: wakes one sleeping worker, if any, unless another worker looks for work soon anyway. */
    void wakeOneIfNoneLooks() {
        VarHandle.fullFence(); // publish before looking
        long bits = parked.getAcquire(0);
        if (bits != 0 && !anyLooksSoon(bits)) {
            wakeOneOf(bits);
        }
    }

    private boolean anyLooksSoon(long bits) {
        long nowNanos = System.nanoTime();
        for (int worker = 0; worker < threads.length; worker++) {
            if ((bits & 1L << worker) == 0 && nowNanos - lookedNanos.getAcquire(worker) < SOON_NANOS) {
                return true;
            }
        }
        return false;
    }

    /** Wakes one sleeping worker, if any. */
    void wakeOne() {
        VarHandle.fullFence(); // publish before looking
        wakeOneOf(parked.getAcquire(0));
    }

    private void wakeOneOf(long seen) {
        long bits = seen;
        while (bits != 0) {
            long lowest = Long.lowestOneBit(bits);
            if (parked.compareAndSet(0, bits, bits & ~lowest)) {
                LockSupport.unpark(threads[Long.numberOfTrailingZeros(lowest)]);
                return;
            }
            bits = parked.getAcquire(0);
        }
    }

    void wakeAll() {
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
    }
}
