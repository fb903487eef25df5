package io.trafilo.state;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.trafilo.Key;
import io.trafilo.failures.Failures;
import io.trafilo.failures.Progress;
import io.trafilo.ledger.CounterRow;
import io.trafilo.ledger.LedgerBook;
import io.trafilo.ledger.LossHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A shard's table of keys, changed under the shard's lock and read ahead without it. With two threads, because jcstress runs no
 * more than there are processors; {@code ReadingAheadTest} has three.
 */
public final class StateIndexStressTest {
    private static final int KEYS_EACH = 20;
    private static final int KEYS = 2 * KEYS_EACH;

    /** The bytes of key {@code i} are at {@code i}. */
    private static final byte[] BYTES = new byte[KEYS];

    private static final Key[] NAMES = new Key[KEYS];

    /** Pairs have the lower 32 bits in common, and each thread has one of each pair. */
    private static final long[] HASHES = new long[KEYS];

    static {
        for (int i = 0; i < KEYS; i++) {
            BYTES[i] = (byte) ('A' + i);
            NAMES[i] = Key.of(BYTES, i, 1);
            HASHES[i] = ((long) i << Integer.SIZE) | ((i % KEYS_EACH) * 0x9E37_79B9L & 0xFFFF_FFFFL);
        }
    }

    private StateIndexStressTest() {}

    /**
     * Two workers fill a shard, so that its table grows three times, and read ahead all the while. They must neither throw nor
     * hang, and no event may reach the state of another key.
     */
    @JCStressTest
    @State
    @Outcome(id = "40, 40, 0", expect = ACCEPTABLE, desc = "Each key got its event.")
    @Outcome(expect = FORBIDDEN, desc = "Keys; keys that got one event; events that reached another key.")
    public static class GrowthAgainstReadingAhead {
        private static final WindowRules RULES = new WindowRules(1_000_000, 1_000_000, false, true, 0);
        private static final LossHistory LOSSES = new LossHistory(new LedgerBook(), 1, 0);

        private final AtomicInteger astray = new AtomicInteger();
        private final ShardAccess first = access();
        private final ShardAccess second = access();
        private final Shards<Tally> shards = new Shards<>(
                1,
                new Callbacks<>(Tally::new, (event, tally) -> count(event.key(), tally), null, null),
                RULES,
                KEYS,
                KEYS,
                0,
                60_000_000_000L);

        private static ShardAccess access() {
            CounterRow row = new CounterRow();
            return new ShardAccess(
                    row, new Failures((stage, key, error) -> {}, row, error -> {}, Runnable::run), LOSSES);
        }

        private void count(Key key, Tally tally) {
            if (tally.key.equals(key)) {
                tally.events++;
            } else {
                astray.incrementAndGet();
            }
        }

        @Actor
        public void first() {
            update(first, 0);
        }

        @Actor
        public void second() {
            update(second, KEYS_EACH);
        }

        private void update(ShardAccess access, int from) {
            for (int i = from; i < from + KEYS_EACH; i++) {
                int group = i - i % 4; // so that the place is the right one for one in four
                shards.readAhead(access, HASHES, group, Math.min(ShardAccess.AHEAD, KEYS - group));
                access.beginEvent().wrap(BYTES, i, 1, BYTES, i, 0, 1, 1);
                shards.update(access, HASHES[i], 1);
            }
        }

        @Arbiter
        public void arbiter(III_Result r) {
            r.r1 = (int) shards.liveKeys();
            for (int i = 0; i < KEYS; i++) {
                Integer events = shards.read(new Progress(), NAMES[i], HASHES[i], tally -> tally.events);
                r.r2 += events != null && events == 1 ? 1 : 0;
            }
            r.r3 = astray.get();
        }
    }

    /** A table grows with the key that is added, while another thread looks for those that it holds. */
    @JCStressTest
    @State
    @Outcome(id = "5, 6", expect = ACCEPTABLE, desc = "All were found.")
    @Outcome(expect = FORBIDDEN, desc = "Keys found by looks; keys found in the end.")
    public static class GrowthAgainstALook {
        private static final int FULL = (int) (KeyTable.INITIAL_CAPACITY * KeyTable.LOAD_FACTOR);

        private final KeyTable<String> table = new KeyTable<>(false);

        public GrowthAgainstALook() {
            for (int i = 0; i < FULL; i++) {
                add(i);
            }
        }

        private void add(int i) {
            table.add(NAMES[i], (int) HASHES[i], "");
        }

        private int found(int keys) {
            int found = 0;
            for (int i = 0; i < keys; i++) {
                KeyState<String> entry = table.at(table.peek((int) HASHES[i]));
                found += entry != null && entry.key == NAMES[i] ? 1 : 0;
            }
            return found;
        }

        @Actor
        public void owner() {
            add(FULL);
        }

        @Actor
        public void ahead(II_Result r) {
            r.r1 = found(FULL);
        }

        @Arbiter
        public void arbiter(II_Result r) {
            r.r2 = found(FULL + 1);
        }
    }

    /**
     * A thread adds and removes keys, so that the table grows and entries move into gaps. The other one looks at it, and must
     * neither throw nor hang.
     */
    @JCStressTest
    @State
    @Outcome(
            id = "20, 0",
            expect = ACCEPTABLE,
            desc = "Half of the keys are left; every look gave a whole state or none.")
    @Outcome(expect = FORBIDDEN, desc = "Keys left; looks that gave something else.")
    public static class RemovalAgainstReadingAhead {
        private final KeyTable<String> table = new KeyTable<>(false);
        private int left;

        /** Removes half of the keys while the others come, from one end of a chain or the other. */
        @Actor
        public void owner() {
            List<KeyState<String>> firsts = new ArrayList<>();
            for (int i = 0; i < KEYS_EACH; i++) {
                firsts.add(table.add(NAMES[i], (int) HASHES[i], ""));
            }
            for (int i = KEYS_EACH; i < KEYS; i++) {
                KeyState<String> twin = table.add(NAMES[i], (int) HASHES[i], "");
                table.remove(i % 2 == 0 ? firsts.get(i - KEYS_EACH) : twin);
                if (i % 3 == 0 && i % 2 == 0) { // the last of its chain, so that another state moves
                    table.remove(twin);
                    table.add(NAMES[i], (int) HASHES[i], "");
                }
            }
        }

        @Actor
        public void ahead(II_Result r) {
            for (int turn = 0; turn < 4; turn++) {
                for (long hash : HASHES) {
                    KeyState<String> entry = table.at(table.peek((int) hash));
                    if (entry != null && entry.hash != (int) HASHES[entry.key.byteAt(0) - 'A']) {
                        r.r2++;
                    }
                }
            }
        }

        @Arbiter
        public void arbiter(II_Result r) {
            table.forEach(entry -> left++);
            r.r1 = left;
        }
    }

    /** A state that knows its key. */
    private static final class Tally {
        final Key key;
        int events;

        Tally(Key key) {
            this.key = key;
        }
    }
}
