package io.trafilo;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.dispatch.Guard;
import io.trafilo.dispatch.MessageRing;
import io.trafilo.dispatch.Reporter;
import io.trafilo.dispatch.WorkerPool;
import io.trafilo.ledger.CounterRow;
import io.trafilo.ledger.LedgerBook;
import io.trafilo.ledger.LossHistory;
import io.trafilo.state.ErrorReporter;
import io.trafilo.state.ShardAccess;
import io.trafilo.state.Shards;
import java.util.concurrent.TimeUnit;

/** What happens to the messages and the states of an engine when it closes. */
final class EngineDrain {
    /*
     * Everything is given until the deadline to be handled, and until `end`, which is later after a failure only, to come to
     * its end without that. What then still holds out gets a little more, each part on the same scale of time, so that the
     * parts do not add up.
     */

    /** Listeners, which were cut off at the deadline. */
    private static final long LISTENERS_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

    /** Callbacks after an interrupt, and a publisher between claim and publication. */
    private static final long CALLBACKS_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** The disposal of the states, if all before went without a hitch. */
    private static final long DISPOSAL_NANOS = TimeUnit.MILLISECONDS.toNanos(60);

    /** After that nobody waits any more. */
    static final long LAST_NANOS = TimeUnit.MILLISECONDS.toNanos(70);

    private final String timeout;
    private final MessageRing ring;
    private final WorkerPool<?> pool;
    private final Shards<?> shards;
    private final EngineListeners listeners;
    private final ErrorReporter errors;
    private final Reporter reporter;
    private final LossHistory losses;
    private final LedgerBook book;
    private final CounterRow disposals;

    /** {@code timeout} is what messages call it. */
    EngineDrain(
            String timeout,
            MessageRing ring,
            WorkerPool<?> pool,
            Shards<?> shards,
            EngineListeners listeners,
            ErrorReporter errors,
            Reporter reporter,
            LossHistory losses,
            LedgerBook book) {
        this.timeout = timeout;
        this.ring = ring;
        this.pool = pool;
        this.shards = shards;
        this.listeners = listeners;
        this.errors = errors;
        this.reporter = reporter;
        this.losses = losses;
        this.book = book;
        this.disposals = book.openRow();
    }

    /** For the guard's thread. Can be called again after an error: what is done is not done twice. */
    void run(Guard guard, long deadlineNanos, long endNanos) {
        if (endNanos - deadlineNanos > 0) {
            stop();
        }
        ring.refuseMessagesByHand();
        if (!listeners.close(guard, deadlineNanos, endNanos + LISTENERS_NANOS)) {
            tell("a listener did not close", "what it had not published was counted as discarded");
        }
        ring.seal();
        pool.halt();
        long callbacksNanos = endNanos + CALLBACKS_NANOS;
        if (!guard.await(pool::awaitEnd, deadlineNanos)) {
            stop();
            pool.discardRest(callbacksNanos);
            if (!pool.awaitEnd(callbacksNanos)) {
                tell("a callback or a publisher did not return", "what it held was counted as abandoned");
            }
        }
        pool.buryDead();
        pool.discardRest(callbacksNanos); // of workers that failed
        if (!shards.disposeAll(new ShardAccess(disposals, errors, losses), endNanos + DISPOSAL_NANOS)) {
            tell("not all states were disposed of", "the others count as live");
        }
    }

    /** Makes all come to its end that listens to anybody. Does not wait, so it is for any thread. */
    void stop() {
        ring.seal();
        shards.close();
        pool.halt();
        listeners.cutOff();
        pool.abandon();
    }

    /** Gives back what a publisher has brought after all; false as long as one is between claim and publication. */
    boolean discardLate() {
        pool.discardRest(System.nanoTime());
        return ring.drained();
    }

    /** Tells that something was late. The error listener may hang: nobody waits for it. */
    void tell(String what, String consequence) {
        Throwable lateness = new IllegalStateException("close: " + what + " within " + timeout + "; " + consequence);
        reporter.report(Stage.ENGINE, lateness);
    }

    /** The counts at the end. {@code guardLeft}: whether {@link #run} may still be under way. */
    Ledger finalLedger(boolean guardLeft) {
        boolean listenersLeft = !listeners.isEmpty();
        boolean messagesLeft = guardLeft || !pool.ended() || !ring.drained() || listeners.anyRunsToCompletion();
        long[] sums = book.finalSums(listenersLeft, messagesLeft);
        return messagesLeft ? Ledger.ofMoving(sums) : new Ledger(sums, shards.liveTimestamps(), shards.liveKeys());
    }
}
