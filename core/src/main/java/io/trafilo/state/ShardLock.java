package io.trafilo.state;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * A shard's lock: a {@link ReentrantLock} that is tried a little before a thread queues for it. What it guards takes a
 * fraction of a microsecond unless a callback blocks, so a short wait is nearly always enough; and trying allocates nothing,
 * while queueing allocates a node.
 */
final class ShardLock {
    /*
     * Holds are numbered: each begins and ends with a number of its own, so that the moment in which a holder has ended its hold
     * but not yet freed the lock is no part of the next, but for the instant until that has set its number. Who waits counts the
     * slices of time in which it sees one and the same number: a lock that goes from hand to hand is not stalled, however long the
     * queue is, nor is one whose holder makes many callbacks, each of which begins a new hold. Each slice is measured by itself,
     * so that a pause of the whole process uses up one at the most. A hold that has outlasted them all is marked by its number.
     * The mark says nothing of the next hold, so it needs no clearing. One that comes too late may replace a newer one, which
     * costs the next waiter its patience.
     */
    private static final int TRIES = 128;
    private static final int SLICES = 4;
    private static final VarHandle HOLD;

    static {
        try {
            HOLD = MethodHandles.lookup().findVarHandle(ShardLock.class, "hold", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ReentrantLock lock = new ReentrantLock();

    /** The number of the hold under way, or of what is between two. Written by the holder, read by those who wait. */
    private long hold;

    /** The number of the hold that has lasted for too long. */
    private volatile long stalledHold = -1;

    /** Waits for as long as it takes. */
    void lock() {
        if (!tryLockRepeatedly()) {
            lock.lock();
            renew();
        }
    }

    /**
     * Waits, but not for a hold that lasts longer than {@code patienceNanos}, or did so before.
     *
     * @param hurried asked when the thread is interrupted: whether to give up
     * @return whether the lock was had
     */
    boolean lock(long patienceNanos, BooleanSupplier hurried) {
        return tryLock() || lockSlowly(patienceNanos, hurried);
    }

    private boolean lockSlowly(long patienceNanos, BooleanSupplier hurried) {
        if (isStalled()) {
            return tryLock();
        }
        return tryLockRepeatedly() || queue(patienceNanos, hurried);
    }

    private boolean tryLockRepeatedly() {
        for (int i = 0; i < TRIES; i++) {
            if (tryLock()) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    private boolean queue(long patienceNanos, BooleanSupplier hurried) {
        boolean interrupted = false;
        try {
            long seen = currentHold();
            int slices = 0;
            while (slices < SLICES) {
                try {
                    if (tryLock(patienceNanos / SLICES)) {
                        return true;
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                    if (hurried.getAsBoolean()) {
                        return false;
                    }
                    continue;
                }
                long now = currentHold();
                slices = now == seen ? slices + 1 : 0;
                seen = now;
            }
            stalledHold = seen;
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    boolean tryLock() {
        boolean locked = lock.tryLock();
        if (locked) {
            renew();
        }
        return locked;
    }

    private boolean tryLock(long nanos) throws InterruptedException {
        boolean locked = lock.tryLock(nanos, TimeUnit.NANOSECONDS);
        if (locked) {
            renew();
        }
        return locked;
    }

    /** Waits for the lock until a deadline on the scale of {@link System#nanoTime}. An interrupt, of a callback, is dropped. */
    boolean tryLockUntil(long deadlineNanos) {
        while (true) {
            try {
                return tryLock(deadlineNanos - System.nanoTime());
            } catch (InterruptedException leftByCallback) {
                // which has cleared it
            }
        }
    }

    /** The number of the hold under way, or of what is between two. */
    long currentHold() {
        return (long) HOLD.getOpaque(this);
    }

    /** Whether the hold under way is known to have lasted for too long. */
    boolean isStalled() {
        return stalledHold == currentHold();
    }

    /** For the holder: what follows has another number. At both ends of a hold, and between two callbacks. */
    void renew() {
        HOLD.setOpaque(this, hold + 1);
    }

    void unlock() {
        renew();
        lock.unlock();
    }
}
