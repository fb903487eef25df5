package io.trafilo.dispatch;

import io.trafilo.Counter;
import io.trafilo.EngineClock;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.EventParser;
import io.trafilo.failures.Failures;
import io.trafilo.failures.Progress;
import io.trafilo.ledger.CounterRow;
import io.trafilo.ledger.LossHistory;
import io.trafilo.state.EventFlyweight;
import io.trafilo.state.KeyHash;
import io.trafilo.state.ShardAccess;
import io.trafilo.state.Shards;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Handles runs of messages on one thread, a worker's or a listener's. Parses them, applies their events to the shards, and
 * fires timers in between. Counts one outcome for every message and event in its thread's row.
 */
final class RunHandler<S extends @Nullable Object> {
    /*
     * Messages are parsed ahead of their application. With the keys of a group of events known, everything the updates will
     * need can be read at once, so that the waits for memory overlap instead of adding up (see Shards.touch). A message
     * counts as parsed when its first event is applied; until then it can still be abandoned.
     */
    static final int GROUP_EVENTS = 32;

    private static final long TIMER_CHECK_NANOS = 1_000_000;

    /** Longer than any wait. */
    static final long NO_TIMER = Long.MAX_VALUE / 4;

    final MessageBatch batch;

    private final BooleanSupplier abandoning;
    private final Parking parking;
    private final CatchUp catchUp;
    private final LossHistory losses;
    private final Shards<S> shards;
    private final EventParser parser;
    private final KeyHash keyHash;
    private final EngineClock clock;
    private final Failures failures;
    private final CounterRow row;
    private final ShardAccess access;
    private final EventBatch events;

    private long nextTimerCheckNanos;

    // Progress in the current run, in case an error interrupts it.
    private int messagesCounted;
    private int eventsLeft;

    /** {@code abandoning}: whether messages that are not begun must be abandoned. */
    RunHandler(
            WorkerPool.Parts<S> parts,
            CatchUp catchUp,
            DispatchSettings settings,
            CounterRow row,
            BooleanSupplier abandoning) {
        this.abandoning = abandoning;
        this.parking = parts.parking();
        this.catchUp = catchUp;
        this.losses = parts.losses();
        this.shards = parts.shards();
        this.nextTimerCheckNanos = shards.startNanos();
        this.parser = parts.parser();
        this.keyHash = parts.keyHash();
        this.clock = parts.clock();
        this.failures = parts.failures();
        this.row = row;
        this.access = new ShardAccess(row, parts.failures(), parts.losses());
        this.batch = new MessageBatch(settings.maxClaim(), settings.maxMessageLength());
        this.events = new EventBatch(settings.maxKeyLength(), settings.maxEventsPerMessage(), this::reportRejected);
    }

    /** Begins a run, which the caller then copies into the batch. */
    void clear() {
        batch.clear();
        messagesCounted = 0;
    }

    void handle() {
        parking.keepWatch();
        reportUnreadable();
        long nowNanos = clock.epochNanos();
        long correctionNanos = clock.correctionNanos(); // after the time, which brings it up to date
        events.correctBy(shards.followsEvents() ? 0 : correctionNanos);
        access.eventsAheadBy(shards.followsEvents() ? -correctionNanos : 0);
        int count = batch.count();
        int next = 0;
        while (next < count) {
            if (abandonIfAsked()) {
                return;
            }
            events.clear();
            while (next < count && events.count() < GROUP_EVENTS && events.hasRoom()) {
                parse(next++);
            }
            if (!applyAll(nowNanos)) {
                return;
            }
        }
    }

    private void reportUnreadable() {
        Throwable failure = batch.failure();
        if (failure != null) {
            row.add(Counter.PARSE_FAILED, batch.takeFailed());
            access.enter(Stage.PARSER);
            failures.report(Stage.PARSER, null, failure);
            access.exit();
        }
    }

    /** If abandoning, counts the remaining messages as abandoned. */
    private boolean abandonIfAsked() {
        if (!abandoning.getAsBoolean()) {
            return false;
        }
        row.add(Counter.ABANDONED, batch.count() - messagesCounted);
        messagesCounted = batch.count();
        return true;
    }

