package io.trafilo.state;

import io.trafilo.Key;
import java.util.function.Consumer;
import org.agrona.collections.Int2IntHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one shard, by the lower 32 bits of their hashes. Keys that have these in common are chained, and told apart by
 * their bytes. Guarded by the lock of its shard, except {@link #peek} and {@link #at}.
 */
final class KeyTable<S extends @Nullable Object> {
    /*
     * A map gives the place of a state in an array without gaps. A thread that will need a state soon peeks at its place and
     * keeps that number until it has the lock. If the state at that place has the right key, the map need not be asked again.
     *
     * The map never grows. One that is full is copied into a larger one, which then takes its place: Agrona's own growth
     * raises the limit before it allocates. When memory runs out in between, the map goes on with its old array and fills it
     * to the last slot, and then a search for a key that is not there never ends.
     *
     * What a thread without the lock can meet:
     *  - The map's field is volatile, so what was done to a map before it was published is seen: an array, filled, which is
     *    never replaced and whose length masks every index. So nothing is thrown.
     *  - The place may be another key's, or nobody's any more: a slot's hash and place are two writes, and the states are in
     *    another array, which is replaced when it is full.
     *  - The search ends at an empty slot. At least 35 of 100 are empty at any time, but the thread that peeks sees them one
     *    after the other. To keep it on its way for one lap, others must fill each of these just ahead of it, while it passes
     *    a slot in a few nanoseconds; for another lap, they must empty as many behind it and fill them again. A map that was
     *    replaced is not written any more: there, and wherever the others pause for one lap, the search ends within that lap.
     */

    /**
     * How full a map becomes. At 0.65 a search for a key passes 1.9 slots on average, one for a new key 4.6 (Knuth, The Art of
     * Computer Programming, volume 3, 6.4, linear probing), and a key takes 12 to 25 bytes of slots.
     */
    static final float LOAD_FACTOR = 0.65f;

    static final int INITIAL_CAPACITY = 8;

    /** The bytes of a map, and of the headers of its array and of that of the states. */
    private static final int MAP_AND_HEADERS = 136;

    /** The place of no key. The state there is null. */
    static final int NOWHERE = 0;

    private final boolean aggregated;
    private volatile Int2IntHashMap places = newMap(INITIAL_CAPACITY);
    private @Nullable KeyState<S>[] states = newStates(places);

    /** {@code aggregated}: whether keys have aggregates. */
    KeyTable(boolean aggregated) {
        this.aggregated = aggregated;
    }

    private static Int2IntHashMap newMap(int capacity) {
        return new Int2IntHashMap(capacity, LOAD_FACTOR, NOWHERE);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    private static <S extends @Nullable Object> @Nullable KeyState<S>[] newStates(Int2IntHashMap map) {
        return new KeyState[map.resizeThreshold() + 1];
    }

    /** The most slots that a map takes for so many keys. */
    static long maxSlots(long keys) {
        long slots = INITIAL_CAPACITY;
        while ((long) (slots * LOAD_FACTOR) < keys) {
            slots *= 2;
        }
        return slots;
    }

    /**
     * The most heap that a table takes for so many keys, with 8-byte references. What it outgrew stays until the new map is
     * filled.
     */
    static long maxBytes(long keys) {
        long slots = maxSlots(keys);
        return bytes(slots) + bytes(slots / 2);
    }

    private static long bytes(long slots) {
        long most = (long) (slots * LOAD_FACTOR);
        return MAP_AND_HEADERS + slots * 2 * Integer.BYTES + most * Long.BYTES;
    }

    /** Where the first key with this hash is. For a thread without the lock, as a hint only. */
    int peek(int hash) {
        return places.get(hash);
    }

    /** The first state of a chain at a place that was {@linkplain #peek peeked at}. For a thread without the lock, as a hint. */
    @Nullable
    KeyState<S> at(int place) {
        @Nullable KeyState<S>[] seen = states;
        return place < seen.length ? seen[place] : null;
    }

    /** Finds the key of an event, which may be at a place that was peeked at. */
    @Nullable
    KeyState<S> find(int hash, EventFlyweight event, int place) {
        KeyState<S> entry = at(place);
        if (entry != null && event.keyEquals(entry.key)) {
            return entry;
        }
        entry = states[places.get(hash)];
        while (entry != null && !event.keyEquals(entry.key)) {
            entry = entry.nextOfEqualHash();
        }
        return entry;
    }

    @Nullable
    KeyState<S> find(int hash, Key key) {
        KeyState<S> entry = states[places.get(hash)];
        while (entry != null && !entry.key.equals(key)) {
            entry = entry.nextOfEqualHash();
        }
        return entry;
    }

    /** Adds a key that is not in the table. If memory runs out, the table is unchanged. */
    KeyState<S> add(Key key, int hash, S state) {
        if (places.size() >= places.resizeThreshold()) {
            grow();
        }
        int place = places.get(hash);
        KeyState<S> first = states[place];
        if (first != null) {
            KeyState<S> twin = new KeyState.Twin<>(key, hash, state, first);
            states[place] = twin;
            return twin;
        }
        KeyState<S> entry = aggregated ? new KeyState.Aggregated<>(key, hash, state) : new KeyState<>(key, hash, state);
        int end = places.size() + 1;
        states[end] = entry;
        places.put(hash, end);
        return entry;
    }

    private void grow() {
        Int2IntHashMap larger = newMap(Math.multiplyExact(places.capacity(), 2));
        @Nullable KeyState<S>[] moved = newStates(larger);
        System.arraycopy(states, 0, moved, 0, states.length);
        places.forEachInt(larger::put);
        states = moved;
        places = larger;
    }

    void remove(KeyState<S> entry) {
        int place = places.get(entry.hash);
        KeyState<S> first = states[place];
        KeyState<S> next = entry.nextOfEqualHash();
        if (first != entry) {
            before(first, entry).nextOfEqualHash(next);
        } else if (next != null) {
            states[place] = next;
        } else {
            places.remove(entry.hash);
            fill(place);
        }
    }

    /** Moves the last state into a gap. */
    private void fill(int gap) {
        int last = places.size() + 1;
        KeyState<S> moved = states[last];
        states[last] = null;
        if (gap != last && moved != null) {
            states[gap] = moved;
            places.put(moved.hash, gap);
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
        for (int place = 1; place <= places.size(); place++) {
            for (KeyState<S> entry = states[place]; entry != null; entry = entry.nextOfEqualHash()) {
                visitor.accept(entry);
            }
        }
    }

    void clear() {
        places = newMap(INITIAL_CAPACITY);
        states = newStates(places);
    }
}
