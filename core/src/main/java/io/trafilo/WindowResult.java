package io.trafilo;

/**
 * A window to keep: the values of a {@link WindowView}, which says what each means. Immutable.
 *
 * @param key the key
 * @param count the number of events in the window
 * @param startNanos the nominal start of the window
 * @param endNanos the nominal end of the window
 * @param oldestNanos the oldest retained timestamp
 * @param newestNanos the newest retained timestamp
 * @param total the number of events of the key since its state was created
 * @param truncated whether the count is a lower bound
 * @param lossDuringWindow how many messages were lost while the window was open
 */
public record WindowResult(
        Key key,
        long count,
        long startNanos,
        long endNanos,
        long oldestNanos,
        long newestNanos,
        long total,
        boolean truncated,
        long lossDuringWindow) {}
