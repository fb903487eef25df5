package io.trafilo.engine;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.Ledger;
import io.trafilo.dispatch.MessageRing;
import io.trafilo.dispatch.WorkerPool;
import io.trafilo.failures.Failures;
import io.trafilo.failures.Guard;
import io.trafilo.ledger.CounterRow;
import io.trafilo.ledger.LedgerBook;
import io.trafilo.ledger.LedgerSnapshot;
import io.trafilo.ledger.LossHistory;
import io.trafilo.state.ShardAccess;
import io.trafilo.state.Shards;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The order in which an engine closes, and what becomes of its messages and states. */
final class CloseSequence {
    /*
     *  1. Offers are refused.
     *  2. The listeners close: they stop reading and publish what they have read.
     *  3. The ring is sealed: nothing can be published any more.
     *  4. The workers halt: they drain the ring, then end.
     *  5. At the deadline, unhandled messages are abandoned and callbacks are interrupted.
     *  6. What is left in the ring is released and counted as abandoned.
     *  7. The states are disposed of.
     *  8. The ledger becomes final.
     *
     * Messages can be handled until `deadline`. From then until `end`, which is later only after a failure, threads can
     * still end on their own. What still hangs at `end` gets a short extra time. All of these extra times count from `end`,
     * so they do not add up.
     */

    /** For listeners, which were cut off at the deadline. */
    private static final long LISTENERS_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

    /** For callbacks after an interrupt, and for a publisher between claim and publication. */
    private static final long CALLBACKS_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** For the disposal of the states, if nothing hung before. */
    private static final long DISPOSAL_NANOS = TimeUnit.MILLISECONDS.toNanos(60);

    /** After this, nobody waits any longer. */
    static final long LAST_NANOS = TimeUnit.MILLISECONDS.toNanos(70);

    private final MessageRing ring;
    private final WorkerPool<?> pool;
    private final Shards<?> shards;
    private final EngineListeners listeners;
    private final Failures failures;
    private final LossHistory losses;
    private final LedgerBook book;
    private final CounterRow disposals;

    CloseSequence(
            MessageRing ring,
            WorkerPool<?> pool,
            Shards<?> shards,
            EngineListeners listeners,
            Failures failures,
            LossHistory losses,
            LedgerBook book) {
        this.ring = ring;
        this.pool = pool;
        this.shards = shards;
        this.listeners = listeners;
        this.failures = failures;
        this.losses = losses;
        this.book = book;
        this.disposals = book.openRow();
    }

    /** For the guard's thread. Safe to repeat after an error: no step is done twice. */
    void run(Guard guard, Duration allowed, long deadlineNanos, long endNanos) {
        if (endNanos - deadlineNanos > 0) { // after a failure nothing is handled any more
            abandonAll();
        }
        ring.refuseOffers();
        if (!listeners.close(guard, deadlineNanos, endNanos + LISTENERS_NANOS)) {
            reportLate("a listener did not close", allowed, "the ledger counts what it had not published as discarded");
        }
        ring.seal();
        pool.halt();
        long callbacksNanos = endNanos + CALLBACKS_NANOS;
        if (!guard.await(pool::awaitEnd, deadlineNanos)) {
            abandonAll();
            pool.abandonRest(callbacksNanos);
            if (!pool.awaitEnd(callbacksNanos)) {
                reportLate(
                        "a callback or a publisher did not return",
                        allowed,
                        "the ledger counts what it held as abandoned");
            }
        }
        pool.abandonRest(callbacksNanos); // left by workers that an error ended
        if (!shards.disposeAll(new ShardAccess(disposals, failures, losses), endNanos + DISPOSAL_NANOS)) {
            reportLate("not all states were disposed of", allowed, "the ledger counts the others as live");
        }
    }

    /** Abandons everything that is not handled yet. Does not wait, so any thread may call it. */
    void abandonAll() {
        ring.seal();
        shards.close();
        pool.halt();
        listeners.cutOff();
        pool.abandon();
    }

    /** Releases what a late publisher has added; false while one is still between claim and publication. */
    boolean abandonLate() {
        pool.abandonRest(System.nanoTime());
        return ring.drained();
    }

    /** Reports that the deadline has passed. */
    void reportLate(String what, Duration allowed, String consequence) {
        failures.reportLater(
                Stage.ENGINE,
                new IllegalStateException("close: " + what + " within " + Checks.text(allowed) + "; " + consequence));
    }

    /** The final ledger. {@code guardLeft}: whether {@link #run} may still be running. */
    Ledger finalLedger(boolean guardLeft) {
        boolean listenersLeft = !listeners.isEmpty();
        boolean workersLeft = guardLeft || !pool.ended() || !ring.drained() || listeners.anyRunsToCompletion();
        return LedgerSnapshot.atClose(
                        book.sums(), listenersLeft, workersLeft, shards.liveTimestamps(), shards.liveKeys())
                .withUnknown(book.unknown());
    }
}
