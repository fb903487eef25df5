package io.trafilo.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;

/** Looks at what a store keeps in its chunks, and checks what must hold for them at any time. */
final class StoreInspector {

    private StoreInspector() {}

    /** All timestamps of an entry, in the order in which they are kept. */
    static long[] contentOf(TimestampStore store, WindowEntry entry) {
        long[] content = new long[entry.count];
        if (entry.count > 0) {
            content[0] = entry.oldestNanos;
            content[entry.count - 1] = entry.newestNanos;
        }
        if (!hasChunks(store, entry)) {
            return content;
        }
        Chunks chunks = store.pool().chunks();
        int copied = 0;
        for (int chunk = entry.headChunk; chunk != Chunks.NIL; chunk = chunks.next(chunk)) {
            assertThat(copied + chunks.size(chunk)).as("timestamps in chunks").isLessThanOrEqualTo(entry.count);
            copied += chunks.copyTo(chunk, content, copied);
        }
        assertThat(copied).as("timestamps in chunks").isEqualTo(entry.count);
        return content;
    }

    private static boolean hasChunks(TimestampStore store, WindowEntry entry) {
        return entry.count > (store.pool().supply().keepsValues() ? 0 : 2);
    }

    /** Checks every chunk ever used, given all entries of a store that has its supply for itself. */
    static void checkChunks(TimestampStore store, List<? extends WindowEntry> entries) {
        checkChunks(List.of(store), List.of(entries));
    }

    /** Checks every chunk ever used, given all stores that share a supply, and the entries of each. */
    static void checkChunks(List<TimestampStore> stores, List<? extends List<? extends WindowEntry>> entries) {
        BitSet seen = new BitSet();
        int untouched = 0;
        ChunkSupply supply = stores.get(0).pool().supply();
        for (int first : supply.chains()) {
            int length = markChain(seen, chunksOfAll(supply), first);
            assertThat(length).as("chain in the supply").isGreaterThanOrEqualTo(ChunkSupply.RUN);
        }
        for (int i = 0; i < stores.size(); i++) {
            ChunkPool pool = stores.get(i).pool();
            Chunks chunks = pool.chunks();
            untouched += pool.untouchedChunks();
            int free = markChain(seen, chunks, pool.freeChunk());
            assertThat(free).as("free chunks of a store").isLessThanOrEqualTo(ChunkPool.MAX_FREE);
            long live = 0;
            for (WindowEntry entry : entries.get(i)) {
                live += entry.count;
                if (hasChunks(stores.get(i), entry)) {
                    checkList(chunks, entry, seen);
                }
            }
            assertThat(stores.get(i).live()).as("live").isEqualTo(live);
        }
        if (seen.cardinality() + untouched != supply.touchedChunks()) {
            throw new AssertionError("chunks in lists, free or untouched: " + seen.cardinality() + " + " + untouched
                    + " of " + supply.touchedChunks());
        }
    }

    /** All chunks, to follow chains with. */
    private static Chunks chunksOfAll(ChunkSupply supply) {
        Chunks chunks = new Chunks(null);
        chunks.blocks(supply.blocks());
        return chunks;
    }

    private static int markChain(BitSet seen, Chunks chunks, int first) {
        int length = 0;
        for (int chunk = first; chunk != Chunks.NIL; chunk = chunks.next(chunk)) {
            markSeen(seen, chunk);
            length++;
        }
        return length;
    }

    /** How many chunks the entry owns. */
    static int chunkCount(TimestampStore store, WindowEntry entry) {
        int count = 0;
        if (hasChunks(store, entry)) {
            for (int chunk = entry.headChunk;
                    chunk != Chunks.NIL;
                    chunk = store.pool().chunks().next(chunk)) {
                count++;
            }
        }
        return count;
    }

    private static void checkList(Chunks chunks, WindowEntry entry, BitSet seen) {
        int prev = Chunks.NIL;
        for (int chunk = entry.headChunk; chunk != Chunks.NIL; chunk = chunks.next(chunk)) {
            markSeen(seen, chunk);
            boolean inner = chunk != entry.headChunk && chunk != entry.tailChunk;
            int least = inner ? ChunkLists.LEAST_IN_CHUNK : 1;
            if (chunks.size(chunk) < least) {
                throw new AssertionError("chunk " + chunk + " holds " + chunks.size(chunk) + " (least: " + least + ")");
            }
            if (chunks.prev(chunk) != prev) {
                throw new AssertionError(
                        "chunk " + chunk + " comes after " + prev + " and names " + chunks.prev(chunk));
            }
            prev = chunk;
        }
        assertThat(entry.tailChunk).as("tail").isEqualTo(prev);
        assertThat(chunks.first(entry.headChunk)).as("oldest").isEqualTo(entry.oldestNanos);
        long[] last = new long[Chunks.SLOTS];
        int size = chunks.copyTo(entry.tailChunk, last, 0);
        assertThat(last[size - 1]).as("newest").isEqualTo(entry.newestNanos);
    }

    private static void markSeen(BitSet seen, int chunk) {
        if (seen.get(chunk)) {
            throw new AssertionError("chunk " + chunk + " is in two places");
        }
        seen.set(chunk);
    }
}
