package io.trafilo.state;

import io.trafilo.Key;
import java.util.function.Consumer;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one shard, by 64-bit hash; the rare keys with equal hashes are chained and told apart by their bytes. Guarded
 * by the lock of its shard.
 */
final class KeyTable<S extends @Nullable Object> {
    private final Long2ObjectHashMap<KeyState<S>> heads = new Long2ObjectHashMap<>(16, 0.65f, false);

    @Nullable
    KeyState<S> find(long hash, EventFlyweight event) {
        KeyState<S> entry = heads.get(hash);
        while (entry != null && !event.keyEquals(entry.key)) {
            entry = entry.nextSameHash;
        }
        return entry;
    }

    @Nullable
    KeyState<S> find(long hash, Key key) {
        KeyState<S> entry = heads.get(hash);
        while (entry != null && !entry.key.equals(key)) {
            entry = entry.nextSameHash;
        }
        return entry;
    }

    void add(KeyState<S> entry) {
        entry.nextSameHash = heads.put(entry.hash, entry);
    }

    void remove(KeyState<S> entry) {
        KeyState<S> head = heads.remove(entry.hash);
        if (head == entry) {
            head = entry.nextSameHash;
        } else {
            KeyState<S> before = head;
            while (before != null && before.nextSameHash != entry) {
                before = before.nextSameHash;
            }
            if (before == null) {
                throw new IllegalStateException("key not in its table: " + entry.key);
            }
            before.nextSameHash = entry.nextSameHash;
        }
        if (head != null) {
            heads.put(head.hash, head);
        }
        entry.nextSameHash = null;
    }

    void forEach(Consumer<KeyState<S>> visitor) {
        heads.forEachLong((hash, head) -> {
            for (KeyState<S> entry = head; entry != null; entry = entry.nextSameHash) {
                visitor.accept(entry);
            }
        });
    }

    void clear() {
        heads.clear();
    }
}
