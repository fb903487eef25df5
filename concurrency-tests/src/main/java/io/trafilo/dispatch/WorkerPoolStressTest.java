package io.trafilo.dispatch;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.trafilo.Counter;
import io.trafilo.EventCollector;
import io.trafilo.EventParser;
import io.trafilo.WaitMode;
import io.trafilo.failures.EngineThreads;
import io.trafilo.failures.Failures;
import io.trafilo.failures.StallWatch;
import io.trafilo.ledger.CounterRow;
import io.trafilo.ledger.LedgerBook;
import io.trafilo.ledger.LossHistory;
import io.trafilo.state.Callbacks;
import io.trafilo.state.KeyHash;
import io.trafilo.state.Shards;
import io.trafilo.state.WindowRules;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/** The end of a pool: no message is lost and none is handled twice. */
public final class WorkerPoolStressTest {
    private static final int CAPACITY = 4;
    private static final long FOREVER_NANOS = 60_000_000_000L;

    private WorkerPoolStressTest() {}

    /** Parts that the workers need and these tests do not. */
    private static final class Rest {
        static final KeyHash KEY_HASH = new KeyHash(new SecureRandom());
        static final LedgerBook BOOK = new LedgerBook();
        static final LossHistory LOSSES = new LossHistory(BOOK, 1, 0);
        static final Shards<Object> SHARDS = new Shards<>(
                1, new Callbacks<>(null, null, null, null), new WindowRules(1, 1, true, false, 0), 1, 1, 0, 1);
    }

    /** A pool of one worker, run by an actor. Its parser records the messages and finds no events in them. */
    private abstract static class PoolOfOne implements EventParser {
        private static final DispatchSettings SETTINGS =
                new DispatchSettings(1, CAPACITY, 2, Messages.MAX_LENGTH, 1, 1, WaitMode.BUSY_SPIN);

        final LedgerBook book = new LedgerBook();
        final CounterRow workerRow = book.openRow();
        final WorkCursor cursor = new WorkCursor(1, 2);
        final Parking parking = new Parking(1);
        final MessageRing ring = new MessageRing(CAPACITY, cursor, parking, 2, book.shared());
        final Messages messages = new Messages(ring, cursor, 0);
        final WorkerPool<Object> pool;
        final WorkerPool.Parts<Object> parts;
        final Worker<Object> worker;
        boolean failed;

        PoolOfOne() {
            Failures failures = new Failures((stage, key, error) -> {}, book.shared(), this::fail, Runnable::run);
            parts = new WorkerPool.Parts<>(
                    ring,
                    cursor,
                    parking,
                    Rest.SHARDS,
                    this,
                    Rest.KEY_HASH,
                    System::nanoTime,
                    failures,
                    new EngineThreads(),
                    Rest.LOSSES);
            StallWatch watch = new StallWatch(FOREVER_NANOS, 0, stall -> {});
            pool = new WorkerPool<>(SETTINGS, parts, book, watch, "stress");
            worker = new Worker<>(0, pool, parts, SETTINGS, workerRow, () -> {});
        }

        private void fail(Throwable error) {
            failed = true;
        }

        @Override
        public void parse(byte[] buffer, int offset, int length, EventCollector out) {
            messages.see(buffer, offset, length, buffer[offset]);
        }

        Worker<Object> newWorker() {
            return new Worker<>(0, pool, parts, SETTINGS, book.openRow(), () -> {});
        }

        void report(IIII_Result r) {
            r.r1 = (int) book.sum(Counter.OFFERED);
            r.r2 = (int) book.sum(Counter.MALFORMED);
            r.r3 = (int) book.sum(Counter.ABANDONED);
            r.r4 = Integer.bitCount(messages.seen) + (failed ? 100 : 0) + messages.wrong * 1000;
        }
    }

    /** Messages are offered while a worker runs; then the pool is halted. */
    @JCStressTest
    @State
    @Outcome(id = "6, 6, 0, 6", expect = ACCEPTABLE, desc = "Each message was handled once.")
    @Outcome(expect = FORBIDDEN, desc = "Offered; without event; abandoned; seen by the parser.")
    public static class Halt extends PoolOfOne {
        @Actor
        public void worker() {
            worker.run();
        }

        @Actor
        public void publisher() {
            for (int number = 1; number <= 6; number++) {
                Messages.offerUntilTaken(ring, number);
            }
            ring.seal();
            pool.halt();
        }

        @Arbiter
        public void arbiter(IIII_Result r) {
            report(r);
        }
    }

    /** The close has run out of time. What the worker does not get is discarded while it still runs. */
    @JCStressTest
    @State
    @Outcome(
            id = {"4, 0, 4, 0", "4, 1, 3, 1", "4, 2, 2, 2", "4, 3, 1, 3", "4, 4, 0, 4"},
            expect = ACCEPTABLE,
            desc = "Each message was either handled or abandoned.")
    @Outcome(expect = FORBIDDEN, desc = "Offered; without event; abandoned; seen by the parser.")
    public static class DiscardRest extends PoolOfOne {
        public DiscardRest() {
            for (int number = 1; number <= CAPACITY; number++) {
                Messages.offer(ring, number);
            }
            ring.seal();
            pool.halt();
        }

        @Actor
        public void worker() {
            worker.run();
        }

        @Actor
        public void closer() {
            pool.abandon();
            pool.abandonRest(System.nanoTime() + FOREVER_NANOS);
        }

        @Arbiter
        public void arbiter(IIII_Result r) {
            report(r);
        }
    }

    /** A worker returns from its callbacks while a substitute takes its seat. The one that has the seat empties the ring. */
    @JCStressTest
    @State
    @Outcome(id = "4, 4, 0, 4", expect = ACCEPTABLE, desc = "Each message was handled once, and the ring is empty.")
    @Outcome(expect = FORBIDDEN, desc = "Offered; without event; abandoned; seen by the parser.")
    public static class Relieve extends PoolOfOne {
        private final Worker<Object> substitute = newWorker();
        private final AtomicInteger seen = new AtomicInteger();
        private final AtomicInteger wrong = new AtomicInteger();

        public Relieve() {
            for (int number = 1; number <= CAPACITY; number++) {
                Messages.offer(ring, number);
            }
            ring.seal();
            pool.halt();
            worker.takeRun();
        }

        /** Called by both, so not in the order of the messages. */
        @Override
        public void parse(byte[] buffer, int offset, int length, EventCollector out) {
            int number = buffer[offset];
            int before = seen.getAndAccumulate(1 << number, (all, one) -> all | one);
            if ((before & 1 << number) != 0 || length != Messages.lengthOf(number)) {
                wrong.incrementAndGet();
            }
        }

        @Actor
        public void worker() {
            worker.handleRun();
            worker.run();
        }

        @Actor
        public void substitute() {
            if (worker.tenure.tryRelieve()) {
                substitute.run();
            }
        }

        @Arbiter
        public void arbiter(IIII_Result r) {
            report(r);
            boolean empty = ring.drained() && cursor.get() == CAPACITY - 1;
            r.r4 += Integer.bitCount(seen.get()) + wrong.get() * 1000 + (empty ? 0 : 10_000);
        }
    }
}
