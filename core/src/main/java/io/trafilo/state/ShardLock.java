package io.trafilo.state;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A shard's lock: a {@link ReentrantLock} that is tried a little before a thread queues for it. What it guards takes a
 * fraction of a microsecond unless a callback blocks, so a short wait is nearly always enough; and trying allocates nothing,
 * while queueing allocates a node.
 */
final class ShardLock {
    private static final int TRIES = 128;

    private final ReentrantLock lock = new ReentrantLock();

    void lock() {
        for (int i = 0; i < TRIES; i++) {
            if (lock.tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        lock.lock();
    }

    boolean tryLock() {
        return lock.tryLock();
    }

    /** Waits for the lock until a deadline on the scale of {@link System#nanoTime}. An interrupt, of a callback, is dropped. */
    boolean tryLockUntil(long deadlineNanos) {
        while (true) {
            try {
                return lock.tryLock(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException leftByCallback) {
                // which has cleared it
            }
        }
    }

    void unlock() {
        lock.unlock();
    }
}
