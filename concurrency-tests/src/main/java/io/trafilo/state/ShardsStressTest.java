package io.trafilo.state;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.trafilo.Counter;
import io.trafilo.failures.Failures;
import io.trafilo.failures.Progress;
import io.trafilo.ledger.CounterRow;
import io.trafilo.ledger.LedgerBook;
import io.trafilo.ledger.LossHistory;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two workers on the same shards, and a worker against a close. */
public final class ShardsStressTest {
    private static final byte[] KEYS = {'a', 'b'};
    private static final LossHistory LOSSES = new LossHistory(new LedgerBook(), 1, 0);

    /** Nothing is due before the test is over. */
    private static final WindowRules RULES = new WindowRules(1_000_000, 1_000_000, false, true, 1_000_000);

    private static final long LATE_NANOS = 1_000_000_000;
    private static final long FOREVER_NANOS = 60_000_000_000L;

    private ShardsStressTest() {}

    private static ShardAccess access(CounterRow row) {
        Failures failures = new Failures((stage, key, error) -> {}, row, error -> {}, Runnable::run);
        return new ShardAccess(row, failures, LOSSES);
    }

    /** A state in which events count without a lock of its own. */
    private static final class Tally {
        int events;
        int windows;
    }

    private abstract static class TwoWorkers {
        private final Shards<Tally> shards;
        private final CounterRow firstRow = new CounterRow();
        private final CounterRow secondRow = new CounterRow();
        private final Tally sum = new Tally();

        TwoWorkers(int shardCount, long maxKeys) {
            Callbacks<Tally> callbacks = new Callbacks<>(
                    key -> new Tally(), (event, tally) -> tally.events++, (window, tally) -> tally.windows++, null);
            shards = new Shards<>(shardCount, callbacks, RULES, maxKeys, 1_000, 0, FOREVER_NANOS);
        }

        void first(int key) {
            update(firstRow, key);
        }

        void second(int key) {
            update(secondRow, key);
        }

        private void update(CounterRow row, int key) {
            ShardAccess access = access(row);
            for (int i = 0; i < 2; i++) {
                access.beginEvent().wrap(KEYS, key, 1, KEYS, key, 0, 1, 1);
                shards.update(access, Long.reverse(key), 1);
            }
        }

        void report(IIII_Result r) {
            shards.forEach(new Progress(), (key, tally) -> {
                sum.events += tally.events;
                sum.windows += tally.windows;
            });
            r.r1 = sum.events;
            r.r2 = sum.windows;
            r.r3 = (int) (firstRow.get(Counter.KEYS_CREATED) + secondRow.get(Counter.KEYS_CREATED));
            r.r4 = (int) (firstRow.get(Counter.KEY_REFUSED) + secondRow.get(Counter.KEY_REFUSED));
        }
    }

    /** Both workers have two events of the same new key. */
    @JCStressTest
    @State
    @Outcome(
            id = "4, 1, 1, 0",
            expect = ACCEPTABLE,
            desc = "One key with all its events, and one window for the first of them.")
    @Outcome(expect = FORBIDDEN, desc = "Events counted; windows; keys created; events refused.")
    public static class SameKey extends TwoWorkers {
        public SameKey() {
            super(1, 10);
        }

        @Actor
        public void first() {
            first(0);
        }

        @Actor
        public void second() {
            second(0);
        }

        @Arbiter
        public void arbiter(IIII_Result r) {
            report(r);
        }
    }

    /** Each worker has two events of its own key, in different shards, and there is room for one key. */
    @JCStressTest
    @State
    @Outcome(
            id = "2, 1, 1, 2",
            expect = ACCEPTABLE,
            desc = "One key was created, the events of the other were refused.")
    @Outcome(expect = FORBIDDEN, desc = "Events counted; windows; keys created; events refused.")
    public static class RoomForOneKey extends TwoWorkers {
        public RoomForOneKey() {
            super(2, 1);
        }

        @Actor
        public void first() {
            first(0);
        }

        @Actor
        public void second() {
            second(1);
        }

        @Arbiter
        public void arbiter(IIII_Result r) {
            report(r);
        }
    }

    /** A worker polls the timer of an idle key while all keys are disposed of. */
    @JCStressTest
    @State
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "The key was disposed of once.")
    @Outcome(expect = FORBIDDEN, desc = "Keys disposed of, as counted; as the disposer saw it; keys left.")
    public static class PollAgainstDispose {
        private final CounterRow workerRow = new CounterRow();
        private final CounterRow closerRow = new CounterRow();
        private final ShardAccess worker = access(workerRow);
        private final ShardAccess closer = access(closerRow);
        private final AtomicInteger disposed = new AtomicInteger();
        private final Shards<Tally> shards;

        public PollAgainstDispose() {
            Callbacks<Tally> callbacks =
                    new Callbacks<>(key -> new Tally(), null, null, (key, tally) -> disposed.incrementAndGet());
            shards = new Shards<>(1, callbacks, RULES, 1, 1_000, 0, FOREVER_NANOS);
            worker.beginEvent().wrap(KEYS, 0, 1, KEYS, 0, 0, 1, 1);
            shards.update(worker, 0, 1);
        }

        @Actor
        public void worker() {
            shards.pollTimers(worker, LATE_NANOS, LATE_NANOS, LATE_NANOS);
        }

        @Actor
        public void closer() {
            shards.disposeAll(closer, System.nanoTime() + FOREVER_NANOS);
        }

        @Arbiter
        public void arbiter(III_Result r) {
            r.r1 = (int) (workerRow.get(Counter.KEYS_DISPOSED) + closerRow.get(Counter.KEYS_DISPOSED));
            r.r2 = disposed.get();
            r.r3 = (int) shards.liveKeys();
        }
    }

    /** A worker has an event of a key while all keys are disposed of. */
    @JCStressTest
    @State
    @Outcome(id = "1, 1, 0, 0", expect = ACCEPTABLE, desc = "The key was created and disposed of.")
    @Outcome(id = "0, 0, 1, 0", expect = ACCEPTABLE, desc = "The event came too late.")
    @Outcome(expect = FORBIDDEN, desc = "Keys created; disposed of; events failed; keys left.")
    public static class UpdateAgainstDispose {
        private final CounterRow workerRow = new CounterRow();
        private final CounterRow closerRow = new CounterRow();
        private final ShardAccess worker = access(workerRow);
        private final ShardAccess closer = access(closerRow);
        private final Shards<Tally> shards = new Shards<>(
                1, new Callbacks<>(key -> new Tally(), null, null, null), RULES, 1, 1_000, 0, FOREVER_NANOS);

        @Actor
        public void worker() {
            worker.beginEvent().wrap(KEYS, 0, 1, KEYS, 0, 0, 1, 1);
            shards.update(worker, 0, 1);
        }

        @Actor
        public void closer() {
            shards.disposeAll(closer, System.nanoTime() + FOREVER_NANOS);
        }

        @Arbiter
        public void arbiter(IIII_Result r) {
            r.r1 = (int) workerRow.get(Counter.KEYS_CREATED);
            r.r2 = (int) closerRow.get(Counter.KEYS_DISPOSED);
            r.r3 = (int) workerRow.get(Counter.HANDLER_FAILED);
            r.r4 = (int) shards.liveKeys();
        }
    }
}
