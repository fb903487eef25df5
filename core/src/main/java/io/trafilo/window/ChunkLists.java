package io.trafilo.window;

/** Keeps the timestamps of each entry sorted, in a list of chunks that starts in the entry. */
final class ChunkLists {
    /*
     * An unrolled linked list per key (Shao, Reppy and Appel 1994), with chunks cut from blocks that all keys share.
     *
     * The entry always holds its oldest and newest timestamp. With at most two timestamps it therefore needs no chunk. From
     * the third on, all of them are in chunks as well, and the two fields answer nearly every question without reading the
     * chunks. An entry that falls back to two returns its chunks.
     *
     *     entry.head -> [ . . . 4 5 6 ] <-> [ 7 8 8 9 9 . ] <-> [ 9 9 . . . . ] <- entry.tail
     *
     * To place a late timestamp, the list is walked back from the tail, chunk by chunk, comparing only the first timestamp
     * of each. If the right chunk is full, the next one takes over its newest timestamp, or the previous one its oldest. If
     * both are full too, the chunk is split in halves. A new chunk at either end starts with one timestamp and is filled
     * before another is added there. So every chunk but the first and the last is at least 7/15 full, and after input in
     * order all of them are full.
     *
     * Eviction cuts expired chunks off the head, returns them as one chain, and then moves the start within the chunk that
     * is left. If everything is expired, the whole list goes at once, without a walk.
     */

    private static final int INLINE = 2;

    /**
     * A lone chunk with this many free slots in front is compacted: that moves fewer than 3 timestamps for each one added.
     */
    private static final int COMPACT_FROM = 4;

    private final ChunkPool chunks;

    ChunkLists(ChunkPool chunks) {
        this.chunks = chunks;
    }

    /** Inserts a timestamp after those that are not newer. Fails before anything has changed. */
    void insert(WindowEntry entry, long timestampNanos) {
        int count = entry.count;
        if (count == INLINE) {
            moveIntoChunk(entry);
        }
        if (count == 0) {
            entry.oldestNanos = timestampNanos;
            entry.newestNanos = timestampNanos;
        } else if (timestampNanos - entry.newestNanos >= 0) {
            if (count >= INLINE) {
                append(entry, timestampNanos);
            }
            entry.newestNanos = timestampNanos;
        } else if (timestampNanos - entry.oldestNanos < 0) {
            if (count >= INLINE) {
                prepend(entry, timestampNanos);
            }
            entry.oldestNanos = timestampNanos;
        } else {
            insertBetween(entry, timestampNanos);
        }
        entry.count = count + 1;
    }

    private void moveIntoChunk(WindowEntry entry) {
        int chunk = chunks.take();
        chunks.initEmpty(chunk, ChunkPool.NIL, ChunkPool.NIL, 0);
        chunks.tryAppend(chunk, entry.oldestNanos);
        chunks.tryAppend(chunk, entry.newestNanos);
        entry.headChunk = chunk;
        entry.tailChunk = chunk;
    }

    private void append(WindowEntry entry, long timestampNanos) {
        int tail = entry.tailChunk;
        if (chunks.tryAppend(tail, timestampNanos)) {
            return;
        }
        if (chunks.size(tail) <= ChunkPool.SLOTS - COMPACT_FROM) {
            chunks.compact(tail);
        } else {
            tail = addTail(entry);
        }
        chunks.tryAppend(tail, timestampNanos);
    }

    private void prepend(WindowEntry entry, long timestampNanos) {
        int head = entry.headChunk;
        if (chunks.isFull(head)) {
            int added = chunks.take();
            chunks.initEmpty(added, ChunkPool.NIL, head, ChunkPool.SLOTS); // so that it is filled from its end
            chunks.prev(head, added);
            entry.headChunk = added;
            head = added;
        }
        chunks.insert(head, timestampNanos);
    }

    private void insertBetween(WindowEntry entry, long timestampNanos) {
        int chunk = entry.tailChunk;
        while (timestampNanos - chunks.first(chunk) < 0) {
            chunk = chunks.prev(chunk);
        }
        if (chunks.isFull(chunk)) {
            chunk = makeRoom(entry, chunk, timestampNanos);
        }
        chunks.insert(chunk, timestampNanos);
    }

