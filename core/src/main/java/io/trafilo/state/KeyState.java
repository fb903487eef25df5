package io.trafilo.state;

import io.trafilo.Key;
import io.trafilo.aggregate.KeyAggregates;
import io.trafilo.window.WindowEntry;
import org.jspecify.annotations.Nullable;

/** Everything the engine keeps for one key. Guarded by the lock of its shard. */
class KeyState<S extends @Nullable Object> extends WindowEntry {
    /*
     * There may be millions, so this is kept to 96 bytes, with references of 4 bytes. Two flags are in the lowest bits of the
     * number of events, and only a key that comes second with its hash has a link; see Twin.
     */
    private static final int OWES_EMISSION = 1;
    private static final int TRUNCATED = 2;
    private static final int EVENTS_SHIFT = 2;

    final Key key;
    final S state;

    /** The lower 32 bits of the key's hash. */
    final int hash;

    private long eventsAndFlags;
    long lastEventNanos;

    /** When the sink was last called or, for a new key, one slide before its first event. */
    long lastEmissionNanos;

    private long truncatedNanos;

    KeyState(Key key, int hash, S state) {
        this.key = key;
        this.hash = hash;
        this.state = state;
    }

    /** A key of an engine whose windows have aggregates. */
    static class Aggregated<S extends @Nullable Object> extends KeyState<S> {
        private final KeyAggregates aggregates = new KeyAggregates();

        Aggregated(Key key, int hash, S state) {
            super(key, hash, state);
        }

        @Override
        KeyAggregates aggregates() {
            return aggregates;
        }
    }

    /** A key with the same hash as one that was there before. They are rare, so there is one class for any engine. */
    static final class Twin<S extends @Nullable Object> extends Aggregated<S> {
        private @Nullable KeyState<S> next;

        Twin(Key key, int hash, S state, KeyState<S> next) {
            super(key, hash, state);
            this.next = next;
        }

        @Override
        @Nullable
        KeyState<S> nextOfEqualHash() {
            return next;
        }

        void nextOfEqualHash(@Nullable KeyState<S> newNext) {
            next = newNext;
        }
    }

    /** Another key of the shard with the same {@link #hash}, or null. */
    @Nullable
    KeyState<S> nextOfEqualHash() {
        return null;
    }

    /** What the key has for aggregates, in an engine that has some. */
    KeyAggregates aggregates() {
        throw new IllegalStateException("aggregates: none");
    }

    /** How many events the key has had. */
    long total() {
        return eventsAndFlags >>> EVENTS_SHIFT;
    }

    void countEvent() {
        eventsAndFlags += 1L << EVENTS_SHIFT;
    }

    /** Whether the sink has not yet received the window's last change, or its emptying. */
    boolean owesEmission() {
        return (eventsAndFlags & OWES_EMISSION) != 0;
    }

    void owesEmission(boolean owes) {
        eventsAndFlags = owes ? eventsAndFlags | OWES_EMISSION : eventsAndFlags & ~OWES_EMISSION;
    }

    /** Records that a timestamp was removed early. */
    void truncated(long timestampNanos) {
        if ((eventsAndFlags & TRUNCATED) == 0 || timestampNanos - truncatedNanos > 0) {
            truncatedNanos = timestampNanos;
        }
        eventsAndFlags |= TRUNCATED;
    }

    /** Whether a timestamp at or after this time was removed early. This time never goes back from one call to the next. */
    boolean isTruncatedSince(long startNanos) {
        if ((eventsAndFlags & TRUNCATED) == 0) {
            return false;
        }
        if (truncatedNanos - startNanos < 0) {
            eventsAndFlags &= ~TRUNCATED;
            return false;
        }
        return true;
    }

    /** Reads the parts of this object that an update needs, and the start of the objects it refers to. */
    int touch() {
        S held = state;
        int header = held == null ? 0 : held.getClass() == KeyState.class ? 1 : 2;
        return header + (int) lastEventNanos;
    }
}
