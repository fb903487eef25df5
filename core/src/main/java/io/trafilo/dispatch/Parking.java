package io.trafilo.dispatch;

import io.trafilo.ledger.PaddedLongs;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
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
     * worker is held up after all, by a callback or by the system, the next publisher sees that its promise has expired.
     *
     * One of the sleepers has the watch: it wakes for the next timer, and the others sleep until they are woken. While
     * somebody handles messages, the watch looks every LOOK_NANOS, in case a callback hangs and timers or messages wait
     * behind it. When nobody does, it sleeps deeply: until the next timer, however long that is.
     *
     * A thread that begins to work marks the watch word, and wakes the sleeper that has a deep watch or, if none has the
     * watch, some sleeper, which then takes it. The mark makes that rare: the watch clears it at each look and sleeps
     * deeply only if it finds neither mark nor work at the next.
     */

    /** How long a worker's promise to look again soon is valid. */
    static final long SOON_NANOS = 100_000;

    /** How often the watch looks while somebody works. */
    static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    // The watch word: these two bits and, above them, 1 + the worker that has the watch.
    private static final long WORKED = 1;
    private static final long DEEP = 2;
    private static final int WORKER_SHIFT = 2;
    private static final long NO_WORKER = 1L << WORKER_SHIFT;

    private final PaddedLongs parked = new PaddedLongs(1, 0);
    private final PaddedLongs watch = new PaddedLongs(1, WORKED);
    private final PaddedLongs lookedNanos;
    private final @Nullable Thread[] threads;
    private final long maxSleepNanos;

    public Parking(int workers) {
        this(workers, true);
    }

    /** {@code realTime}: whether the engine's clock is the system's. Otherwise nobody knows how long to sleep. */
    public Parking(int workers, boolean realTime) {
        maxSleepNanos = realTime ? Long.MAX_VALUE : LOOK_NANOS;
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

    /**
     * Sleeps until woken, or for the given time at most, or less if this worker gets the watch. May return spuriously.
     *
     * @param nanos the time until the next timer
     * @param idle whether nobody handles messages
     * @param nextTimer tells the time until the next timer once more
     */
    void park(int worker, long nanos, BooleanSupplier idle, LongSupplier nextTimer) {
        if (!takeWatch(worker)) {
            LockSupport.parkNanos(
                    this, Math.min(nanos, maxSleepNanos)); // the watch may not know of a timer that this worker knows
            return;
        }
        try {
            boolean deep = beginWatch(idle);
            long mostNanos = deep
                    ? Math.min(maxSleepNanos, nextTimer.getAsLong())
                    : LOOK_NANOS; // what is idle by now may have set one
            LockSupport.parkNanos(this, Math.min(nanos, mostNanos));
        } finally {
            endWatch();
        }
    }

    private boolean takeWatch(int worker) {
        long word;
        do {
            word = watch.getAcquire(0);
            if (word >= NO_WORKER) {
                return false;
            }
        } while (!watch.compareAndSet(0, word, word | (worker + 1L) << WORKER_SHIFT));
        return true;
    }

    /** Whether the watch may sleep deeply. */
    private boolean beginWatch(BooleanSupplier idle) {
        long word = watch.getAcquire(0);
        if ((word & WORKED) == 0 && idle.getAsBoolean()) {
            return watch.compareAndSet(0, word, word | DEEP); // unless somebody has begun to work
        }
        watch.compareAndSet(0, word, word & ~WORKED);
        return false;
    }

    private void endWatch() {
        long word;
        do {
            word = watch.getAcquire(0);
        } while (!watch.compareAndSet(0, word, word & WORKED));
    }

    /** For a thread that begins to work: makes sure that a sleeper, if there is one, looks from time to time. */
    void keepWatch() {
        long word = watch.getAcquire(0);
        if ((word & WORKED) == 0 || (word < NO_WORKER && parked.getAcquire(0) != 0)) {
            keepWatchSlowly();
        }
    }

    private void keepWatchSlowly() {
        long word;
        do {
            word = watch.getAcquire(0);
        } while (!watch.compareAndSet(0, word, word | WORKED));
        if (word < NO_WORKER) {
            wakeOne();
        } else if ((word & DEEP) != 0) {
            LockSupport.unpark(threads[watcherOf(word)]);
        }
    }

    /** Whether the watch sleeps until the next timer. */
    boolean isDeep() {
        return (watch.getAcquire(0) & DEEP) != 0;
    }

    private static int watcherOf(long word) {
        return (int) (word >> WORKER_SHIFT) - 1;
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
            long bit = chooseOf(bits);
            if (parked.compareAndSet(0, bits, bits & ~bit)) {
                LockSupport.unpark(threads[Long.numberOfTrailingZeros(bit)]);
                return;
            }
            bits = parked.getAcquire(0);
        }
    }

    /** A sleeper without the watch if there is one, so that the watch need not change. */
    private long chooseOf(long bits) {
        long word = watch.getAcquire(0);
        long others = word < NO_WORKER ? bits : bits & ~(1L << watcherOf(word));
        return Long.lowestOneBit(others != 0 ? others : bits);
    }

    void wakeAll() {
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
    }
}
