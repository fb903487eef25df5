package io.trafilo.state;

import io.trafilo.Counter;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.Key;
import io.trafilo.failures.Failures;
import io.trafilo.failures.Progress;
import io.trafilo.ledger.CounterRow;
import io.trafilo.ledger.LossHistory;
import org.jspecify.annotations.Nullable;

/** What one thread needs to work on shards: its counters, and the views it passes to callbacks. Belongs to that thread. */
public final class ShardAccess extends Progress {
    /** How many events are read ahead at a time. */
    public static final int AHEAD = 32;

    final CounterRow row;
    final Failures failures;
    final EventFlyweight event = new EventFlyweight();
    final WindowFlyweight window;

    /**
     * Where the keys of the events that were read ahead are, or were. Not references to their states: the collector's barrier
     * for those is a fence, which would end the reading ahead.
     */
    private final int[] places = new int[AHEAD];

    private int nextPlace;
    private int placesEnd;

    /** How far the scale of event times is ahead of the clock's; 0 unless windows follow events. */
    long aheadNanos;

    /** A sink for reads made only to warm the caches, so that they are not optimised away. */
    int touched;

    /** Whether the current event has no outcome in the ledger yet. */
    private boolean outcomePending;

    public ShardAccess(CounterRow row, Failures failures, LossHistory losses) {
        this.row = row;
        this.failures = failures;
        this.window = new WindowFlyweight(losses);
    }

    /** Begins an event, which must get exactly one outcome. Returns the view to point at it. */
    public EventFlyweight beginEvent() {
        outcomePending = true;
        return event;
    }

    /** Sets how far the scale of event times is ahead of the clock's. */
    public void eventsAheadBy(long nanos) {
        aheadNanos = nanos;
    }

    /** Returns the places to fill in for so many events, the next ones. */
    int[] beginAhead(int events) {
        nextPlace = 0;
        placesEnd = events;
        return places;
    }

    /** Where the key of the next event may be. A wrong place does no harm. */
    int takePlace() {
        return nextPlace < placesEnd ? places[nextPlace++] : KeyTable.NOWHERE;
    }

    void outcome(Counter counter) {
        row.increment(counter);
        outcomePending = false;
    }

    /** Whether the current event has no outcome yet, because of an engine error. Resets the answer. */
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
