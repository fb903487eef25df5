package io.trafilo.dispatch;

import io.trafilo.ledger.PaddedLongs;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Where workers sleep: a bit for each, so that a publisher pays for a wake-up only when somebody sleeps, and wakes one only.
 * Thread-safe.
 */
public final class Parking {
    /*
     * The usual two-sided check. A worker sets its bit and then looks for work once more; a publisher publishes and then
     * looks at the bits; each with a full fence between, so at least one sees the other.
     */

    /** The bits of a long. */
    public static final int MAX_WORKERS = Long.SIZE;

    private final PaddedLongs parked = new PaddedLongs(1, 0);
    private final @Nullable Thread[] threads;

    public Parking(int workers) {
        threads = new Thread[workers];
    }

    /** Must be called by each worker before it parks for the first time. */
    void register(int worker) {
        threads[worker] = Thread.currentThread();
    }

    /** Says that a worker is about to sleep; it must look for work once more before it does. */
    void announce(int worker) {
        long bits;
        do {
            bits = parked.getAcquire(0);
        } while (!parked.compareAndSet(0, bits, bits | 1L << worker));
        VarHandle.fullFence(); // announce before looking
    }

    /** Sleeps until woken, or for the time given at the most. Spurious returns are possible. */
    void park(long nanos) {
        LockSupport.parkNanos(this, nanos);
    }

    /** Says that a worker is awake again. */
    void withdraw(int worker) {
        long bits;
        do {
            bits = parked.getAcquire(0);
            if ((bits & 1L << worker) == 0) {
                return;
            }
        } while (!parked.compareAndSet(0, bits, bits & ~(1L << worker)));
    }

    /** Wakes one sleeping worker, if there is one. */
    void wakeOne() {
        VarHandle.fullFence(); // publish before looking
        long bits = parked.getAcquire(0);
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
