package io.trafilo.aggregate;

import org.jspecify.annotations.Nullable;

/** What a key has besides the values of its events. Only {@link ShardAggregates} and {@link WindowAggregates} look inside. */
public final class KeyAggregates {
    static final int BYTES = 8 + 16 + 3 * 8;

    /** Of a key with many events. */
    @Nullable
    Panes panes;

    /** Of a key with very many events, and only if there are quantiles. */
    @Nullable
    QuantileBuckets buckets;

    @Nullable
    ItemPanes items;

    /** Of a key without events. */
    public KeyAggregates() {}
}
