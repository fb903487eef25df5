package io.trafilo.state;

import io.trafilo.Counter;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.EventHandler;
import io.trafilo.Key;
import io.trafilo.StateDisposer;
import io.trafilo.StateFactory;
import io.trafilo.WindowSink;
import io.trafilo.aggregate.AggregatePool;
import io.trafilo.aggregate.AggregateRules;
import io.trafilo.aggregate.ShardAggregates;
import io.trafilo.window.ChunkSupply;
import io.trafilo.window.RetentionBudget;
import io.trafilo.window.TimerWheel;
import io.trafilo.window.TimestampStore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The keys whose hashes fall into one slot of the shard array. Everything here runs under the shard's lock, callbacks
 * included. So the application's state needs no lock.
 */
final class Shard<S extends @Nullable Object> {
    /** Older event times count as this old, so that no difference of two times overflows: 146 years. */
    private static final long LONGEST_AGE_NANOS = 1L << 62;

    final ShardLock lock = new ShardLock();

    private final @Nullable StateFactory<? extends S> factory;
    private final @Nullable EventHandler<? super S> handler;
    private final @Nullable WindowSink<? super S> sink;
    private final @Nullable StateDisposer<? super S> disposer;
    private final WindowRules rules;
    private final boolean emitsWhenQuiet;
    private final KeyQuota quota;
    private final KeyTable<S> table;
    private final EventTimeCheck eventTimes;
    private final TimestampStore timestamps;
    private final @Nullable ShardAggregates aggregates;
    private final KeyHash itemHash;
    private final @Nullable TimerWheel timers;
    private final TimerWheel.Handler<KeyState<S>> timerHandler = new TimerWheel.Handler<>() {
        @Override
        public long onTimer(KeyState<S> entry, long nowNanos) {
            try {
                return Shard.this.onTimer(entry);
            } catch (Throwable error) { // an engine error; a key that is still here must be forgotten in the end
                if (table.find(entry.hash, entry.key) == entry) {
                    armTimer(entry);
                }
                throw error;
            }
        }

        @Override
        public void beforeTimer(KeyState<S> entry) {
            accessOfTimers().touched += entry.touch() + timestamps.touch(entry);
        }
    };

    /** The newest time seen. Keeps a key's time from going back when two workers read the clock in turn. */
    private long nowNanos;

    /** Supplies counters and views to the timers; set while they are polled. */
    private @Nullable ShardAccess timerAccess;

    Shard(
            Callbacks<S> callbacks,
            WindowRules rules,
            KeyQuota quota,
            RetentionBudget budget,
            ChunkSupply chunks,
            AggregateRules aggregateRules,
            AggregatePool aggregatePool,
            KeyHash itemHash,
            EventTimeCheck eventTimes,
            long nowNanos) {
        this.factory = callbacks.factory();
        this.handler = callbacks.handler();
        this.sink = callbacks.sink();
        this.disposer = callbacks.disposer();
        this.rules = rules;
        this.emitsWhenQuiet = rules.emitsWhenQuiet() && sink != null;
        this.quota = quota;
        this.eventTimes = eventTimes;
        this.table = new KeyTable<>(!aggregateRules.isEmpty());
        this.timestamps = new TimestampStore(budget, chunks);
        this.aggregates =
                aggregateRules.isEmpty() ? null : new ShardAggregates(aggregateRules, aggregatePool, timestamps);
        this.itemHash = itemHash;
        this.nowNanos = nowNanos;
        long shortestNanos = rules.shortestDelayNanos();
        this.timers = shortestNanos == 0 ? null : new TimerWheel(shortestNanos, nowNanos);
    }

