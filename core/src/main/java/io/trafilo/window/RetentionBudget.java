package io.trafilo.window;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the timestamps that the stores of all shards together retain.
 *
 * <p>Thread-safe and lock-free. A store leases room in quanta and returns surplus in quanta, so the shared counter is
 * touched once per quantum, not once per event. The leases never exceed the maximum. The unused room that stores keep is at
 * most a sixteenth of the maximum, and none if the maximum is less than 64 timestamps per shard.
 */
public final class RetentionBudget {

    private static final long QUANTA_PER_SHARD = 32;
    private static final long MAX_QUANTUM = 8192;

    private final long quantum;
    private final AtomicLong available;

    /** Creates a budget of {@code maxRetained} timestamps for {@code shards} stores. */
    public RetentionBudget(long maxRetained, int shards) {
        if (maxRetained < 1) {
            throw new IllegalArgumentException("maxRetained: " + maxRetained + " timestamps (expected: >= 1)");
        }
        if (shards < 1) {
            throw new IllegalArgumentException("shards: " + shards + " (expected: >= 1)");
        }
        this.quantum = Math.max(1, Math.min(MAX_QUANTUM, maxRetained / (shards * QUANTA_PER_SHARD)));
        this.available = new AtomicLong(maxRetained);
    }

    /** The unit in which a store leases room. It keeps less than two of them unused. */
    long quantum() {
        return quantum;
    }

    /** The room that is not leased. */
    long available() {
        return available.get();
    }

    /** Leases as much of {@code wanted} as is left and returns it; 0 if the budget is exhausted. */
    long lease(long wanted) {
        long room = available.get();
        while (room > 0) {
            long granted = Math.min(room, wanted);
            long witness = available.compareAndExchange(room, room - granted);
            if (witness == room) {
                return granted;
            }
            room = witness;
        }
        return 0;
    }

    void giveBack(long leased) {
        available.getAndAdd(leased);
    }
}
