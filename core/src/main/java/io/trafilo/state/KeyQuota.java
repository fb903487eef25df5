package io.trafilo.state;

import java.util.concurrent.atomic.AtomicLong;

/** Limits the number of keys in all shards together. Thread-safe. */
final class KeyQuota {
    private final long maxKeys;
    private final AtomicLong keys = new AtomicLong();

    KeyQuota(long maxKeys) {
        this.maxKeys = maxKeys;
    }

    boolean tryTake() {
        long current;
        do {
            current = keys.get();
            if (current >= maxKeys) {
                return false;
            }
        } while (!keys.compareAndSet(current, current + 1));
        return true;
    }

    void giveBack() {
        keys.decrementAndGet();
    }

    long taken() {
        return keys.get();
    }
}
