package io.trafilo.state;

import io.trafilo.Key;
import io.trafilo.window.WindowEntry;
import org.jspecify.annotations.Nullable;

/** All that the engine keeps for one key. Guarded by the lock of its shard. */
final class KeyState<S extends @Nullable Object> extends WindowEntry {
    final Key key;
    final long hash;
    final S state;

    long total;
    long lastEventNanos;
    long lastEmissionNanos;

    /** The newest event time seen; kept on the time basis EVENT only. */
    long newestEventNanos;

    /** The newest timestamp that went early, if {@link #truncated}. */
    long truncatedNanos;

    boolean truncated;

    /** Whether {@link #lastEmissionNanos} and {@link #newestEventNanos} are set. */
    boolean emitted;

    boolean seen;

    /** Whether the sink has yet to hear that the window changed or emptied. */
    boolean owesEmission;

    KeyState(Key key, long hash, S state) {
        this.key = key;
        this.hash = hash;
        this.state = state;
    }

    /** Reads the parts of this object that an update needs, and the beginnings of those it leads to. */
    int touch() {
        S held = state;
        int header = held == null ? 0 : held.getClass() == KeyState.class ? 1 : 2;
        return header + (owesEmission ? 1 : 0) + (int) lastEventNanos;
    }
}
