package io.trafilo.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The windows as the semantics table has them, told as plainly as possible: a sorted list for each key, looked through from
 * one end to the other each time. Time is given, and never goes back.
 */
final class NaiveWindows {
    /** One window as the sink sees it. */
    record Emission(
            String key,
            long count,
            long start,
            long end,
            long oldest,
            long newest,
            long total,
            boolean truncated,
            Values values)
            implements Comparable<Emission> {
        @Override
        public int compareTo(Emission other) {
            return key.compareTo(other.key);
        }
    }

    /** The aggregates of one window. */
    record Values(double sum, double min, double max, double weightedCount) {
        static final Values NONE = new Values(0, 0, 0, 0);

        static Values of(List<Long> times) {
            double sum = 0;
            double min = Double.NaN;
            double max = Double.NaN;
            double weightedCount = 0;
            for (long time : times) {
                weightedCount += weightAt(time);
                double value = valueAt(time);
                if (!Double.isNaN(value)) {
                    sum += value * weightAt(time);
                    min = min <= value ? min : value;
                    max = max >= value ? max : value;
                }
            }
            return new Values(sum, min, max, weightedCount);
        }
    }

    /** The value of an event of this time: so equal times have equal values, and it does not matter which of them goes. */
    static double valueAt(long time) {
        long mixed = (time * 0x9E3779B97F4A7C15L) >>> 40;
        return mixed % 9 == 0 ? Double.NaN : mixed % 1000 - 500;
    }

    static double weightAt(long time) {
        long mixed = (time * 0xD1B54A32D192ED03L) >>> 40;
        return mixed % 3 == 0 ? 1 + mixed % 8 / 4.0 : 1;
    }

    /** One event as the handler sees it. */
    record Handled(String key, long time, boolean late) {}

    private static final class Naive {
        final List<Long> times = new ArrayList<>();
        final List<Long> lost = new ArrayList<>();
        long total;
        long lastEvent;

        @Nullable
        Long lastEmission;

        @Nullable
        Long newestEvent;

        boolean owes;
    }

    private final WindowRules rules;
    private final boolean hasSink;
    private final boolean hasValues;
    private final long maxKeys;
    private final long maxRetained;
    private final Map<String, Naive> keys = new TreeMap<>();

    final List<Emission> emissions = new ArrayList<>();
    final List<Handled> handled = new ArrayList<>();
    final List<String> disposed = new ArrayList<>();
    long handledTotal;
    long late;
    long skewed;
    long refused;
    long added;
    long expired;
    long truncated;
    long disposedTimes;

    NaiveWindows(WindowRules rules, boolean hasSink, boolean hasValues, long maxKeys, long maxRetained) {
        this.rules = rules;
        this.hasSink = hasSink;
        this.hasValues = hasValues;
        this.maxKeys = maxKeys;
        this.maxRetained = maxRetained;
    }

    /** An event; the factory refuses new keys if {@code factoryFails}. */
    void event(String name, long eventTime, long now, boolean factoryFails) {
        Naive key = keys.get(name);
        if (key == null) {
            if (keys.size() >= maxKeys || factoryFails) {
                refused++;
                return;
            }
            key = new Naive();
            keys.put(name, key);
        }
        long time = Math.min(eventTime, now);
        skewed += eventTime > now ? 1 : 0;
        long end = now;
        if (rules.followsEvents()) {
            key.newestEvent = key.newestEvent == null ? time : Math.max(time, key.newestEvent);
            end = key.newestEvent;
        }
        long start = end - rules.sizeNanos();
        boolean isLate = time < start;
        key.total++;
        key.lastEvent = now;
        handled.add(new Handled(name, time, isLate));
        handledTotal++;
        expire(key, start);
        if (isLate) {
            late++;
        } else {
            retain(key, time);
        }
        if (hasSink && slideElapsed(key, end)) {
            offer(name, key, end);
        }
    }

    private void retain(Naive key, long time) {
        added++;
        boolean full = live() >= maxRetained && !key.times.isEmpty();
        key.times.add(time);
        Collections.sort(key.times);
        if (full) {
            truncated++;
            key.lost.add(key.times.remove(0));
        }
        key.owes = true;
    }

    private void expire(Naive key, long start) {
        int before = key.times.size();
        key.times.removeIf(t -> t < start);
        expired += before - key.times.size();
        key.lost.removeIf(t -> t < start);
    }

    private boolean slideElapsed(Naive key, long end) {
        return key.lastEmission == null || end - key.lastEmission >= rules.slideNanos();
    }

    private void offer(String name, Naive key, long end) {
        int count = key.times.size();
        long oldest = count == 0 ? end : key.times.get(0);
        long newest = count == 0 ? end : key.times.get(count - 1);
        long start = end - rules.sizeNanos();
        Values values = hasValues ? Values.of(key.times) : Values.NONE;
        emissions.add(new Emission(name, count, start, end, oldest, newest, key.total, !key.lost.isEmpty(), values));
        key.lastEmission = end;
        key.owes = count > 0;
    }

    /** All that happens by itself up to now. */
    void poll(long now) {
        for (String name : new ArrayList<>(keys.keySet())) {
            Naive key = keys.get(name);
            if (rules.idleNanos() != 0 && now >= key.lastEvent + rules.idleNanos()) {
                forget(name, key);
            } else if (emitsQuiet() && key.owes && slideElapsed(key, now)) {
                expire(key, now - rules.sizeNanos());
                offer(name, key, now);
            } else if (evictsQuiet() && now > key.lastEvent + rules.sizeNanos()) {
                expire(key, now - rules.sizeNanos());
            }
        }
    }

    private boolean emitsQuiet() {
        return hasSink && rules.emitWhenQuiet() && !rules.followsEvents();
    }

    private boolean evictsQuiet() {
        return !emitsQuiet() && !rules.followsEvents();
    }

    private void forget(String name, Naive key) {
        keys.remove(name);
        disposed.add(name);
        disposedTimes += key.times.size();
    }

    /** When something happens by itself next; the time given if nothing does before. */
    long nextTime(long latest) {
        long next = latest;
        for (Naive key : keys.values()) {
            if (rules.idleNanos() != 0) {
                next = Math.min(next, key.lastEvent + rules.idleNanos());
            }
            if (emitsQuiet() && key.owes && key.lastEmission != null) {
                next = Math.min(next, key.lastEmission + rules.slideNanos());
            }
            if (evictsQuiet() && !key.times.isEmpty()) {
                next = Math.min(next, key.lastEvent + rules.sizeNanos() + 1);
            }
        }
        return next;
    }

    void disposeAll() {
        for (String name : new ArrayList<>(keys.keySet())) {
            forget(name, keys.get(name));
        }
    }

    /** The number of events of a key, null if there is no such key. */
    @Nullable
    Integer total(String name) {
        Naive key = keys.get(name);
        return key == null ? null : (int) key.total;
    }

    long liveKeys() {
        return keys.size();
    }

    long live() {
        return keys.values().stream().mapToLong(key -> key.times.size()).sum();
    }

    /** The counts, in the order of {@code WindowModelTest}. */
    List<Long> counts() {
        return Arrays.asList(
                late,
                skewed,
                refused,
                added,
                expired,
                truncated,
                disposedTimes,
                (long) disposed.size(),
                live(),
                liveKeys(),
                (long) emissions.size(),
                handledTotal);
    }
}
