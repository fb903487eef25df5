package io.trafilo.ledger;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.trafilo.Counter;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;
import org.openjdk.jcstress.infra.results.J_Result;

/** Counters that are written while they are read. */
public final class LedgerStressTest {
    private LedgerStressTest() {}

    /** One thread counts, another reads twice. */
    @JCStressTest
    @State
    @Outcome(
            id = {"0, 0", "0, 1", "0, 3", "1, 1", "1, 3", "3, 3"},
            expect = ACCEPTABLE,
            desc = "The value never goes back.")
    @Outcome(expect = FORBIDDEN, desc = "Two values read one after the other.")
    public static class SingleWriter {
        private final CounterRow row = new CounterRow();

        @Actor
        public void writer() {
            row.increment(Counter.EVENTS);
            row.add(Counter.EVENTS, 2);
        }

        @Actor
        public void reader(JJ_Result r) {
            r.r1 = row.get(Counter.EVENTS);
            r.r2 = row.get(Counter.EVENTS);
        }
    }

    /** Two threads count in the shared row. */
    @JCStressTest
    @State
    @Outcome(id = "6", expect = ACCEPTABLE, desc = "Nothing is lost.")
    @Outcome(expect = FORBIDDEN, desc = "The sum at the end.")
    public static class SharedRow {
        private final LedgerBook book = new LedgerBook();

        @Actor
        public void first() {
            book.shared().addShared(Counter.OFFERED, 1);
            book.shared().addShared(Counter.OFFERED, 1);
        }

        @Actor
        public void second() {
            book.shared().addShared(Counter.OFFERED, 2);
            book.shared().addShared(Counter.OFFERED, 2);
        }

        @Arbiter
        public void arbiter(J_Result r) {
            r.r1 = book.sum(Counter.OFFERED);
        }
    }

    /** A thread counts causes in one row and outcomes in another, which was opened first, while the sums are taken. */
    @JCStressTest
    @State
    @Outcome(
            id = {"0, 0", "1, 0", "1, 1", "2, 0", "2, 1", "2, 2"},
            expect = ACCEPTABLE,
            desc = "No more outcomes than causes.")
    @Outcome(expect = FORBIDDEN, desc = "Events; events handled.")
    public static class OutcomeAfterCause {
        private final LedgerBook book = new LedgerBook();
        private final CounterRow outcomes = book.openRow();
        private final CounterRow causes = book.openRow();

        @Actor
        public void writer() {
            for (int i = 0; i < 2; i++) {
                causes.increment(Counter.EVENTS);
                outcomes.increment(Counter.HANDLED);
            }
        }

        @Actor
        public void reader(JJ_Result r) {
            long[] sums = book.sums();
            r.r1 = sums[Counter.EVENTS.id()];
            r.r2 = sums[Counter.HANDLED.id()];
        }
    }

    /** The final sums are taken while a worker still runs. */
    @JCStressTest
    @State
    @Outcome(
            id = {"0, 0, 0", "1, 0, 1", "1, 1, 0", "2, 0, 2", "2, 1, 1", "2, 2, 0"},
            expect = ACCEPTABLE,
            desc = "What was not handled by then counts as failed.")
    @Outcome(expect = FORBIDDEN, desc = "Events; events handled; events failed.")
    public static class FinalSums {
        private final LedgerBook book = new LedgerBook();
        private final CounterRow row = book.openRow();

        @Actor
        public void writer() {
            for (int i = 0; i < 2; i++) {
                row.increment(Counter.EVENTS);
                row.increment(Counter.HANDLED);
            }
        }

        @Actor
        public void closer(JJJ_Result r) {
            LedgerSnapshot ledger = LedgerSnapshot.atClose(book.sums(), true, true, 0, 0);
            r.r1 = ledger.count(Counter.EVENTS);
            r.r2 = ledger.count(Counter.HANDLED);
            r.r3 = ledger.count(Counter.HANDLER_FAILED);
        }
    }

    /** A row is retired and another is opened while the sums are taken. */
    @JCStressTest
    @State
    @Outcome(id = "5, 7, 7", expect = ACCEPTABLE, desc = "Each row counts once.")
    @Outcome(expect = FORBIDDEN, desc = "One of all sums, the sum of one counter, and that sum at the end.")
    public static class Retire {
        private final LedgerBook book = new LedgerBook();
        private final CounterRow row = book.openRow();

        public Retire() {
            row.add(Counter.RECEIVED, 5);
            row.add(Counter.PUBLISHED, 3);
            book.openRow().add(Counter.PUBLISHED, 4);
        }

        @Actor
        public void owner() {
            book.retire(row);
            book.openRow();
            book.retire(row);
        }

        @Actor
        public void reader(JJJ_Result r) {
            r.r1 = book.sums()[Counter.RECEIVED.id()];
            r.r2 = book.sum(Counter.PUBLISHED);
        }

        @Arbiter
        public void arbiter(JJJ_Result r) {
            r.r3 = book.sum(Counter.PUBLISHED);
        }
    }
}