    private void parse(int index) {
        int offset = batch.offset(index);
        int length = batch.length(index);
        events.beginMessage(index, offset, length, batch.receiptNanos(index));
        batch.wrapSender(index, events.sender());
        int count;
        access.enter(Stage.PARSER);
        try {
            parser.parse(batch.scratch, offset, length, events);
            count = events.endMessage(batch.scratch, keyHash);
        } catch (Throwable error) {
            events.dropMessage();
            row.increment(Counter.PARSE_FAILED);
            messagesCounted++;
            failures.report(Stage.PARSER, null, error);
            return;
        } finally {
            access.exit();
        }
        if (events.rejected() > 0) {
            row.add(Counter.REJECTED, events.rejected());
        }
        if (count == 0) {
            row.increment(Counter.MALFORMED);
            messagesCounted++;
        }
    }

    /** Within a call of the parser, which may say why it rejects a part of its message. */
    private void reportRejected(RuntimeException cause) {
        failures.report(Stage.PARSER, null, cause);
    }

    private boolean applyAll(long nowNanos) {
        int count = events.count();
        long[] hashes = events.hashes();
        for (int i = 0; i < count; i++) {
            if (i % ShardAccess.AHEAD == 0) {
                shards.touch(access, hashes, i, Math.min(ShardAccess.AHEAD, count - i));
            }
            int ofMessage = events.messageEvents(i);
            if (ofMessage > 0) {
                if (abandonIfAsked()) {
                    return false;
                }
                row.add(Counter.EVENTS, ofMessage);
                row.increment(Counter.PARSED);
                messagesCounted++;
                eventsLeft = ofMessage;
            }
            eventsLeft--;
            apply(i, hashes[i], nowNanos);
        }
        return true;
    }

    private void apply(int i, long hash, long nowNanos) {
        EventFlyweight event = access.beginEvent();
        int message = events.message(i);
        event.wrap(
                events.keyBytes(i, batch.scratch),
                events.keyOffset(i),
                events.keyLength(i),
                batch.scratch,
                events.payloadOffset(i),
                events.payloadLength(i),
                events.timestampNanos(i),
                batch.receiptNanos(message));
        event.carry(events.value(i), events.weight(i), events.itemOffset(i), events.itemLength(i));
        batch.wrapSender(message, event.sender());
        shards.update(access, hash, nowNanos);
    }

    /** After an error of the engine itself: counts an outcome for every message and event of the current run. */
    void countUnfinished() {
        access.exit();
        row.add(Counter.HANDLER_FAILED, eventsLeft + (access.takeOutcomePending() ? 1 : 0));
        row.add(Counter.ABANDONED, batch.count() - messagesCounted);
        row.add(Counter.PARSE_FAILED, batch.takeFailed());
        messagesCounted = batch.count();
        eventsLeft = 0;
    }

    /** What this thread is doing, for the stall watch. */
    Progress progress() {
        return access;
    }

    boolean timersDue(long nowNanos) {
        return nowNanos - nextTimerCheckNanos >= 0;
    }

    /**
     * Fires due timers, unless what arrived before them is still to be handled. Returns the time until the next one, or
     * {@link #NO_TIMER}.
     */
    long pollTimers(long nowNanos) {
        losses.update(nowNanos);
        nextTimerCheckNanos = nowNanos + TIMER_CHECK_NANOS;
        long latestNanos = nowNanos + NO_TIMER;
        long nextNanos = shards.nextTimer(nowNanos - NO_TIMER, latestNanos);
        if (nextNanos - nowNanos <= 0) {
            parking.keepWatch();
            long untilNanos = nowNanos;
            long caughtUpNanos;
            do { // again when a standstill is just over
                caughtUpNanos = catchUp.caughtUpNanos();
                untilNanos = catchUp.fireUntil(nowNanos, shards.nextTimer(caughtUpNanos, latestNanos));
                nextNanos = shards.pollTimers(access, nowNanos, untilNanos, latestNanos);
            } while (catchUp.caughtUpNanos() != caughtUpNanos);
            if (untilNanos - nowNanos < 0 && nextNanos - nowNanos <= 0) {
                return CatchUp.LOOK_NANOS; // held
            }
        }
        return nextNanos - nowNanos;
    }

    long nanosToNextTimer(long nowNanos) {
        return shards.nextTimer(nowNanos - NO_TIMER, nowNanos + NO_TIMER) - nowNanos;
    }

    /** Records the losses known by now, after a sleep. */
    void updateLosses(long nowNanos) {
        losses.update(nowNanos);
    }
}