    /**
     * Handles the event of {@code access}. Counts exactly one outcome.
     *
     * @param hash the lower 32 bits of the hash of the event's key
     * @param place where the key may be in the table
     * @return whether the time of the shard's next timer may have changed
     */
    boolean update(ShardAccess access, int hash, int place, long clockNanos) {
        advance(clockNanos);
        KeyState<S> entry = table.find(hash, access.event, place);
        if (entry == null) {
            entry = create(access, hash);
            if (entry == null) {
                access.outcome(Counter.KEY_REFUSED);
                return false;
            }
        }
        try {
            apply(access, entry);
        } catch (Throwable error) { // an engine error; the key must be forgotten in the end
            armTimer(entry);
            if (aggregates != null) { // what is half updated is not trusted
                aggregates.reset(entry.aggregates());
            }
            throw error;
        }
        return armTimer(entry);
    }

    /** See {@link KeyTable#peek}. */
    int peek(int hash) {
        return table.peek(hash);
    }

    /** See {@link KeyTable#at}. */
    @Nullable
    KeyState<S> at(int place) {
        return table.at(place);
    }

    /** Reads what an update of the entry needs. For a thread without the lock. */
    int touch(KeyState<?> entry) {
        return entry.key.byteAt(0) + timestamps.touch(entry);
    }

    private void advance(long clockNanos) {
        if (clockNanos - nowNanos > 0) {
            nowNanos = clockNanos;
        }
    }

    private @Nullable KeyState<S> create(ShardAccess access, int hash) {
        if (!quota.tryTake()) {
            return null;
        }
        Key key = null;
        KeyState<S> entry = null;
        try {
            key = access.event.copyKey();
            entry = table.add(key, hash, newState(access, key));
            access.row.increment(Counter.KEYS_CREATED);
        } catch (Throwable error) {
            entry = null;
            access.row.increment(Counter.FACTORY_FAILED);
            access.failures.report(Stage.STATE_FACTORY, key, error);
        } finally {
            access.exit();
            if (entry == null) {
                quota.giveBack();
            }
        }
        return entry;
    }

    @SuppressWarnings("NullAway") // without a factory, S is a nullable type and null its only value
    private S newState(ShardAccess access, Key key) {
        if (factory == null) {
            return null;
        }
        access.enter(Stage.STATE_FACTORY, key);
        S state = factory.create(key);
        lock.renew();
        if (state == null) {
            throw new NullPointerException("state factory: returned null (expected: a state)");
        }
        return state;
    }

    private void apply(ShardAccess access, KeyState<S> entry) {
        long timeNanos = access.event.timestampNanos();
        long latestNanos = nowNanos + access.aheadNanos;
        long ageNanos = latestNanos - timeNanos;
        if (ageNanos < 0 && timeNanos > latestNanos) {
            timeNanos = latestNanos;
            access.row.increment(Counter.SKEWED);
        } else if (ageNanos < 0 || ageNanos > LONGEST_AGE_NANOS) { // a parser can set any value
            timeNanos = latestNanos - LONGEST_AGE_NANOS;
        }
        long endNanos = windowEnd(entry, timeNanos);
        long startNanos = endNanos - rules.sizeNanos();
        boolean late = timeNanos - startNanos < 0;
        if (entry.total() == 0) {
            entry.lastEmissionNanos = endNanos - rules.slideNanos(); // so that the first event emits
        }
        entry.countEvent();
        entry.lastEventNanos = nowNanos;
        handle(access, entry, timeNanos, late);
        expire(access, entry, startNanos);
        if (late) {
            access.row.increment(Counter.LATE);
            eventTimes.look(timeNanos, nowNanos);
        } else {
            retain(access, entry, timeNanos);
        }
        if (sink != null && slideElapsed(entry, endNanos)) {
            emit(access, entry, endNanos, sink);
        }
    }

    /** The key's current time: the clock or, on the time basis EVENT, the newest event time it has seen. */
    private long windowEnd(KeyState<S> entry, long timeNanos) {
        if (!rules.followsEvents()) {
            return nowNanos;
        }
        // The first event is kept, and on this time basis a timestamp only goes when there is a newer one.
        if (timestamps.count(entry) == 0) {
            eventTimes.look(timeNanos, nowNanos);
            return timeNanos;
        }
        long newestNanos = timestamps.newest(entry);
        return timeNanos - newestNanos > 0 ? timeNanos : newestNanos;
    }

