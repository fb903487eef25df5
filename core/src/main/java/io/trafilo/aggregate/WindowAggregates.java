package io.trafilo.aggregate;

import com.dynatrace.hash4j.distinctcount.UltraLogLog;
import io.trafilo.AggregateSet;
import io.trafilo.Aggregates;
import io.trafilo.window.TimestampStore;
import io.trafilo.window.WindowEntry;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The aggregates of the window that a thread is emitting. Each is computed when it is first asked for, from what is retained,
 * under the lock of the key's shard. Belongs to that thread.
 */
public final class WindowAggregates {
    private @Nullable ShardAggregates shard;
    private @Nullable KeyAggregates of;
    private @Nullable WindowEntry entry;
    private AggregateSet set = Aggregates.none();
    private long startNanos;
    private long endNanos;

    // Made when first needed, and kept.
    private @Nullable Partials partials;
    private @Nullable QuantileBuckets buckets;
    private @Nullable UltraLogLog items;

    private boolean hasPartials;
    private boolean hasBuckets;

    /** Of no window. */
    public WindowAggregates() {}

    /** Turns to a window. */
    public void begin(
            ShardAggregates newShard, KeyAggregates newOf, WindowEntry newEntry, long newStartNanos, long newEndNanos) {
        shard = newShard;
        of = newOf;
        entry = newEntry;
        set = newShard.rules().set;
        startNanos = newStartNanos;
        endNanos = newEndNanos;
        hasPartials = false;
        hasBuckets = false;
    }

    /** Turns away from the window, after which nothing can be asked. */
    public void end() {
        shard = null;
        of = null;
        entry = null;
    }

    public AggregateSet set() {
        return set;
    }

    public double weightedCount() {
        return partials().weightedCount();
    }

    public double sum() {
        return partials().sum();
    }

    public double mean() {
        return partials().mean();
    }

    public double min() {
        return partials().min();
    }

    public double max() {
        return partials().max();
    }

    public double standardDeviation() {
        return partials().standardDeviation();
    }

    public double quantile(double q) {
        return buckets().quantile(q);
    }

    public DoubleUnaryOperator quantiles() {
        return buckets().function();
    }

    /** The number of distinct items, an estimate. */
    public long distinct() {
        KeyAggregates key = during(of);
        if (during(shard).store().count(during(entry)) == 0) {
            return 0; // of the pane at the old edge, nothing is in the window
        }
        UltraLogLog all = items;
        if (all == null) {
            all = UltraLogLog.create(set.precision());
            items = all;
        }
        all.reset();
        if (key.items != null) {
            key.items.fold(startNanos, endNanos, all);
        }
        return Math.round(all.getDistinctCountEstimate());
    }

    private Partials partials() {
        WindowEntry key = during(entry);
        Partials result = partials;
        if (result == null) {
            result = during(shard).rules().newPartials();
            partials = result;
        }
        if (!hasPartials) {
            TimestampStore store = during(shard).store();
            Panes panes = during(of).panes;
            result.reset(0);
            if (panes == null) {
                store.show(key, result.target(0));
            } else {
                panes.fold(store, key, result);
            }
            hasPartials = true;
        }
        return result;
    }

    private QuantileBuckets buckets() {
        WindowEntry key = during(entry);
        QuantileBuckets counted = during(of).buckets;
        if (counted == null) {
            counted = buckets;
            if (counted == null) {
                counted = during(shard).rules().newBuckets();
                buckets = counted;
            }
            if (!hasBuckets) {
                counted.invalidate();
                hasBuckets = true;
            }
        }
        if (counted.isStale()) {
            counted.clear();
            during(shard).store().show(key, counted);
        }
        return counted;
    }

    private static <T> T during(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException(
                    "window: its sink has returned (expected: toResult() for what is to be kept)");
        }
        return part;
    }
}
