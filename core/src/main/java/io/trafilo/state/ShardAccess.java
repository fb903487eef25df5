package io.trafilo.state;

import io.trafilo.ledger.CounterRow;
import io.trafilo.ledger.LossHistory;

/**
 * What one thread brings along when it works on shards: its counters and the views it hands to the callbacks. Belongs to
 * that thread.
 */
public final class ShardAccess {
    final CounterRow row;
    final ErrorReporter errors;
    final EventFlyweight event = new EventFlyweight();
    final WindowFlyweight window;

    /** Whether the event under way still lacks an outcome in the ledger. */
    boolean outcomePending;

    public ShardAccess(CounterRow row, ErrorReporter errors, LossHistory losses) {
        this.row = row;
        this.errors = errors;
        this.window = new WindowFlyweight(losses);
    }

    public EventFlyweight event() {
        return event;
    }

    /** Whether the last update ended, by an error of the engine's own, before its event was counted. */
    public boolean outcomePending() {
        return outcomePending;
    }
}