    private void handle(ShardAccess access, KeyState<S> entry, long timeNanos, boolean late) {
        if (handler == null) {
            access.outcome(Counter.HANDLED);
            return;
        }
        access.event.resolve(entry.key, timeNanos, late);
        access.enter(Stage.HANDLER);
        try {
            handler.onEvent(access.event, entry.state);
            access.outcome(Counter.HANDLED);
        } catch (Throwable error) {
            access.outcome(Counter.HANDLER_FAILED);
            access.failures.report(Stage.HANDLER, entry.key, error);
        } finally {
            access.exit();
        }
    }

    private void expire(ShardAccess access, KeyState<S> entry, long startNanos) {
        int expired = aggregates == null
                ? timestamps.evictBefore(entry, startNanos)
                : aggregates.evictBefore(entry.aggregates(), entry, startNanos);
        if (expired > 0) {
            access.row.add(Counter.EXPIRED, expired);
        }
    }

    private void retain(ShardAccess access, KeyState<S> entry, long timeNanos) {
        int truncated = aggregates == null
                ? timestamps.add(entry, timeNanos)
                : retainValue(access, entry, timeNanos, aggregates);
        access.row.increment(Counter.TIMESTAMPS_ADDED);
        entry.owesEmission(true);
        if (truncated > 0) {
            access.row.add(Counter.TRUNCATED, truncated);
            entry.truncated(timestamps.truncatedNanos());
        }
    }

    private int retainValue(ShardAccess access, KeyState<S> entry, long timeNanos, ShardAggregates all) {
        EventFlyweight event = access.event;
        int truncated = all.add(entry.aggregates(), entry, timeNanos, event.value(), event.weight());
        if (all.keepsItems()) {
            all.addItem(entry.aggregates(), timeNanos, event.itemHash(itemHash));
        }
        return truncated;
    }

    private boolean slideElapsed(KeyState<S> entry, long endNanos) {
        return endNanos - entry.lastEmissionNanos >= rules.slideNanos();
    }

    private void emit(ShardAccess access, KeyState<S> entry, long endNanos, WindowSink<? super S> sink) {
        long startNanos = endNanos - rules.sizeNanos();
        int count = timestamps.count(entry);
        entry.lastEmissionNanos = endNanos;
        entry.owesEmission(count > 0);
        WindowFlyweight window = access.window;
        window.wrap(entry, rules.sizeNanos(), endNanos, nowNanos, entry.isTruncatedSince(startNanos));
        window.content(
                count,
                count == 0 ? endNanos : timestamps.oldest(entry),
                count == 0 ? endNanos : timestamps.newest(entry));
        if (aggregates != null) {
            window.aggregates.begin(aggregates, entry.aggregates(), entry, startNanos, endNanos);
        }
        access.row.increment(Counter.EMISSIONS_DUE);
        lock.renew(); // a handler, or the sink of another timer, may have run under this hold
        access.enter(Stage.SINK);
        try {
            sink.onWindow(window, entry.state);
            access.row.increment(Counter.DELIVERED);
        } catch (Throwable error) {
            access.row.increment(Counter.SINK_FAILED);
            access.failures.report(Stage.SINK, entry.key, error);
        } finally {
            access.exit();
            window.aggregates.end();
        }
    }

    /** Arms the key's timer to fire no later than its next deadline. It may fire early and be armed again. */
    private boolean armTimer(KeyState<S> entry) {
        if (timers == null) {
            return false;
        }
        long deadlineNanos = nextDeadline(entry);
        return deadlineNanos != TimerWheel.DISARM && timers.scheduleNoLater(entry, deadlineNanos);
    }

