package io.trafilo.aggregate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What no key with many events has at the moment. All shards share it, so there are no more than keys ever had at a time.
 * Thread-safe; called only when a key comes to have many events, or no longer has.
 */
public final class AggregatePool {
    private final AggregateRules rules;
    private final List<Panes> panes = new ArrayList<>();
    private final List<QuantileBuckets> buckets = new ArrayList<>();

    /** Creates an empty pool. */
    public AggregatePool(AggregateRules rules) {
        this.rules = rules;
    }

    /** Their content is undefined. */
    synchronized Panes takePanes() {
        return panes.isEmpty() ? rules.newPanes() : panes.remove(panes.size() - 1);
    }

    /** They are stale. */
    synchronized QuantileBuckets takeBuckets() {
        return buckets.isEmpty() ? rules.newBuckets() : buckets.remove(buckets.size() - 1);
    }

    synchronized void giveBack(@Nullable Panes unused) {
        if (unused != null) {
            panes.add(unused);
        }
    }

    synchronized void giveBack(@Nullable QuantileBuckets unused) {
        if (unused != null) {
            unused.invalidate();
            buckets.add(unused);
        }
    }
}
