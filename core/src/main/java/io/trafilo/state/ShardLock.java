package io.trafilo.state;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A shard's lock: a {@link ReentrantLock} that a thread tries for a while before it queues. Holds last a fraction of a
 * microsecond unless a callback blocks, so a short wait is nearly always enough. Trying allocates nothing; queueing
 * allocates a node.
 */
final class ShardLock {
    /*
     * Holds are numbered. Each begins and ends by taking a new number. So the moment in which a holder has ended its hold
     * but not yet freed the lock does not belong to the next hold, except for the instant before that takes its number.
     *
     * A waiter counts the slices of time in which it sees the same number. So a lock that passes from thread to thread is
     * not stalled, however long the queue is. Nor is one whose holder makes many callbacks, since each callback begins a new
     * hold. Each slice is measured on its own, so a pause of the whole process uses up at most one.
     *
     * A hold that outlasts all slices is marked by its number. The mark does not apply to the next hold, so it needs no
     * clearing. A mark that comes late may replace a newer one; then the next waiter waits its full patience.
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

    /** A lock that says who holds it. */
    private static final class OwnedLock extends ReentrantLock {
        private static final long serialVersionUID = 1;

        @Override
        protected Thread getOwner() { // so that this class may call it
            return super.getOwner();
        }
    }

    private final OwnedLock lock = new OwnedLock();

    /** The thread that holds the lock, roughly; null if it is free. */
    @Nullable
    Thread holder() {
        return lock.getOwner();
    }

    /** The number of the current hold, or of the gap between two holds. Written by the holder, read by waiters. */
    private long hold;

    /** The number of the hold that has lasted too long. */
    private volatile long stalledHold = -1;

    /**
     * Waits, but not for a hold that lasts longer than {@code patienceNanos}, or is known to have done so.
     *
     * @param hurried whether to give up; called when the thread is interrupted
     * @return whether the caller now holds the lock
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

    /**
     * Waits for the lock until a deadline on the scale of {@link System#nanoTime}. Drops an interrupt that a callback left
     * behind.
     */
    boolean tryLockUntil(long deadlineNanos) {
        while (true) {
            try {
                return tryLock(deadlineNanos - System.nanoTime());
            } catch (InterruptedException leftByCallback) {
                // the exception cleared the interrupt
            }
        }
    }

    /** The number of the current hold, or of the gap between two holds. */
    long currentHold() {
        return (long) HOLD.getOpaque(this);
    }

    /** Whether the current hold is known to have lasted too long. */
    boolean isStalled() {
        return stalledHold == currentHold();
    }

    /** For the holder: takes a new number. Called at both ends of a hold, and between two callbacks. */
    void renew() {
        HOLD.setOpaque(this, hold + 1);
    }

    void unlock() {
        renew();
        lock.unlock();
    }
}
