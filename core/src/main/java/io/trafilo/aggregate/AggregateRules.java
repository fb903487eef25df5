package io.trafilo.aggregate;

import io.trafilo.AggregateSet;
import io.trafilo.Aggregates;

/** What is aggregated in an engine, and what that takes. Immutable. */
public final class AggregateRules {
    /** No aggregates. */
    public static final AggregateRules NONE = new AggregateRules(Aggregates.none(), 1, 1);

    /** The fewest retained events with which a key gets panes. It keeps them while it has half as many. */
    private static final int MANY = 512;

    /** The same for buckets, which take far more. */
    private static final int MANY_FOR_BUCKETS = 4096;

    private static final int REFERENCE = 8;

    final AggregateSet set;
    final boolean hasPartials;
    final boolean keepsWeights;
    final int many;
    final int manyForBuckets;
    final int paneShift;
    final BucketIndex index;
    private final int itemShift;
    private final int itemPanes;

    /** {@code windowNanos} and {@code slideNanos}: of the engine's windows. */
    public AggregateRules(AggregateSet set, long windowNanos, long slideNanos) {
        this(set, windowNanos, slideNanos, MANY, MANY_FOR_BUCKETS);
    }

    /** For tests: {@code many} and {@code manyForBuckets} retained events are many. */
    public AggregateRules(AggregateSet set, long windowNanos, long slideNanos, int many, int manyForBuckets) {
        this.set = set;
        this.many = many;
        this.manyForBuckets = manyForBuckets;
        this.hasPartials = set.hasSum() || set.hasMin() || set.hasMax() || set.hasDeviation() || set.hasWeightedCount();
        this.keepsWeights = set.hasSum() || set.hasDeviation() || set.hasWeightedCount() || set.hasQuantiles();
        this.paneShift = Panes.shift(windowNanos);
        this.index = new BucketIndex(set.relativeError());
        this.itemShift = ItemPanes.shift(windowNanos, slideNanos);
        this.itemPanes = ItemPanes.count(windowNanos, itemShift);
    }

    /** Whether there is anything to aggregate. */
    public boolean isEmpty() {
        return set.isEmpty();
    }

    /** Whether values, or weights, are retained. */
    public boolean keepsValues() {
        return hasPartials || set.hasQuantiles();
    }

    /** Whether weights are retained once there is one other than 1. */
    public boolean keepsWeights() {
        return keepsWeights;
    }

    /** Whether items are told apart. */
    public boolean keepsItems() {
        return set.hasDistinct();
    }

    Partials newPartials() {
        return new Partials(1, set.hasDeviation());
    }

    Panes newPanes() {
        return new Panes(paneShift, set.hasDeviation());
    }

    QuantileBuckets newBuckets() {
        return new QuantileBuckets(index);
    }

    ItemPanes newItemPanes() {
        return new ItemPanes(itemShift, itemPanes, set.precision());
    }

    // ---- the most heap, with 8-byte references

    /** What a key takes besides the values of its events. */
    public long bytesOfKey() {
        if (isEmpty()) {
            return 0;
        }
        return KeyAggregates.BYTES + (keepsItems() ? ItemPanes.bytes(itemPanes, set.precision()) : 0);
    }

    /** What all keys with many events take together, if so many events are retained. */
    public long bytesOfBusyKeys(long maxRetainedEvents) {
        long panes = hasPartials ? maxRetainedEvents / (many / 2) : 0;
        long buckets = set.hasQuantiles() ? maxRetainedEvents / (manyForBuckets / 2) : 0;
        return panes * (Panes.bytes() + 2 * REFERENCE) + buckets * (QuantileBuckets.bytes() + 2 * REFERENCE);
    }

    /** What a thread that emits windows takes. */
    public long bytesOfThread() {
        return (hasPartials ? Partials.bytes(1) : 0)
                + (set.hasQuantiles() ? QuantileBuckets.bytes() : 0)
                + (keepsItems() ? 64 + (1L << set.precision()) : 0);
    }
}
