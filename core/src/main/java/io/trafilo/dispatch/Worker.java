package io.trafilo.dispatch;

import io.trafilo.EngineClock;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.EventParser;
import io.trafilo.WaitMode;
import io.trafilo.ledger.Counter;
import io.trafilo.ledger.CounterRow;
import io.trafilo.state.ErrorReporter;
import io.trafilo.state.EventFlyweight;
import io.trafilo.state.KeyHash;
import io.trafilo.state.ShardAccess;
import io.trafilo.state.Shards;
import org.jspecify.annotations.Nullable;

/**
 * One worker's duty cycle: claim a run of messages, copy them out, parse each and apply its events; between runs, and when
 * there is nothing to do, let the timers of the shards go off.
 */
final class Worker<S extends @Nullable Object> implements Runnable {
    /*
     * A backlog is shared with the other workers when it is worth waking them: when at this worker's recent pace it is more
     * than WORTH_WAKING_NANOS of work. A slow run counts at once, a fast one by and by, so who errs does so for one run at the
     * most. Until the first run the pace is taken for slow.
     */
    private static final long WORTH_WAKING_NANOS = 50_000;

    private static final long MAX_PACE_NANOS = 1_000_000_000;

    private static final int SPINS = 64;
    private static final long TIMER_CHECK_NANOS = 1_000_000;
    private static final long MAX_PARK_NANOS = 10_000_000;

    private final int index;
    private final WorkerPool<S> pool;
    private final MessageRing ring;
    private final WorkCursor cursor;
    private final Parking parking;
    private final Shards<S> shards;
    private final EventParser parser;
    private final KeyHash keyHash;
    private final EngineClock clock;
    private final ErrorReporter errors;
    private final CounterRow row;
    private final ShardAccess access;
    private final MessageBatch batch;
    private final EventBatch events;
    private final WaitMode waitMode;

    private final int maxClaim;

    private long paceNanos = MAX_PACE_NANOS; // per message
    private int idleRounds;
    private long nextTimerCheckNanos;

    // How far the run in hand has come, for the case that the worker ends in the middle of it.
    private long nextOfRun;
    private long lastOfRun = -1;
    private int messagesCounted;
    private int eventsLeft;

    Worker(int index, WorkerPool<S> pool, WorkerPool.Parts<S> parts, DispatchSettings settings, CounterRow row) {
        this.index = index;
        this.pool = pool;
        this.ring = parts.ring();
        this.cursor = parts.cursor();
        this.parking = parts.parking();
        this.shards = parts.shards();
        this.parser = parts.parser();
        this.keyHash = parts.keyHash();
        this.clock = parts.clock();
        this.errors = parts.errors();
        this.row = row;
        this.access = new ShardAccess(row, parts.errors(), parts.losses());
        this.batch = new MessageBatch(settings.maxClaim(), settings.maxMessageLength());
        this.events = new EventBatch(settings.maxKeyLength(), settings.maxEventsPerMessage());
        this.waitMode = settings.waitMode();
        this.maxClaim = settings.maxClaim();
    }

    @Override
    public void run() {
        try {
            parking.register(index);
            nextTimerCheckNanos = clock.nanoTime();
            while (!pool.halting() || !ring.drained()) {
                if (takeRun()) {
                    idleRounds = 0;
                    long startNanos = System.nanoTime();
                    handleRun();
                    keepPace(startNanos, System.nanoTime());
                } else {
                    waitForWork();
                }
                pollTimersIfDue();
            }
        } catch (Throwable error) {
            countUnfinished();
            errors.fail(error);
        }
    }

    /** Claims a run and copies it out; its slots are free again when this returns. */
    boolean takeRun() {
        long available = ring.available();
        boolean share = (available - cursor.claimed()) * paceNanos >= WORTH_WAKING_NANOS;
        long last = share ? cursor.claim(index, available) : cursor.claim(index, available, 1);
        if (last < 0) {
            return false;
        }
        if (share && last < available) {
            parking.wakeOne(); // there is more than this worker takes
        }
        batch.clear();
        messagesCounted = 0;
        lastOfRun = last;
        for (nextOfRun = cursor.firstOfRun(index); nextOfRun <= last; nextOfRun++) {
            batch.take(ring.slot(nextOfRun));
        }
        cursor.finish(index);
        return true;
    }

