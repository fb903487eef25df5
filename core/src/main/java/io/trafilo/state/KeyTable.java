package io.trafilo.state;

import io.trafilo.Key;
import java.util.function.Consumer;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one shard, by the lower 32 bits of their hashes. Keys that have these in common are chained, and told apart by
 * their bytes. Guarded by the lock of its shard, except {@link #peek}.
 */
final class KeyTable<S extends @Nullable Object> {
    /*
     * An Int2ObjectHashMap never grows here: one that is full is copied into a larger one, which then takes its place. The map's
     * own growth would not do.
     *  1. It raises its limit before it allocates. When memory runs out in between, the map goes on with its old arrays and
     *     fills them to the last slot, and then a look for a key that is not there never ends.
     *  2. It replaces its two arrays one after the other. A thread without the lock could combine short keys with long values.
     *
     * What a thread that peeks can meet:
     *  - The field is volatile, so what was done to a map before it was published is seen: arrays of one length, filled. They
     *    are never replaced, and an index is masked by their length. So nothing is thrown.
     *  - All that is ever stored in the values is a KeyState, whose key, hash and state are final. So what comes back is one,
     *    but while another thread adds or removes it may be another key's: a slot's key and value are two writes.
     *  - The search ends at an empty slot. At least 45 of 100 are empty at any time, but the thread that peeks sees them one
     *    after the other. To keep it on its way for one lap, others must fill each of these just ahead of it, while it passes
     *    a slot in a few nanoseconds; for another lap, they must empty as many behind it and fill them again. A map that was
     *    replaced is not written any more: there, and wherever the others pause for one lap, the search ends within that lap.
     */

    /**
     * How full a map becomes. At 0.55 a search for a key passes 1.6 slots on average, one for a new key 3 (Knuth, The Art of
     * Computer Programming, volume 3, 6.4, linear probing). A key then takes 15 to 29 bytes of slots, or 22 to 44 without
     * compressed references.
     */
    static final float LOAD_FACTOR = 0.55f;

    static final int INITIAL_CAPACITY = 8;

    private volatile Int2ObjectHashMap<KeyState<S>> map = newMap(INITIAL_CAPACITY);

    private static <S extends @Nullable Object> Int2ObjectHashMap<KeyState<S>> newMap(int capacity) {
        return new Int2ObjectHashMap<>(capacity, LOAD_FACTOR);
    }

    /** The most slots that a table takes for so many keys. */
    static long maxSlots(long keys) {
        long slots = INITIAL_CAPACITY;
        while ((long) (slots * LOAD_FACTOR) < keys) {
            slots *= 2;
        }
        return slots;
    }

    @Nullable
    KeyState<S> find(int hash, EventFlyweight event) {
        KeyState<S> entry = map.get(hash);
        while (entry != null && !event.keyEquals(entry.key)) {
            entry = entry.nextOfEqualHash();
        }
        return entry;
    }

    @Nullable
    KeyState<S> find(int hash, Key key) {
        KeyState<S> entry = map.get(hash);
        while (entry != null && !entry.key.equals(key)) {
            entry = entry.nextOfEqualHash();
        }
        return entry;
    }

    /**
     * The first key with this hash, or null. For a thread without the lock, as a hint only: it may be out of date, or the state
     * of a key with another hash. Chains are left out.
     */
    @Nullable
    KeyState<S> peek(int hash) {
        return map.get(hash);
    }

    /** Adds a key that is not in the table. If memory runs out, the table is unchanged. */
    KeyState<S> add(Key key, int hash, S state) {
        Int2ObjectHashMap<KeyState<S>> roomy = map;
        if (roomy.size() >= roomy.resizeThreshold()) {
            roomy = grow(roomy);
        }
        KeyState<S> first = roomy.get(hash);
        KeyState<S> entry =
                first == null ? new KeyState<>(key, hash, state) : new KeyState.Twin<>(key, hash, state, first);
        roomy.put(hash, entry);
        return entry;
    }

    private Int2ObjectHashMap<KeyState<S>> grow(Int2ObjectHashMap<KeyState<S>> outgrown) {
        Int2ObjectHashMap<KeyState<S>> larger = newMap(Math.multiplyExact(outgrown.capacity(), 2));
        outgrown.forEachInt(larger::put);
        map = larger;
        return larger;
    }

    void remove(KeyState<S> entry) {
        KeyState<S> first = map.get(entry.hash);
        KeyState<S> next = entry.nextOfEqualHash();
        if (first != entry) {
            before(first, entry).nextOfEqualHash(next);
        } else if (next != null) {
            map.put(entry.hash, next);
        } else {
            map.remove(entry.hash);
        }
    }

    private static <S extends @Nullable Object> KeyState.Twin<S> before(
            @Nullable KeyState<S> first, KeyState<S> entry) {
        KeyState<S> before = first;
        while (before instanceof KeyState.Twin<S> twin) {
            before = twin.nextOfEqualHash();
            if (before == entry) {
                return twin;
            }
        }
        throw new IllegalStateException("key not in its table: " + Key.printable(entry.key.toString()));
    }

    void forEach(Consumer<KeyState<S>> visitor) {
        map.forEachInt((hash, first) -> {
            for (KeyState<S> entry = first; entry != null; entry = entry.nextOfEqualHash()) {
                visitor.accept(entry);
            }
        });
    }

    void clear() {
        map = newMap(INITIAL_CAPACITY);
    }
}
