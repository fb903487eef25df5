package io.trafilo.state;

import io.trafilo.Key;
import io.trafilo.window.WindowEntry;
import org.jspecify.annotations.Nullable;

/** Everything the engine keeps for one key. Guarded by the lock of its shard. */
final class KeyState<S extends @Nullable Object> extends WindowEntry {
    final Key key;
    final S state;

    /** The lower 32 bits of the key's hash. */
    final int hash;

    /** Another key of the shard with the same {@link #hash}. */
    @Nullable
    KeyState<S> nextOfEqualHash;

    long total;
    long lastEventNanos;
    long lastEmissionNanos;

    /** The newest timestamp that was removed early, if {@link #truncated}. */
    long truncatedNanos;

    boolean truncated;

    /** Whether {@link #lastEmissionNanos} is set. */
    boolean emitted;

    /** Whether the sink has not yet received the window's last change, or its emptying. */
    boolean owesEmission;

    KeyState(Key key, int hash, S state) {
        this.key = key;
        this.hash = hash;
        this.state = state;
    }

    /** Reads the parts of this object that an update needs, and the start of the objects it refers to. */
    int touch() {
        S held = state;
        int header = held == null ? 0 : held.getClass() == KeyState.class ? 1 : 2;
        return header + (owesEmission ? 1 : 0) + (int) lastEventNanos;
    }
}