    private long nextDeadline(KeyState<S> entry) {
        long deadlineNanos = TimerWheel.DISARM;
        if (emitsWhenQuiet) {
            if (entry.owesEmission()) {
                deadlineNanos = entry.lastEmissionNanos + rules.slideNanos();
            }
        } else if (!rules.followsEvents() && timestamps.count(entry) > 0) {
            deadlineNanos = emptyNanos(entry);
        }
        if (rules.idleNanos() != 0) {
            long idleNanos = entry.lastEventNanos + rules.idleNanos();
            if (deadlineNanos == TimerWheel.DISARM || idleNanos - deadlineNanos < 0) {
                deadlineNanos = idleNanos;
            }
        }
        return deadlineNanos;
    }

    /** When the last timestamp of a key expires if no more events arrive. */
    private long emptyNanos(KeyState<S> entry) {
        return entry.lastEventNanos + rules.sizeNanos() + 1;
    }

    /**
     * Fires at most {@code limit} timers of this shard that were due by {@code untilNanos}, which is not after the clock.
     * Returns the time of the next, or DISARM.
     */
    long pollTimers(ShardAccess access, long clockNanos, long untilNanos, int limit) {
        if (timers == null) {
            return TimerWheel.DISARM;
        }
        advance(clockNanos);
        timerAccess = access;
        try {
            timers.poll(untilNanos == clockNanos ? nowNanos : untilNanos, limit, timerHandler);
        } finally {
            timerAccess = null;
        }
        return timers.nextNanos();
    }

    /** The time of the next timer, or DISARM. */
    long nextTimerNanos() {
        return timers == null ? TimerWheel.DISARM : timers.nextNanos();
    }

    private ShardAccess accessOfTimers() {
        ShardAccess access = timerAccess;
        if (access == null) {
            throw new IllegalStateException("timer outside of pollTimers");
        }
        return access;
    }

    private long onTimer(KeyState<S> entry) {
        ShardAccess access = accessOfTimers();
        if (rules.idleNanos() != 0 && nowNanos - (entry.lastEventNanos + rules.idleNanos()) >= 0) {
            forget(access, entry);
            return TimerWheel.DISARM;
        }
        if (emitsWhenQuiet && sink != null) {
            if (entry.owesEmission() && slideElapsed(entry, nowNanos)) {
                expire(access, entry, nowNanos - rules.sizeNanos());
                emit(access, entry, nowNanos, sink);
            }
        } else if (!rules.followsEvents() && nowNanos - emptyNanos(entry) >= 0) {
            expire(access, entry, nowNanos - rules.sizeNanos());
        }
        return nextDeadline(entry);
    }

    private void forget(ShardAccess access, KeyState<S> entry) {
        table.remove(entry);
        dispose(access, entry);
    }

    private void dispose(ShardAccess access, KeyState<S> entry) {
        quota.giveBack();
        access.row.add(Counter.DISPOSED_WITH_KEY, timestamps.clear(entry));
        if (aggregates != null) {
            aggregates.reset(entry.aggregates());
        }
        access.row.increment(Counter.KEYS_DISPOSED);
        if (disposer != null) {
            lock.renew();
            access.enter(Stage.DISPOSER, entry.key);
            try {
                disposer.dispose(entry.key, entry.state);
            } catch (Throwable error) {
                access.row.increment(Counter.DISPOSER_FAILED);
                access.failures.report(Stage.DISPOSER, entry.key, error);
            } finally {
                access.exit();
            }
        }
    }

    /** Forgets all keys for good, or as many as time allows; false if some are left. */
    boolean disposeAll(ShardAccess access, long deadlineNanos) {
        List<KeyState<S>> entries = new ArrayList<>();
        table.forEach(entries::add);
        for (KeyState<S> entry : entries) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                return false;
            }
            forget(access, entry);
        }
        table.clear();
        timestamps.close();
        return true;
    }

    @Nullable
    KeyState<S> find(int hash, Key key) {
        return table.find(hash, key);
    }

    void forEach(Consumer<KeyState<S>> visitor) {
        table.forEach(visitor);
    }

    long liveTimestamps() {
        return timestamps.live();
    }
}
