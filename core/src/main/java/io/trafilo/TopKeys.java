package io.trafilo;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Knows the keys with the highest values at any moment: {@code TopKeys.by(WindowView::count, 20)}. It is a sink, to be put in
 * front of another, and a disposer:
 *
 * <pre>{@code
 * TopKeys top = TopKeys.by(WindowView::count, 20);
 * builder.sink(top.then((window, state) -> ...)).disposer(top);
 * }</pre>
 *
 * <p>The value of a key is that of its last window, so it is as old as a slide at most. A key is dropped when its window is
 * empty or the engine disposes of it, and {@link #list()} leaves out those whose newest event has left the window since.
 * Nothing is estimated.
 *
 * <p>Threading: thread-safe. A list locks a hundredth of the keys at a time.
 *
 * <p>Memory: about 130 bytes for each key with events in its window. Where quiet keys do not emit, keys whose events had left the
 * window by the end of the latest window of any key are dropped as new ones come. So there are at most twice as many, and 512.
 */
public final class TopKeys implements WindowSink<@Nullable Object>, StateDisposer<@Nullable Object> {
    /*
     * A map for each stripe, by the lowest bits of the key's hash. When a map has twice as many keys as after its last sweep,
     * it is swept: an insertion pays for the look at one key.
     */
    private static final int STRIPES = 128;

    private static final int LEAST_SWEPT = 2;

    /**
     * A key with its value.
     *
     * @param key the key
     * @param value its value in the last window
     * @param endNanos when that window ended
     */
    public record Entry(Key key, double value, long endNanos) {}

    private static final class Last {
        final Key key;
        double value;
        long endNanos;

        /** When the window is empty if no more events come. */
        long emptyNanos;

        Last(Key key) {
            this.key = key;
        }
    }

    private static final class Stripe {
        final Map<Key, Last> keys = new TreeMap<>(); // ordered: hash codes can be made to collide
        int sweepAt = 2 * LEAST_SWEPT;
        long latestNanos = Long.MIN_VALUE;
    }

    private static final Comparator<Entry> LOWEST_FIRST = Comparator.comparingDouble(Entry::value)
            .thenComparing(entry -> entry.key().toString(), Comparator.reverseOrder());

    private final ToDoubleFunction<? super WindowView> value;
    private final int count;
    private final Stripe[] stripes = new Stripe[STRIPES];

    private TopKeys(ToDoubleFunction<? super WindowView> value, int count) {
        this.value = value;
        this.count = count;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe();
        }
    }

    /**
     * Keys with the highest values.
     *
     * @param value what of a window counts, such as {@code WindowView::sum}; called under the key's lock. A key for which it is
     *     NaN is left out
     * @param count how many keys, 1 or more
     * @return a sink that has seen no window yet
     */
    public static TopKeys by(ToDoubleFunction<? super WindowView> value, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("count: " + count + " keys (expected: >= 1)");
        }
        return new TopKeys(requireNonNull(value, "value"), count);
    }

    /**
     * This sink and then another.
     *
     * @param next receives each window after this
     * @param <S> the type of the state
     * @return a sink for both
     */
    public <S extends @Nullable Object> WindowSink<S> then(WindowSink<? super S> next) {
        requireNonNull(next, "next");
        return (window, state) -> {
            onWindow(window, state);
            next.onWindow(window, state);
        };
    }

    /**
     * This disposer and then another.
     *
     * @param next disposes of each state after this
     * @param <S> the type of the state
     * @return a disposer for both
     */
    public <S extends @Nullable Object> StateDisposer<S> thenDispose(StateDisposer<? super S> next) {
        requireNonNull(next, "next");
        return (key, state) -> {
            dispose(key, state);
            next.dispose(key, state);
        };
    }

    @Override
    public void onWindow(WindowView window, @Nullable Object state) {
        double current = window.count() == 0 ? Double.NaN : value.applyAsDouble(window);
        Key key = window.key();
        Stripe stripe = stripe(key);
        synchronized (stripe) {
            long endNanos = window.endNanos();
            stripe.latestNanos = Math.max(stripe.latestNanos, endNanos);
            if (Double.isNaN(current)) {
                stripe.keys.remove(key);
                return;
            }
            Last last = stripe.keys.get(key);
            if (last == null) {
                sweepIfDue(stripe);
                last = new Last(key);
                stripe.keys.put(key, last);
            }
            last.value = current;
            last.endNanos = endNanos;
            last.emptyNanos = window.newestNanos() + (endNanos - window.startNanos());
        }
    }

    private static void sweepIfDue(Stripe stripe) {
        if (stripe.keys.size() >= stripe.sweepAt) {
            stripe.keys.values().removeIf(last -> last.emptyNanos < stripe.latestNanos);
            stripe.sweepAt = 2 * Math.max(LEAST_SWEPT, stripe.keys.size());
        }
    }

    @Override
    public void dispose(Key key, @Nullable Object state) {
        Stripe stripe = stripe(key);
        synchronized (stripe) {
            stripe.keys.remove(key);
        }
    }

    private Stripe stripe(Key key) {
        int hash = key.hashCode();
        return stripes[(hash ^ hash >>> 16) & (STRIPES - 1)];
    }

    /**
     * The keys with the highest values whose windows were not empty at the end of the latest window that this has seen, of any
     * key.
     *
     * @return the keys, that with the highest value first; of equal values, that with the lesser text first
     */
    public List<Entry> list() {
        long latestNanos = Long.MIN_VALUE;
        for (Stripe stripe : stripes) {
            synchronized (stripe) {
                latestNanos = Math.max(latestNanos, stripe.latestNanos);
            }
        }
        return list(latestNanos);
    }

    /**
     * The keys with the highest values whose windows are not empty at a time.
     *
     * @param nowNanos nanoseconds since the epoch, by the engine's own clock ({@link TrafiloSettings#clock}), which does not follow
     *     a wall clock that is set. On the time basis {@code EVENT}, the least {@code long} leaves no key out
     * @return the keys, that with the highest value first; of equal values, that with the lesser text first
     */
    public List<Entry> list(long nowNanos) {
        PriorityQueue<Entry> highest = new PriorityQueue<>(LOWEST_FIRST);
        for (Stripe stripe : stripes) {
            synchronized (stripe) {
                for (Last last : stripe.keys.values()) {
                    Entry lowest = highest.peek();
                    boolean room = lowest == null || highest.size() < count || last.value >= lowest.value;
                    if (room && last.emptyNanos >= nowNanos) {
                        highest.add(new Entry(last.key, last.value, last.endNanos));
                        if (highest.size() > count) {
                            highest.poll();
                        }
                    }
                }
            }
        }
        List<Entry> list = new ArrayList<>(highest);
        list.sort(LOWEST_FIRST.reversed());
        return list;
    }
}
