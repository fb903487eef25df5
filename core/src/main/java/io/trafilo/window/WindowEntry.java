package io.trafilo.window;

/**
 * The window's and the timer's part of a key's state. The key's own state extends it.
 *
 * <p>Guarded by the lock of the shard that owns the key. An entry belongs to one {@link TimestampStore} while it holds
 * timestamps, and to one {@link TimerWheel} while it is armed.
 */
public abstract class WindowEntry {
    static final int NOT_ARMED = -1;
    static final int DUE = 0;

    // TimestampStore: always holds the oldest and the newest, so up to two timestamps need no chunk.
    long oldestNanos;
    long newestNanos;
    int count;
    int headChunk;
    int tailChunk;

    // TimerWheel: the place of an armed entry, as block number * TimerBlock.CAPACITY + slot. For one that is due, any
    // place:
    // it only says that the entry is armed.
    int timerPlace = NOT_ARMED;
    long deadlineNanos;

    /** Creates an entry without timestamps, not armed. */
    protected WindowEntry() {}
}
