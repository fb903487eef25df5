package io.trafilo.state;

import io.trafilo.Counter;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.Key;
import io.trafilo.failures.Failures;
import io.trafilo.failures.Progress;
import io.trafilo.ledger.CounterRow;
import io.trafilo.ledger.LossHistory;
import org.jspecify.annotations.Nullable;

/**
 * What one thread brings along when it works on shards: its counters and the views it hands to the callbacks. Belongs to
 * that thread.
 */
public final class ShardAccess extends Progress {
    /** How many events are looked ahead at. */
    static final int AHEAD = 32;

    final CounterRow row;
    final Failures failures;
    final EventFlyweight event = new EventFlyweight();
    final WindowFlyweight window;

    /** Slots of the shards' tables. Not references: the collector's barrier for those is a fence, which ends the reading ahead. */
    final int[] ahead = new int[AHEAD];

    /** Where reads that are done for their effect on the caches put what they found, so that they are done. */
    int touched;

    /** Whether the event under way still lacks an outcome in the ledger. */
    private boolean outcomePending;

    public ShardAccess(CounterRow row, Failures failures, LossHistory losses) {
        this.row = row;
        this.failures = failures;
        this.window = new WindowFlyweight(losses);
    }

    /** Begins an event, which is to have exactly one outcome, and gives the view to point at it. */
    public EventFlyweight beginEvent() {
        outcomePending = true;
        return event;
    }

    void outcome(Counter counter) {
        row.increment(counter);
        outcomePending = false;
    }

    /** Whether the event begun last has no outcome yet, because of an error of the engine's own; it is asked once. */
    public boolean takeOutcomePending() {
        boolean pending = outcomePending;
        outcomePending = false;
        return pending;
    }

    @Override
    public @Nullable Key key(Stage stage) {
        return switch (stage) {
            case HANDLER -> event.resolvedKey();
            case SINK -> window.wrappedKey();
            default -> super.key(stage);
        };
    }
}
