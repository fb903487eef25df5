package io.trafilo.simulation;

import io.trafilo.Counter;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.dispatch.SteppedWorkers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The windows of all keys as the semantics table has them, with a sorted list for each key. What an event brings about is
 * foretold; what a look at the timers brought about is judged afterwards: nothing may have come early, and nothing be missing.
 */
final class NaiveModel {
    /** The age at which event times stop getting older. */
    private static final long LONGEST_AGE_NANOS = 1L << 62;

    private final Plan plan;
    private final Faults faults;
    private final Tally tally;
    private final ToIntFunction<String> shardOf;
    private final Map<String, NaiveKey> keys = new TreeMap<>();

    /** The time of each shard: it is at least the first and, if its timers were looked at, the second. */
    private final long[] sureNanos;

    private final long[] latestNanos;

    /** The shard that another thread holds, -1 for none. */
    private int heldShard = -1;

    NaiveModel(Plan plan, Faults faults, Tally tally, ToIntFunction<String> shardOf, long nowNanos) {
        this.plan = plan;
        this.faults = faults;
        this.tally = tally;
        this.shardOf = shardOf;
        this.sureNanos = new long[plan.shards()];
        this.latestNanos = new long[plan.shards()];
        Arrays.fill(sureNanos, nowNanos);
        Arrays.fill(latestNanos, nowNanos);
    }

    /** From now on another thread holds a shard: its events are given up, its timers wait; -1 for none. */
    void hold(int shard) {
        heldShard = shard;
    }

