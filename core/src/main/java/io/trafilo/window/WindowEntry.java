package io.trafilo.window;

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

    // TimerWheel: the place of an armed entry that is not due, as block number * TimerBlock.CAPACITY + slot.
    int timerPlace;
    long deadlineNanos;
    boolean armed;

    /** For the key's state to extend: no timestamps, not armed. */
    protected WindowEntry() {}
}
