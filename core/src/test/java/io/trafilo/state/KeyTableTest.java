package io.trafilo.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafilo.Key;
import io.trafilo.testing.Parts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.agrona.collections.Int2IntHashMap;
import org.junit.jupiter.api.Test;

class KeyTableTest {
    private static final int HASH = 0x9ABC_DEF0;

    private final KeyTable<String> table = new KeyTable<>(false);

    private KeyState<String> add(String name, int hash) {
        return table.add(Key.of(name), hash, "state of " + name);
    }

    private KeyState<String> find(String name, int hash) {
        byte[] bytes = ("_" + name + "_").getBytes(StandardCharsets.UTF_8);
        EventFlyweight event = new EventFlyweight();
        event.wrap(bytes, 1, bytes.length - 2, bytes, 0, 0, 0, 0);
        KeyState<String> entry = table.find(hash, Key.of(name));
        for (int place : new int[] {0, 1, 7, 1_000_000, table.peek(hash)}) {
            assertThat(table.find(hash, event, place)).isSameAs(entry);
        }
        return entry;
    }

    @Test
    void shouldTellKeysWithEqualHashesApart() {
        KeyState<String> a = add("a", HASH);
        KeyState<String> b = add("b", HASH);
        KeyState<String> ab = add("ab", HASH);
        assertThat(find("a", HASH)).isSameAs(a);
        assertThat(find("b", HASH)).isSameAs(b);
        assertThat(find("ab", HASH)).isSameAs(ab);
        assertThat(find("c", HASH)).isNull();
        assertThat(find("a", HASH + 1)).isNull();
    }

    @Test
    void shouldRemoveFromAnyPlaceOfAChain() {
        String[] names = {"a", "b", "c", "d"};
        for (String gone : names) {
            Map<String, KeyState<String>> entries = new HashMap<>();
            for (String name : names) {
                entries.put(name, add(name, HASH));
            }
            table.remove(entries.get(gone));
            for (String name : names) {
                assertThat(find(name, HASH)).isSameAs(name.equals(gone) ? null : entries.get(name));
            }
            table.clear();
            assertThat(find("a", HASH)).isNull();
        }
    }

    @Test
    void shouldRefuseToRemoveWhatIsNotThere() {
        KeyState<String> stranger = new KeyState<>(Key.of("x"), HASH, "");
        assertThatThrownBy(() -> table.remove(stranger)).isInstanceOf(IllegalStateException.class);
        add("a", HASH);
        assertThatThrownBy(() -> table.remove(stranger)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldTakeExtremeHashes() {
        for (int hash : new int[] {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            KeyState<String> entry = add("key" + hash, hash);
            assertThat(find("key" + hash, hash)).isSameAs(entry);
        }
    }

    @Test
    void shouldHoldWhatAMapHoldsWhenOperationsAreRandom() {
        for (long seed = 1; seed <= 200; seed++) {
            Random random = new Random(seed);
            Map<String, KeyState<String>> model = new HashMap<>();
            for (int i = 0; i < 300; i++) {
                String name = "key" + random.nextInt(40);
                int hash = name.hashCode() % 5; // long chains
                KeyState<String> known = model.get(name);
                assertThat(find(name, hash)).as("seed %d", seed).isSameAs(known);
                if (known == null) {
                    model.put(name, add(name, hash));
                } else {
                    table.remove(model.remove(name));
                }
            }
            List<KeyState<String>> visited = new ArrayList<>();
            table.forEach(visited::add);
            assertThat(visited).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(model.values());
            table.clear();
        }
    }

    @Test
    void shouldHoldWhatAMapHoldsWhenItGrowsAndSomeHashesAreEqual() {
        for (long seed = 1; seed <= 50; seed++) {
            Random random = new Random(seed);
            Map<String, KeyState<String>> model = new HashMap<>();
            for (int i = 0; i < 2_000; i++) {
                String name = "key" + random.nextInt(400);
                int hash = (name.hashCode() * 0x9E37_79B9) >>> 24; // up to 256 of them
                KeyState<String> known = model.get(name);
                assertThat(find(name, hash)).as("seed %d", seed).isSameAs(known);
                if (known == null) {
                    model.put(name, add(name, hash));
                } else if (random.nextInt(3) == 0) {
                    table.remove(model.remove(name));
                }
            }
            for (KeyState<String> entry : model.values()) {
                assertThat(find(entry.key.toString(), entry.hash)).isSameAs(entry);
            }
            table.clear();
        }
    }

    @Test
    void shouldPeekAtTheFirstKeyWithAHash() {
        assertThat(table.at(table.peek(HASH))).isNull();
        KeyState<String> a = add("a", HASH);
        assertThat(table.at(table.peek(HASH))).isSameAs(a);
        KeyState<String> b = add("b", HASH);
        assertThat(table.at(table.peek(HASH))).isIn(a, b);
        assertThat(table.at(table.peek(HASH + 1))).isNull();
    }

    @Test
    void shouldFindKeysThatMoveWhenOthersGo() {
        KeyState<String> a = add("a", 1);
        KeyState<String> b = add("b", 2);
        KeyState<String> c = add("c", 3);
        int place = table.peek(3);

        table.remove(a);

        assertThat(table.peek(3)).isNotEqualTo(place);
        assertThat(table.at(place)).isNull();
        assertThat(find("a", 1)).isNull();
        assertThat(find("b", 2)).isSameAs(b);
        assertThat(find("c", 3)).isSameAs(c);
    }

    /** So a thread that peeks sees arrays of one length, and a growth for which memory runs out has changed nothing. */
    @Test
    void shouldLeaveTheOutgrownMapAsItWas() throws ReflectiveOperationException {
        int capacity = map().capacity();
        Set<Integer> capacities = new TreeSet<>();
        for (int keys = 1; keys <= 1_000; keys++) {
            Int2IntHashMap before = map();
            int size = before.size();
            add("key" + keys, keys);
            if (map().capacity() != capacity) {
                assertThat(before.capacity()).isEqualTo(capacity);
                assertThat(before.size()).isEqualTo(size);
                capacity = map().capacity();
            }
            assertThat(map().capacity()).isEqualTo(capacity).isEqualTo((int) KeyTable.maxSlots(keys));
            assertThat(map().size()).isEqualTo(keys);
            capacities.add(capacity);
        }
        assertThat(capacities).containsExactly(8, 16, 32, 64, 128, 256, 512, 1024, 2048);
        assertThat(map().loadFactor()).isEqualTo(KeyTable.LOAD_FACTOR);
    }

    private Int2IntHashMap map() throws ReflectiveOperationException {
        return (Int2IntHashMap) Parts.partOf(table, "places");
    }
}