    /** Makes room in or after a full chunk. Returns the chunk that the timestamp now belongs in. */
    private int makeRoom(WindowEntry entry, int chunk, long timestampNanos) {
        int prev = chunks.prev(chunk);
        int next = chunks.next(chunk);
        if (next == ChunkPool.NIL) {
            next = addTail(entry);
        } else if (chunks.isFull(next)) {
            if (prev != ChunkPool.NIL && !chunks.isFull(prev)) {
                chunks.insert(prev, chunks.removeFirst(chunk));
                return chunk;
            }
            int newer = split(chunk, next);
            return timestampNanos - chunks.first(newer) < 0 ? chunk : newer;
        }
        if (timestampNanos - chunks.last(chunk) >= 0) {
            return next;
        }
        chunks.insert(next, chunks.removeLast(chunk));
        return chunk;
    }

    private int split(int chunk, int next) {
        int newer = chunks.take();
        chunks.initEmpty(newer, chunk, next, 0);
        chunks.next(chunk, newer);
        chunks.prev(next, newer);
        chunks.moveNewerHalf(chunk, newer);
        return newer;
    }

    private int addTail(WindowEntry entry) {
        int added = chunks.take();
        chunks.initEmpty(added, entry.tailChunk, ChunkPool.NIL, 0);
        chunks.next(entry.tailChunk, added);
        entry.tailChunk = added;
        return added;
    }

    /** Removes every t with t - boundNanos < 0 and returns how many. */
    int evictBefore(WindowEntry entry, long boundNanos) {
        int count = entry.count;
        if (count == 0 || entry.oldestNanos - boundNanos >= 0) {
            return 0;
        }
        if (entry.newestNanos - boundNanos < 0) {
            return clear(entry);
        }
        if (count <= INLINE) {
            entry.oldestNanos = entry.newestNanos;
            entry.count = 1;
        } else {
            evictFromChunks(entry, boundNanos);
        }
        return count - entry.count;
    }

    /** Removes all and returns how many. */
    int clear(WindowEntry entry) {
        int count = entry.count;
        if (count > INLINE) {
            chunks.giveBack(entry.headChunk, entry.tailChunk);
        }
        entry.count = 0;
        return count;
    }

    /** Removes the oldest timestamp. The entry must not be empty. */
    void removeOldest(WindowEntry entry) {
        if (entry.count <= INLINE) {
            entry.oldestNanos = entry.newestNanos;
            entry.count--;
            return;
        }
        int head = entry.headChunk;
        chunks.removeFirst(head);
        if (chunks.size(head) == 0) {
            cutBefore(entry, chunks.next(head));
        }
        updateEntry(entry, 1);
    }

    /** Requires that some timestamps are expired and some are not. */
    private void evictFromChunks(WindowEntry entry, long boundNanos) {
        int removed = 0;
        int chunk = entry.headChunk;
        while (chunks.last(chunk) - boundNanos < 0) {
            removed += chunks.size(chunk);
            chunk = chunks.next(chunk);
        }
        cutBefore(entry, chunk);
        removed += chunks.removeBefore(chunk, boundNanos);
        updateEntry(entry, removed);
    }

    /** Returns all chunks before the given one, which becomes the head. */
    private void cutBefore(WindowEntry entry, int chunk) {
        if (chunk != entry.headChunk) {
            chunks.giveBack(entry.headChunk, chunks.prev(chunk));
            chunks.prev(chunk, ChunkPool.NIL);
            entry.headChunk = chunk;
        }
    }

    /** Updates the entry's own fields after its {@code removed} oldest timestamps have left its chunks. */
    private void updateEntry(WindowEntry entry, int removed) {
        entry.oldestNanos = chunks.first(entry.headChunk);
        entry.count -= removed;
        if (entry.count <= INLINE) {
            chunks.giveBack(entry.headChunk, entry.tailChunk);
        }
    }
}
