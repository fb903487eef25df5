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
     * of each. If the right chunk has no room, the next one takes over its newest timestamp, or the previous one its oldest.
     * If neither has room, two chunks become three, as in a B*-tree (Knuth, The Art of Computer Programming, volume 3,
     * 6.2.4). A new chunk at either end starts with one timestamp and is filled before another is added there.
     *
     * A chunk has room for 13 timestamps or, with a gap of 4.29 s between two of them, for 7; see Chunks. So every chunk but
     * the first and the last holds at least LEAST_IN_CHUNK: one that a distant timestamp at the end closes early holds 7;
     * three that were made of two hold a third each, of 15 at least; and where those three cannot be made, since a distant
     * timestamp would have to be in a chunk of more than 7, one chunk of 10 or more, the new one included, becomes two. After input in
     * order without such gaps all of them are full.
     *
     * Eviction cuts expired chunks off the head, returns them as one chain, and then moves the start within the chunk that
     * is left. If everything is expired, the whole list goes at once, without a walk.
     *
     * Where values are kept, an entry's timestamps are in chunks from the first one on, since a value has no other place.
     */

    /** What a chunk holds at least if it is neither the first nor the last of its list. */
    static final int LEAST_IN_CHUNK = 5;

    /** The most timestamps that an entry without values holds by itself. */
    private static final int INLINE = 2;

    private static final int LAST_SLOT = Chunks.SLOTS - 1;

    private final ChunkPool pool;
    private final Chunks chunks;
    private final int inline;

    ChunkLists(ChunkPool pool) {
        this.pool = pool;
        this.chunks = pool.chunks();
        this.inline = chunks.values() == null ? INLINE : 0;
    }

    /** Inserts a timestamp after those that are not newer. Fails before anything has changed. */
    void insert(WindowEntry entry, long timestampNanos) {
        int count = entry.count;
        if (count == inline) {
            startList(entry, timestampNanos);
        }
        if (count == 0) {
            entry.oldestNanos = timestampNanos;
            entry.newestNanos = timestampNanos;
        } else if (timestampNanos - entry.newestNanos >= 0) {
            if (count >= inline) {
                append(entry, timestampNanos);
            }
            entry.newestNanos = timestampNanos;
        } else if (timestampNanos - entry.oldestNanos < 0) {
            if (count >= inline) {
                prepend(entry, timestampNanos);
            }
            entry.oldestNanos = timestampNanos;
        } else {
            insertBetween(entry, timestampNanos);
        }
        entry.count = count + 1;
    }

    /** Begins an entry's list with the timestamps that it holds by itself or, if there are none, with the added one. */
    private void startList(WindowEntry entry, long addedNanos) {
        int chunk = pool.take();
        if (entry.count == 0) {
            chunks.init(chunk, Chunks.NIL, Chunks.NIL, 0, addedNanos);
        } else {
            chunks.init(chunk, Chunks.NIL, Chunks.NIL, 0, entry.oldestNanos);
            chunks.tryAppend(chunk, entry.newestNanos, entry.oldestNanos);
        }
        entry.headChunk = chunk;
        entry.tailChunk = chunk;
    }

    private void append(WindowEntry entry, long timestampNanos) {
        if (!chunks.tryAppend(entry.tailChunk, timestampNanos, entry.newestNanos)) {
            addTail(entry, timestampNanos);
        }
    }

    private void addTail(WindowEntry entry, long timestampNanos) {
        int added = pool.take();
        chunks.init(added, entry.tailChunk, Chunks.NIL, 0, timestampNanos);
        chunks.next(entry.tailChunk, added);
        entry.tailChunk = added;
    }

    private void prepend(WindowEntry entry, long timestampNanos) {
        int head = entry.headChunk;
        if (!chunks.tryPrepend(head, timestampNanos)) {
            int added = pool.take();
            chunks.init(added, Chunks.NIL, head, LAST_SLOT, timestampNanos); // so that it is filled from its end
            chunks.prev(head, added);
            entry.headChunk = added;
        }
    }

    private void insertBetween(WindowEntry entry, long timestampNanos) {
        int chunk = entry.tailChunk;
        while (timestampNanos - chunks.first(chunk) < 0) {
            chunk = chunks.prev(chunk);
        }
        if (chunks.tryInsert(chunk, timestampNanos)) {
            return;
        }
        if (chunk == entry.tailChunk) {
            addTail(entry, entry.newestNanos);
            int count = chunks.readWith(chunk, timestampNanos);
            chunks.write(entry.tailChunk, count - 1, 1); // the same timestamp, and its value
            chunks.write(chunk, 0, count - 1);
        } else if (!tryMoveNewest(chunk, timestampNanos) && !tryMoveOldest(entry, chunk, timestampNanos)) {
            split(chunk, timestampNanos);
        }
    }

    /** Adds a timestamp to a chunk that has no room, if the next one has room for the newest of them all. */
    private boolean tryMoveNewest(int chunk, long timestampNanos) {
        int count = chunks.readWith(chunk, timestampNanos);
        if (!chunks.tryInsertRead(chunks.next(chunk), count - 1)) {
            return false;
        }
        chunks.readWith(chunk, timestampNanos); // once more, since the other chunk may have been rewritten
        chunks.write(chunk, 0, count - 1);
        return true;
    }

    /** Adds a timestamp to a chunk that has no room, if the previous one has room for the oldest of them all. */
    private boolean tryMoveOldest(WindowEntry entry, int chunk, long timestampNanos) {
        int count = chunks.readWith(chunk, timestampNanos);
        if (chunk == entry.headChunk || !chunks.fits(1, count - 1) || !chunks.tryInsertRead(chunks.prev(chunk), 0)) {
            return false;
        }
        chunks.readWith(chunk, timestampNanos); // as above
        chunks.write(chunk, 1, count - 1);
        return true;
    }

    /** Adds a timestamp to a chunk that has no room and makes three of it and the next one or, if need be, two of it alone. */
    private void split(int chunk, long timestampNanos) {
        int next = chunks.next(chunk);
        int added = pool.take();
        chunks.init(added, chunk, next, 0, timestampNanos);
        chunks.next(chunk, added);
        chunks.prev(next, added);
        int count = chunks.readWith(chunk, next, timestampNanos);
        int first = (count + 2) / 3;
        int second = (count + 1) / 3;
        int third = count / 3;
        if (chunks.fits(0, first) && chunks.fits(first, second) && chunks.fits(first + second, third)) {
            chunks.write(chunk, 0, first);
            chunks.write(added, first, second);
            chunks.write(next, first + second, third);
        } else {
            count = chunks.readWith(chunk, timestampNanos);
            first = (count + 1) / 2;
            chunks.write(chunk, 0, first);
            chunks.write(added, first, count - first);
        }
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
        if (count <= inline) {
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
        if (count > inline) {
            pool.giveBack(entry.headChunk, entry.tailChunk);
        }
        entry.count = 0;
        return count;
    }

    /** Removes the oldest timestamp of two or more. */
    void removeOldest(WindowEntry entry) {
        if (entry.count <= inline) {
            entry.oldestNanos = entry.newestNanos;
            entry.count--;
            return;
        }
        int head = entry.headChunk;
        if (chunks.size(head) == 1) {
            cutBefore(entry, chunks.next(head));
        } else {
            chunks.removeFirst(head, 1);
        }
        updateEntry(entry, 1);
    }

    /** Requires that some timestamps are expired and some are not. */
    private void evictFromChunks(WindowEntry entry, long boundNanos) {
        int chunk = entry.headChunk;
        int size = chunks.size(chunk);
        int expired = chunks.removeBefore(chunk, boundNanos);
        int removed = expired;
        while (expired == size) {
            chunk = chunks.next(chunk);
            size = chunks.size(chunk);
            expired = chunks.removeBefore(chunk, boundNanos);
            removed += expired;
        }
        cutBefore(entry, chunk);
        updateEntry(entry, removed);
    }

    /** Returns all chunks before the given one, which becomes the head. */
    private void cutBefore(WindowEntry entry, int chunk) {
        if (chunk != entry.headChunk) {
            pool.giveBack(entry.headChunk, chunks.prev(chunk));
            chunks.prev(chunk, Chunks.NIL);
            entry.headChunk = chunk;
        }
    }

    /** Updates the entry's own fields after its {@code removed} oldest timestamps have left its chunks. */
    private void updateEntry(WindowEntry entry, int removed) {
        entry.oldestNanos = chunks.first(entry.headChunk);
        entry.count -= removed;
        if (entry.count <= inline) {
            pool.giveBack(entry.headChunk, entry.tailChunk);
        }
    }

    // ---- values

    /** Shows all values of an entry, from the oldest timestamp's on. */
    void show(WindowEntry entry, ValueSpan span) {
        if (entry.count > inline) {
            for (int chunk = entry.headChunk; chunk != Chunks.NIL; chunk = chunks.next(chunk)) {
                chunks.show(chunk, chunks.size(chunk), span);
            }
        }
    }

    /** Shows the values of all timestamps t with fromNanos <= t < untilNanos. */
    void show(WindowEntry entry, long fromNanos, long untilNanos, ValueSpan span) {
        if (entry.count > inline) {
            int chunk = entry.headChunk;
            while (chunk != Chunks.NIL && chunks.first(chunk) - untilNanos < 0) {
                chunks.show(chunk, fromNanos, untilNanos, span);
                chunk = chunks.next(chunk);
            }
        }
    }

    /** Shows the value of the oldest timestamp. */
    void showOldest(WindowEntry entry, ValueSpan span) {
        if (entry.count > inline) {
            chunks.show(entry.headChunk, 1, span);
        }
    }

    /** Whether an entry with so many timestamps has chunks. */
    boolean hasChunks(int count) {
        return count > inline;
    }
}
