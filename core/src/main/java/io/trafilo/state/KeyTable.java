package io.trafilo.state;

import io.trafilo.Key;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one shard: an open-addressing hash table with linear probing, at most half full. A removal leaves no tombstone
 * (Knuth, The Art of Computer Programming, volume 3, 6.4, Algorithm R). Guarded by the lock of its shard, except
 * {@link #peek} and {@link #peekSlot}.
 */
final class KeyTable<S extends @Nullable Object> {
    /*
     * The table holds only references, so a look-up waits for memory twice: for the slot and for the entry. It also lets a
     * thread without the lock peek at what it will need soon; a table of several arrays would not. The hash needs no mixing:
     * KeyHash draws it from a universal family, and the shard was chosen by its upper bits.
     */
    private static final int INITIAL_CAPACITY = 16;
    private static final int PEEKS = 4;

    private @Nullable KeyState<S>[] slots = newSlots(INITIAL_CAPACITY);
    private int size;

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    private static <S extends @Nullable Object> @Nullable KeyState<S>[] newSlots(int capacity) {
        return new KeyState[capacity];
    }

    @Nullable
    KeyState<S> find(long hash, EventFlyweight event) {
        int mask = slots.length - 1;
        int i = (int) hash & mask;
        KeyState<S> entry = slots[i];
        while (entry != null && (entry.hash != hash || !event.keyEquals(entry.key))) {
            i = (i + 1) & mask;
            entry = slots[i];
        }
        return entry;
    }

    @Nullable
    KeyState<S> find(long hash, Key key) {
        int mask = slots.length - 1;
        int i = (int) hash & mask;
        KeyState<S> entry = slots[i];
        while (entry != null && (entry.hash != hash || !entry.key.equals(key))) {
            i = (i + 1) & mask;
            entry = slots[i];
        }
        return entry;
    }

    /** The slot of an entry with this hash, or one near it. For a thread without the lock, as a hint only. */
    int peekSlot(long hash) {
        @Nullable KeyState<S>[] seen = slots;
        int mask = seen.length - 1;
        int i = (int) hash & mask;
        KeyState<S> entry = seen[i];
        for (int n = 1; n < PEEKS && entry != null && entry.hash != hash; n++) {
            i = (i + 1) & mask;
            entry = seen[i];
        }
        return i;
    }

    /** What a slot holds. For a thread without the lock, as a hint only. */
    @Nullable
    KeyState<S> peek(long slot) {
        @Nullable KeyState<S>[] seen = slots;
        return seen[(int) slot & (seen.length - 1)];
    }

    /** Adds a key that is not in the table. */
    void add(KeyState<S> entry) {
        if (2 * size >= slots.length) {
            grow();
        }
        put(slots, entry);
        size++;
    }

    private void grow() {
        @Nullable KeyState<S>[] larger = newSlots(Math.multiplyExact(slots.length, 2));
        for (KeyState<S> entry : slots) {
            if (entry != null) {
                put(larger, entry);
            }
        }
        slots = larger;
    }

    private static <S extends @Nullable Object> void put(@Nullable KeyState<S>[] slots, KeyState<S> entry) {
        int mask = slots.length - 1;
        int i = (int) entry.hash & mask;
        while (slots[i] != null) {
            i = (i + 1) & mask;
        }
        slots[i] = entry;
    }

    void remove(KeyState<S> entry) {
        int mask = slots.length - 1;
        int gap = (int) entry.hash & mask;
        while (slots[gap] != entry) {
            if (slots[gap] == null) {
                throw new IllegalStateException("key not in its table: " + Key.printable(entry.key.toString()));
            }
            gap = (gap + 1) & mask;
        }
        int i = gap;
        while (true) {
            i = (i + 1) & mask;
            KeyState<S> next = slots[i];
            if (next == null) {
                break;
            }
            int home = (int) next.hash & mask;
            if (((i - home) & mask) >= ((i - gap) & mask)) { // its probe sequence crosses the gap
                slots[gap] = next;
                gap = i;
            }
        }
        slots[gap] = null;
        size--;
    }

    void forEach(Consumer<KeyState<S>> visitor) {
        for (KeyState<S> entry : slots) {
            if (entry != null) {
                visitor.accept(entry);
            }
        }
    }

    void clear() {
        slots = newSlots(INITIAL_CAPACITY);
        size = 0;
    }
}