    /** Whether the time of each shard would still be known if the clock went back to this. */
    boolean canGoBackTo(long nanos) {
        for (int i = 0; i < sureNanos.length; i++) {
            if (sureNanos[i] != latestNanos[i] && nanos < latestNanos[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Handles a run of messages, at a time of the clock, and adds what is to be heard of it. A group of them is parsed before
     * the first one's events are applied. Once so much was said of events, no other message is begun.
     */
    void run(List<Message> messages, long clockNanos, int abandonedAfterSaying, List<Said> said) {
        int next = 0;
        while (next < messages.size() && saidOfEvents(said) < abandonedAfterSaying) {
            List<Message> parsed = new ArrayList<>();
            List<NaiveReading> readings = new ArrayList<>();
            int events = 0;
            while (next < messages.size() && events < SteppedWorkers.GROUP_EVENTS) {
                Message message = messages.get(next++);
                NaiveReading reading = parse(message, said);
                if (!reading.failed && !reading.events.isEmpty()) {
                    parsed.add(message);
                    readings.add(reading);
                    events += reading.events.size();
                }
            }
            for (int i = 0; i < parsed.size(); i++) {
                if (saidOfEvents(said) >= abandonedAfterSaying) {
                    tally.add(Counter.ABANDONED, parsed.size() - i);
                    break;
                }
                apply(readings.get(i).events, parsed.get(i).receiptNanos(), clockNanos, said);
            }
        }
        tally.add(Counter.ABANDONED, messages.size() - next);
    }

    /** How much was said of events, parsing left out. */
    static int saidOfEvents(List<Said> said) {
        return (int) said.stream().filter(one -> !(one instanceof Said.Parsed)).count();
    }

    private NaiveReading parse(Message message, List<Said> said) {
        said.add(new Said.Parsed(message.text()));
        NaiveReading reading = new NaiveReading(plan, message);
        if (reading.failed) {
            tally.add(Counter.PARSE_FAILED, 1);
            return reading;
        }
        tally.add(Counter.REJECTED, reading.rejected);
        if (reading.events.isEmpty()) {
            tally.add(Counter.MALFORMED, 1);
        }
        return reading;
    }

    private void apply(List<NaiveReading.Event> events, long receiptNanos, long clockNanos, List<Said> said) {
        tally.add(Counter.PARSED, 1);
        for (NaiveReading.Event event : events) {
            tally.add(Counter.EVENTS, 1);
            event(event, receiptNanos, clockNanos, said);
        }
    }

    private void event(NaiveReading.Event event, long receiptNanos, long clockNanos, List<Said> said) {
        int shard = shardOf.applyAsInt(event.key());
        if (shard == heldShard) {
            tally.add(Counter.HANDLER_FAILED, 1);
            tally.add(Counter.STALLED, 1);
            return;
        }
        latestNanos[shard] = Math.max(latestNanos[shard], clockNanos);
        sureNanos[shard] = latestNanos[shard];
        long now = latestNanos[shard];
        NaiveKey key = keys.get(event.key());
        if (key == null) {
            key = create(event.key(), said);
            if (key == null) {
                tally.add(Counter.KEY_REFUSED, 1);
                return;
            }
        }
        tally.add(Counter.SKEWED, event.timeNanos() > now ? 1 : 0);
        long time = Math.max(Math.min(event.timeNanos(), now), now - LONGEST_AGE_NANOS);
        long end = now;
        if (plan.rules().followsEvents()) {
            key.newestNanos = key.newestNanos == null ? time : Math.max(key.newestNanos, time);
            end = key.newestNanos;
        }
        boolean late = time < end - plan.rules().sizeNanos();
        key.total++;
        key.lastEventNanos = now;
        said.add(new Said.Handled(event.key(), event.payload(), time, receiptNanos, late));
        tally.add(faults.fails(Stage.HANDLER, event.key()) ? Counter.HANDLER_FAILED : Counter.HANDLED, 1);
        expire(key, end);
        if (late) {
            tally.add(Counter.LATE, 1);
        } else {
            retain(key, time, event.payload());
        }
        if (plan.hasSink() && slideElapsed(key, end)) {
            said.add(offer(event.key(), key, end));
        }
    }

    private @Nullable NaiveKey create(String name, List<Said> said) {
        if (keys.size() >= plan.maxKeys()) {
            return null;
        }
        said.add(new Said.Created(name));
        if (faults.fails(Stage.STATE_FACTORY, name)) {
            tally.add(Counter.FACTORY_FAILED, 1);
            return null;
        }
        tally.add(Counter.KEYS_CREATED, 1);
        NaiveKey key = new NaiveKey();
        keys.put(name, key);
        return key;
    }

    private void retain(NaiveKey key, long time, String payload) {
        tally.add(Counter.TIMESTAMPS_ADDED, 1);
        boolean full = !key.times.isEmpty() && liveTimestamps() >= plan.retained();
        key.add(time, payload);
        if (full) {
            tally.add(Counter.TRUNCATED, 1);
            key.lost.add(key.times.remove(0));
        }
        key.owes = true;
    }

    private void expire(NaiveKey key, long end) {
        tally.add(Counter.EXPIRED, key.expire(end - plan.rules().sizeNanos()));
    }

    private boolean slideElapsed(NaiveKey key, long end) {
        return key.lastEmissionNanos == null
                || end - key.lastEmissionNanos >= plan.rules().slideNanos();
    }

    private Said offer(String name, NaiveKey key, long end) {
        tally.add(Counter.EMISSIONS_DUE, 1);
        tally.add(faults.fails(Stage.SINK, name) ? Counter.SINK_FAILED : Counter.DELIVERED, 1);
        int count = key.times.size();
        long oldest = count == 0 ? end : key.times.get(0);
        long newest = count == 0 ? end : key.times.get(count - 1);
        key.lastEmissionNanos = end;
        key.owes = count > 0;
        long start = end - plan.rules().sizeNanos();
        Said.Values values = plan.hasValues() ? key.values() : Said.Values.NONE;
        return new Said.Window(name, count, start, end, oldest, newest, key.total, !key.lost.isEmpty(), values);
    }

    // ---- timers

    /**
     * Judges what was said when a worker looked at the timers at a time of the clock. While messages wait, timers may be
     * held.
     */
    void timers(long clockNanos, List<Said> said, boolean nothingWaits) {
        for (String name : keys.keySet()) {
            int shard = shardOf.applyAsInt(name);
            if (shard != heldShard) {
                latestNanos[shard] = Math.max(latestNanos[shard], clockNanos);
            }
        }
        for (Said one : said) {
            if (one instanceof Said.Window window) {
                timerEmission(window);
            } else if (one instanceof Said.Disposed disposed) {
                timerDisposal(disposed);
            } else {
                throw new AssertionError("said by a timer: " + one);
            }
        }
        keys.forEach((name, key) -> {
            if (nothingWaits && shardOf.applyAsInt(name) != heldShard) {
                requireNothingDue(name, key, clockNanos);
            }
        });
    }

    private void timerEmission(Said.Window window) {
        NaiveKey key = keys.get(window.key());
        long now = fired(window.key());
        if (key == null || !emitsWhenQuiet() || !key.owes || isIdle(key, now) || !slideElapsed(key, now)) {
            throw new AssertionError("emitted by a timer, but not due at " + now + ": " + window);
        }
        expire(key, now);
        Said expected = offer(window.key(), key, now);
        if (!expected.equals(window)) {
            throw new AssertionError("emitted by a timer: " + window + " (expected: " + expected + ")");
        }
    }

    private void timerDisposal(Said.Disposed disposed) {
        NaiveKey key = keys.get(disposed.key());
        long now = fired(disposed.key());
        if (key == null || !isIdle(key, now)) {
            throw new AssertionError("disposed of by a timer, but not idle at " + now + ": " + disposed);
        }
        Said expected = forget(disposed.key());
        if (!expected.equals(disposed)) {
            throw new AssertionError("disposed of: " + disposed + " (expected: " + expected + ")");
        }
    }

    private long fired(String name) {
        int shard = shardOf.applyAsInt(name);
        sureNanos[shard] = latestNanos[shard];
        return latestNanos[shard];
    }

    private void requireNothingDue(String name, NaiveKey key, long clockNanos) {
        if (isIdle(key, clockNanos)) {
            throw new AssertionError("idle, but not disposed of at " + clockNanos + ": " + name);
        }
        if (emitsWhenQuiet()) {
            if (key.owes && slideElapsed(key, clockNanos)) {
                throw new AssertionError("due, but not emitted at " + clockNanos + ": " + name);
            }
        } else if (expiresUnsaid()
                && clockNanos - key.lastEventNanos > plan.rules().sizeNanos()) {
            expire(key, clockNanos);
        }
    }

    /** Whether a timer may expire timestamps and say nothing, so that it cannot be told whether it has fired. */
    boolean expiresUnsaid() {
        return !emitsWhenQuiet() && !plan.rules().followsEvents();
    }

    private boolean emitsWhenQuiet() {
        return plan.hasSink() && plan.rules().emitWhenQuiet() && !plan.rules().followsEvents();
    }

    private boolean isIdle(NaiveKey key, long now) {
        return plan.rules().idleNanos() != 0
                && now - key.lastEventNanos >= plan.rules().idleNanos();
    }

    // ---- the end

    private Said forget(String name) {
        NaiveKey key = keys.remove(name);
        tally.add(Counter.KEYS_DISPOSED, 1);
        tally.add(Counter.DISPOSED_WITH_KEY, key.times.size());
        tally.add(Counter.DISPOSER_FAILED, faults.fails(Stage.DISPOSER, name) ? 1 : 0);
        return new Said.Disposed(name, key.total);
    }

    /** Forgets all keys. */
    List<Said> disposeAll() {
        List<Said> said = new ArrayList<>();
        for (String name : List.copyOf(keys.keySet())) {
            said.add(forget(name));
        }
        return said;
    }

    long liveKeys() {
        return keys.size();
    }

    long liveTimestamps() {
        return keys.values().stream().mapToLong(key -> key.times.size()).sum();
    }
}
