package io.trafilo.window;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many timestamps the stores of all shards together may retain.
 *
 * <p>Thread-safe and lock-free. A store leases room in quanta and gives surplus back in quanta, so the shared counter
 * is touched once per quantum, not once per event. What is leased never exceeds the maximum. Unused room that stores
 * keep for themselves is at most a sixteenth of the maximum, and nothing when the maximum is less than 64 timestamps
 * per shard.
 */
public final class RetentionBudget {

    private static final long QUANTA_PER_SHARD = 32;
    private static final long MAX_QUANTUM = 8192;

    private final long quantum;
    private final AtomicLong available;

    /** A budget of {@code maxRetained} timestamps, to be shared by {@code shards} stores. */
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

    /** The step in which a store takes room; a store keeps less than two of them unused. */
    long quantum() {
        return quantum;
    }

    /** Room that nobody has leased. */
    long available() {
        return available.get();
    }

    /** Leases as much of {@code wanted} as there is and returns it; 0 when the budget is exhausted. */
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
