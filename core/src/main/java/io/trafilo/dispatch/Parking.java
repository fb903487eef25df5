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
     *
     * A wake-up costs both sides several microseconds, more than most messages. A worker that is awake looks for work again
     * before it sleeps; so as long as one has said that it soon does, a publisher leaves the sleepers alone. Should that
     * worker be held up after all, by a callback or by the system, the next publisher sees that its word is old; and a
     * sleeper looks for itself when its time is over.
     */

    /** How long the word of a worker holds that it looks again soon. */
    static final long SOON_NANOS = 100_000;

    /** The bits of a long. */
    public static final int MAX_WORKERS = Long.SIZE;

    private final PaddedLongs parked = new PaddedLongs(1, 0);
    private final PaddedLongs lookedNanos;
    private final @Nullable Thread[] threads;

    public Parking(int workers) {
        threads = new Thread[workers];
        lookedNanos = new PaddedLongs(workers, System.nanoTime() - SOON_NANOS);
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

    /** Says that a worker looks for work now, and again {@linkplain #SOON_NANOS soon}; on the scale of the system's clock. */
    void looksSoon(int worker, long nowNanos) {
        lookedNanos.setRelease(worker, nowNanos);
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

    /** For a publisher: wakes one sleeping worker, if there is one, unless another looks for work soon anyway. */
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

    /** Wakes one sleeping worker, if there is one. */
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
