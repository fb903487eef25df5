package io.trafilo.window;

import org.jspecify.annotations.Nullable;

/**
 * The window's and the timer's share of one key's state, extended by whatever else is kept per key.
 *
 * <p>Guarded by the lock of the shard that owns the key. An entry belongs to one {@link TimestampStore} and one {@link
 * TimerWheel} for as long as it holds timestamps or is armed.
 */
public abstract class WindowEntry {

    // TimestampStore: the oldest and the newest are kept here at all times, so up to two timestamps need no chunk at
    // all.
    long oldestNanos;
    long newestNanos;
    int count;
    int headChunk;
    int tailChunk;

    // TimerWheel: the links of the list that holds the armed entry; the first of a list has no previous one.
    @Nullable
    WindowEntry nextTimer;

    @Nullable
    WindowEntry previousTimer;

    long deadlineNanos;
    boolean armed;

    /** For the key's state to extend: no timestamps, not armed. */
    protected WindowEntry() {}
}