    void handleRun() {
        reportUnreadable();
        long nowNanos = clock.nanoTime();
        int count = batch.count();
        while (messagesCounted < count) {
            if (pool.abandoning()) {
                row.add(Counter.ABANDONED, count - messagesCounted);
                messagesCounted = count;
                return;
            }
            handleMessage(messagesCounted, nowNanos);
        }
    }

    void keepPace(long startNanos, long endNanos) {
        int count = batch.count();
        if (count > 0) {
            long each = Math.min((endNanos - startNanos) / count, MAX_PACE_NANOS);
            paceNanos = Math.max(each, paceNanos - (paceNanos - each) / 4);
        }
        if (paceNanos * maxClaim < Parking.SOON_NANOS) {
            parking.looksSoon(index, endNanos);
        }
    }

    private void reportUnreadable() {
        Throwable failure = batch.failure();
        if (failure != null) {
            row.add(Counter.PARSE_FAILED, batch.failed());
            errors.report(Stage.PARSER, null, failure);
        }
    }

    private void handleMessage(int index, long nowNanos) {
        long receiptNanos = batch.receiptNanos(index);
        events.clear(batch.offset(index), batch.length(index), receiptNanos);
        try {
            parser.parse(batch.scratch, batch.offset(index), batch.length(index), events);
        } catch (Throwable error) {
            row.increment(Counter.PARSE_FAILED);
            messagesCounted++;
            errors.report(Stage.PARSER, null, error);
            return;
        }
        if (events.rejected() > 0) {
            row.add(Counter.REJECTED, events.rejected());
        }
        int count = events.count();
        if (count == 0) {
            row.increment(Counter.MALFORMED);
            messagesCounted++;
            return;
        }
        row.add(Counter.EVENTS, count);
        row.increment(Counter.PARSED);
        messagesCounted++;
        for (int i = 0; i < count; i++) {
            eventsLeft = count - i - 1;
            apply(i, receiptNanos, nowNanos);
        }
    }

    private void apply(int i, long receiptNanos, long nowNanos) {
        EventFlyweight event = access.beginEvent();
        int keyOffset = events.keyOffset(i);
        int keyLength = events.keyLength(i);
        event.wrap(
                batch.scratch,
                keyOffset,
                keyLength,
                events.payloadOffset(i),
                events.payloadLength(i),
                events.timestampNanos(i),
                receiptNanos);
        shards.update(access, keyHash.hash(batch.scratch, keyOffset, keyLength), nowNanos);
    }

    /** After an error of the engine's own: gives every message and event in hand an outcome. */
    void countUnfinished() {
        row.add(Counter.HANDLER_FAILED, eventsLeft + (access.outcomePending() ? 1 : 0));
        row.add(Counter.ABANDONED, batch.count() - messagesCounted);
        for (; nextOfRun <= lastOfRun; nextOfRun++) {
            if (ring.slot(nextOfRun).discard(errors)) {
                row.increment(Counter.ABANDONED);
            }
        }
        cursor.finish(index);
    }

    private void pollTimersIfDue() {
        long nowNanos = clock.nanoTime();
        if (nowNanos - nextTimerCheckNanos >= 0) {
            pollTimers(nowNanos);
        }
    }

    /** Gives the time until the next timer is due, or the longest sleep if that is sooner. */
    long pollTimers(long nowNanos) {
        pool.losses().update(nowNanos);
        nextTimerCheckNanos = nowNanos + TIMER_CHECK_NANOS;
        return shards.pollTimers(access, nowNanos, nowNanos + MAX_PARK_NANOS) - nowNanos;
    }

    private void waitForWork() {
        idleRounds = Math.min(idleRounds + 1, SPINS);
        if (waitMode == WaitMode.BUSY_SPIN || idleRounds < SPINS) {
            Thread.onSpinWait();
        } else if (waitMode == WaitMode.YIELD) {
            Thread.yield();
        } else {
            sleep();
        }
    }

    private void sleep() {
        long nanos = pollTimers(clock.nanoTime());
        parking.announce(index);
        if (nanos > 0 && !ring.hasWork() && !pool.halting()) {
            parking.park(nanos);
        }
        parking.withdraw(index);
        if (Thread.interrupted()) { // by a callback; nothing else interrupts before the end
            idleRounds = 0;
        }
    }
}
