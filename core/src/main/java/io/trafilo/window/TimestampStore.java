package io.trafilo.window;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The sorted timestamps of all keys of one shard.
 *
 * <p>Guarded by the shard's lock, except {@link #live()}, which any thread may call. Blocks only for a short lock that all
 * stores share, which is taken once for dozens of chunks. Allocates only blocks of 32 KiB, and only when all stores together
 * hold more chunks than ever before. The blocks stay for reuse by any store.
 *
 * <p>Adding the newest and evicting are O(1) amortised. Adding the oldest is O(1). Adding a late one passes one chunk for
 * each 13 newer timestamps in order, and for each 5 at worst. A key with {@code n > 2} timestamps in order takes at most {@code n / 13 + 2} chunks of 64
 * bytes, which is 5 bytes per timestamp if there are many. In the worst order a chunk holds 9, which is 7.1 bytes. Where
 * more than 4.29 s lie between two timestamps, a chunk holds 7, or 5 at worst: 9.1 or 12.8 bytes.
 *
 * <p>Timestamps are compared by difference: those of one entry must lie within 2^63 ns, and may wrap.
 */
public final class TimestampStore {
    /*
     * ChunkSupply cuts chunks from blocks, ChunkPool holds this store's free ones, Chunks reads and writes them, ChunkLists
     * keeps each entry's timestamps sorted in them, and this class counts.
     *
     * Room is leased from the budget: headroom = leased - live. It is negative by the number of timestamps kept without room
     * because each was the only one of its key. They are paid for first when room becomes free again.
     */

    private final ChunkPool pool;
    private final Chunks chunks;
    private final ChunkLists lists;
    private final RetentionBudget budget;
    private final AtomicLong live = new AtomicLong(); // written by the owner only
    private long headroom;
    private long truncatedNanos;

    /**
     * Creates an empty store that takes its room from {@code budget} and its chunks from {@code supply}. It keeps values if the
     * chunks have room for them.
     */
    public TimestampStore(RetentionBudget budget, ChunkSupply supply) {
        this.budget = budget;
        this.pool = new ChunkPool(supply);
        this.chunks = pool.chunks();
        this.lists = new ChunkLists(pool);
    }

    /**
     * Adds a timestamp in its sorted place, beside equal ones. Returns how many were removed early to make room: 0 or 1.
     *
     * <p>If the budget is exhausted, the oldest timestamp of this entry goes, which may be the added one. An empty entry
     * keeps the added one all the same: each key may hold one timestamp beyond the budget.
     *
     * @throws IllegalStateException if no more chunks can exist; the entry is then unchanged
     */
    public int add(WindowEntry entry, long timestampNanos) {
        return add(entry, timestampNanos, Double.NaN, 1, null);
    }

    /**
     * The same, with the value and the weight of the event, if this store keeps values.
     *
     * @param value NaN if there is none
     * @param leaving is shown the value that is removed early, unless it is the added one
     */
    public int add(WindowEntry entry, long timestampNanos, double value, double weight, @Nullable ValueSpan leaving) {
        ChunkValues values = chunks.values();
        if (values != null) {
            if (weight != 1 && !values.hasWeights()) {
                pool.supply().addWeights(values);
            }
            values.carry(value, weight);
        }
        if (headroom <= 0 && !lease() && entry.count > 0) {
            return addWithoutRoom(entry, timestampNanos, leaving);
        }
        lists.insert(entry, timestampNanos);
        headroom--;
        live.setOpaque(live.getPlain() + 1);
        return 0;
    }

    /** The timestamp that {@link #add} has removed early. Valid only right after it returned 1. */
    public long truncatedNanos() {
        return truncatedNanos;
    }

    /** Removes every t with {@code t - boundNanos < 0} and returns how many. */
    public int evictBefore(WindowEntry entry, long boundNanos) {
        return evictBefore(entry, boundNanos, null);
    }

    /** The same; {@code leaving} is shown the values that go. */
    public int evictBefore(WindowEntry entry, long boundNanos, @Nullable ValueSpan leaving) {
        if (leaving != null && entry.count > 0) {
            lists.show(entry, entry.oldestNanos, boundNanos, leaving);
        }
        int removed = lists.evictBefore(entry, boundNanos);
        if (removed > 0) {
            onRemoved(removed);
        }
        return removed;
    }

    /** Removes all and returns how many. */
    public int clear(WindowEntry entry) {
        int removed = lists.clear(entry);
        onRemoved(removed);
        return removed;
    }

    /** Reads what adding to an entry and evicting from it need, without the lock and only to warm the caches. */
    public int touch(WindowEntry entry) {
        return lists.hasChunks(entry.count) ? chunks.touch(entry.headChunk) + chunks.touch(entry.tailChunk) : 0;
    }

    /** Shows all values of an entry, those of older timestamps first. Shows none unless values are kept. */
    public void show(WindowEntry entry, ValueSpan span) {
        lists.show(entry, span);
    }

    /** Shows the values of all timestamps t with {@code fromNanos <= t < untilNanos}. */
    public void show(WindowEntry entry, long fromNanos, long untilNanos, ValueSpan span) {
        lists.show(entry, fromNanos, untilNanos, span);
    }

    public int count(WindowEntry entry) {
        return entry.count;
    }

    /**
     * The oldest timestamp of the entry.
     *
     * @throws IllegalStateException if there is none
     */
    public long oldest(WindowEntry entry) {
        requireAny(entry);
        return entry.oldestNanos;
    }

    /**
     * The newest timestamp of the entry.
     *
     * @throws IllegalStateException if there is none
     */
    public long newest(WindowEntry entry) {
        requireAny(entry);
        return entry.newestNanos;
    }

    /** How many timestamps all entries of this store hold. Other threads may see a slightly old value. */
    public long live() {
        return live.getOpaque();
    }

    /** Returns the leased room to the budget. Nothing may be added afterwards. Idempotent. */
    public void close() {
        budget.giveBack(leased());
        headroom = -live.getPlain();
    }

    /** What this store has leased from the budget. */
    long leased() {
        return live.getPlain() + headroom;
    }

    ChunkPool pool() {
        return pool;
    }

    // ---- room

    private boolean lease() {
        headroom += budget.lease(budget.quantum() - headroom);
        return headroom > 0;
    }

    private int addWithoutRoom(WindowEntry entry, long timestampNanos, @Nullable ValueSpan leaving) {
        if (timestampNanos - entry.oldestNanos <= 0) {
            truncatedNanos = timestampNanos;
            return 1;
        }
        truncatedNanos = entry.oldestNanos;
        lists.insert(entry, timestampNanos);
        if (leaving != null) {
            lists.showOldest(entry, leaving);
        }
        lists.removeOldest(entry);
        return 1;
    }

    private void onRemoved(int removed) {
        live.setOpaque(live.getPlain() - removed);
        headroom += removed;
        long kept = budget.quantum() - 1;
        if (headroom > 2 * kept) {
            budget.giveBack(headroom - kept);
            headroom = kept;
        }
    }

    private static void requireAny(WindowEntry entry) {
        if (entry.count == 0) {
            throw new IllegalStateException("the entry holds no timestamps");
        }
    }
}
