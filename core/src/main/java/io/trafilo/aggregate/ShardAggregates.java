package io.trafilo.aggregate;

import io.trafilo.window.TimestampStore;
import io.trafilo.window.ValueSpan;
import io.trafilo.window.WindowEntry;
import org.jspecify.annotations.Nullable;

/** Keeps the aggregates of one shard's keys up to date. Guarded by the shard's lock. */
public final class ShardAggregates {
    /*
     * A key with few events has nothing but their values: those are read when a sink asks. One with many has partial
     * aggregates by panes of time and, for quantiles, counts by bucket. An event then costs one addition here, and an
     * emission does not depend on how many there are, except for those of one pane. See decision 0031.
     */
    private final AggregateRules rules;
    private final AggregatePool pool;
    private final TimestampStore store;

    /** {@code store} holds the timestamps, and values, of the shard's keys. */
    public ShardAggregates(AggregateRules rules, AggregatePool pool, TimestampStore store) {
        this.rules = rules;
        this.pool = pool;
        this.store = store;
    }

    AggregateRules rules() {
        return rules;
    }

    TimestampStore store() {
        return store;
    }

    /** As {@link TimestampStore#add(WindowEntry, long)}, with the event's value, NaN for none, and its weight. */
    public int add(KeyAggregates of, WindowEntry entry, long nanos, double value, double weight) {
        if (!rules.keepsValues()) {
            return store.add(entry, nanos);
        }
        double kept = rules.keepsWeights ? weight : 1;
        long oldestNanos = store.count(entry) == 0 ? nanos : store.oldest(entry);
        int truncated = store.add(entry, nanos, value, kept, leaving(of));
        if (truncated > 0 && nanos - oldestNanos <= 0) {
            return truncated; // the added one itself
        }
        addToPanes(of, entry, nanos, value, kept);
        if (truncated > 0 && of.panes != null) {
            of.panes.removed(store.truncatedNanos());
        }
        QuantileBuckets buckets = of.buckets;
        if (buckets != null) {
            if (!buckets.isStale()) {
                buckets.add(value, kept);
            }
        } else if (rules.set.hasQuantiles() && store.count(entry) >= rules.manyForBuckets) {
            of.buckets = pool.takeBuckets();
        }
        return truncated;
    }

    private void addToPanes(KeyAggregates of, WindowEntry entry, long nanos, double value, double weight) {
        Panes panes = of.panes;
        if (panes != null) {
            panes.add(nanos, value, weight);
        } else if (rules.hasPartials && store.count(entry) >= rules.many) {
            panes = pool.takePanes();
            panes.fill(store, entry);
            of.panes = panes;
        }
    }

    /** As {@link TimestampStore#evictBefore(WindowEntry, long)}. */
    public int evictBefore(KeyAggregates of, WindowEntry entry, long boundNanos) {
        int removed = store.evictBefore(entry, boundNanos, leaving(of));
        if (removed > 0) {
            shrink(of, store.count(entry));
        }
        return removed;
    }

    private void shrink(KeyAggregates of, int count) {
        if (of.panes != null && count < rules.many / 2) {
            pool.giveBack(of.panes);
            of.panes = null;
        }
        if (of.buckets != null && count < rules.manyForBuckets / 2) {
            pool.giveBack(of.buckets);
            of.buckets = null;
        }
    }

    private static @Nullable ValueSpan leaving(KeyAggregates of) {
        return of.buckets == null || of.buckets.isStale() ? null : of.buckets.leaving();
    }

    /** Whether {@link #addItem} is to be called. */
    public boolean keepsItems() {
        return rules.keepsItems();
    }

    /** Adds the item of an event in the window, by its hash. */
    public void addItem(KeyAggregates of, long nanos, long hash) {
        ItemPanes items = of.items;
        if (items == null) {
            items = rules.newItemPanes();
            of.items = items;
        }
        items.add(nanos, hash);
    }

    /** Takes back what a key with many events has: after its last event or, to be rebuilt, after an error. */
    public void reset(KeyAggregates of) {
        shrink(of, -1);
    }
}
