package io.trafilo;

import io.trafilo.engine.Checks;
import io.trafilo.engine.FollowingClock;
import io.trafilo.engine.HeapDefaults;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings and callbacks of an engine. Immutable, except to the builder that owns it. {@link TrafiloBuilder} explains
 * each one.
 *
 * @param <S> the type of the state
 */
public final class TrafiloSettings<S extends @Nullable Object> {
    /*
     * The builder owns one of these and writes its fields. copy() creates another for the engine, which nobody writes again.
     * The engine holds it in a final field, which publishes it safely.
     */
    private static final long MAX_SCRATCH_BYTES = 1 << 26;

    String name = "trafilo";
    EventParser parser = EventParser.firstToken();

    @Nullable
    StateFactory<? extends S> state;

    @Nullable
    StateDisposer<? super S> disposer;

    @Nullable
    EventHandler<? super S> handler;

    @Nullable
    WindowSink<? super S> sink;

    @Nullable
    ErrorListener errorListener;

    @Nullable
    StallListener stallListener;

    @Nullable
    EngineClock clock;

    AggregateSet aggregate = Aggregates.none();
    Duration window = Duration.ofSeconds(5);
    Duration slide = Duration.ofSeconds(1);
    Duration idleTimeout = Duration.ZERO;
    Duration stallTimeout = Duration.ofSeconds(1);
    Duration closeTimeout = Duration.ofSeconds(10);
    TimeBasis timeBasis = TimeBasis.CLOCK;
    boolean emitWhenQuiet = true;
    boolean followWallClock = true;
    long maxKeys; // 0: not set, as with the two below
    long maxRetainedEvents;
    int shards = 128;
    int workers = Math.max(1, Math.min(Runtime.getRuntime().availableProcessors() - 1, TrafiloBuilder.MAX_WORKERS));
    int ringCapacity;
    int maxClaim = 64;
    int maxMessageLength = 2048;
    int maxKeyLength = 256;
    int maxEventsPerMessage = 1024;
    WaitMode waitMode = WaitMode.PARK;
    OverloadPolicy overloadPolicy = OverloadPolicy.BLOCK;

    /** Whether a default limit is lower than usual, because of the heap. */
    boolean lowered;

    TrafiloSettings() {}

    private TrafiloSettings(TrafiloSettings<S> other, HeapDefaults limits) {
        name = other.name;
        parser = other.parser;
        state = other.state;
        disposer = other.disposer;
        handler = other.handler;
        sink = other.sink;
        aggregate = other.aggregate;
        window = other.window;
        slide = other.slide;
        idleTimeout = other.idleTimeout;
        stallTimeout = other.stallTimeout;
        closeTimeout = other.closeTimeout;
        timeBasis = other.timeBasis;
        emitWhenQuiet = other.emitWhenQuiet;
        followWallClock = other.followWallClock;
        maxKeys = limits.maxKeys();
        maxRetainedEvents = limits.maxRetainedEvents();
        shards = other.shards;
        workers = other.workers;
        ringCapacity = limits.ringCapacity();
        maxClaim = other.maxClaim;
        maxMessageLength = other.maxMessageLength;
        maxKeyLength = other.maxKeyLength;
        maxEventsPerMessage = other.maxEventsPerMessage;
        waitMode = other.waitMode;
        overloadPolicy = other.overloadPolicy;
        lowered = limits.lowered(other);
        errorListener = other.errorListener();
        stallListener = other.stallListener();
        clock = other.clock();
    }

    /**
     * A copy that the builder no longer changes, with its values checked against each other and its defaults filled in, for a
     * heap of this size.
     */
    TrafiloSettings<S> copy(long heapBytes) {
        checkRelations();
        return new TrafiloSettings<>(this, HeapDefaults.of(this, heapBytes));
    }

    private void checkRelations() {
        if (slide.compareTo(window) > 0) {
            throw Checks.broken("slide", Checks.text(slide), "> 0 and <= window " + Checks.text(window));
        }
        if (handler == null && sink == null) {
            throw Checks.broken("handler, sink", "neither is set", "at least one of them");
        }
        if (disposer != null && state == null) {
            throw Checks.broken("disposer", "set without state", "a state factory with it");
        }
        long scratchBytes = (long) maxClaim * maxMessageLength;
        if (scratchBytes > MAX_SCRATCH_BYTES) {
            throw Checks.broken(
                    "maxClaim * maxMessageLength",
                    scratchBytes + " bytes",
                    "at most " + MAX_SCRATCH_BYTES + ", the scratch array of each worker");
        }
    }

    /** {@return the name of the engine} */
    public String name() {
        return name;
    }

    /** {@return the parser} */
    public EventParser parser() {
        return parser;
    }

    /** {@return the state factory, null if none is set} */
    public @Nullable StateFactory<? extends S> state() {
        return state;
    }

    /** {@return the state disposer, null if none is set} */
    public @Nullable StateDisposer<? super S> disposer() {
        return disposer;
    }

    /** {@return the event handler, null if none is set} */
    public @Nullable EventHandler<? super S> handler() {
        return handler;
    }

    /** {@return the window sink, null if none is set} */
    public @Nullable WindowSink<? super S> sink() {
        return sink;
    }

    /** {@return the aggregates that windows have} */
    public AggregateSet aggregate() {
        return aggregate;
    }

    /** {@return the error listener} */
    public ErrorListener errorListener() {
        return errorListener == null ? ErrorListener.logging() : errorListener;
    }

    /** {@return the stall listener} */
    public StallListener stallListener() {
        return stallListener == null ? StallListener.logging() : stallListener;
    }

    /** {@return the clock} */
    public EngineClock clock() {
        if (clock != null) {
            return clock;
        }
        return followWallClock ? FollowingClock.ofSystem() : EngineClock.anchored();
    }

    /** {@return whether event times follow a wall clock that is set; of no effect with an injected clock} */
    public boolean followWallClock() {
        return followWallClock;
    }

    /** {@return the size of the sliding window} */
    public Duration window() {
        return window;
    }

    /** {@return the least time between two emissions of a key} */
    public Duration slide() {
        return slide;
    }

    /** {@return the time without an event after which a key is forgotten; 0 for never} */
    public Duration idleTimeout() {
        return idleTimeout;
    }

    /** {@return how long a callback may take before the engine goes on without it} */
    public Duration stallTimeout() {
        return stallTimeout;
    }

    /** {@return how long a close may take} */
    public Duration closeTimeout() {
        return closeTimeout;
    }

    /** {@return what moves the windows forward} */
    public TimeBasis timeBasis() {
        return timeBasis;
    }

    /** {@return whether quiet keys emit their decaying windows} */
    public boolean emitWhenQuiet() {
        return emitWhenQuiet;
    }

    /** {@return the most keys at a time} */
    public long maxKeys() {
        return maxKeys;
    }

    /** {@return the most timestamps in all windows together} */
    public long maxRetainedEvents() {
        return maxRetainedEvents;
    }

    /** {@return the number of shards} */
    public int shards() {
        return shards;
    }

    /** {@return the number of worker threads} */
    public int workers() {
        return workers;
    }

    /** {@return the number of slots in the ring} */
    public int ringCapacity() {
        return ringCapacity;
    }

    /** {@return the most messages that a worker claims at a time} */
    public int maxClaim() {
        return maxClaim;
    }

    /** {@return the length of the longest message, in bytes} */
    public int maxMessageLength() {
        return maxMessageLength;
    }

    /** {@return the length of the longest key, in bytes} */
    public int maxKeyLength() {
        return maxKeyLength;
    }

    /** {@return the most events of one message} */
    public int maxEventsPerMessage() {
        return maxEventsPerMessage;
    }

    /** {@return how workers wait} */
    public WaitMode waitMode() {
        return waitMode;
    }

    /** {@return what a listener does when the ring is full} */
    public OverloadPolicy overloadPolicy() {
        return overloadPolicy;
    }

    /** The values; callbacks are left out. */
    @Override
    public String toString() {
        return "TrafiloSettings[name " + name + ", window " + Checks.text(window) + ", slide " + Checks.text(slide)
                + ", idleTimeout " + Checks.text(idleTimeout) + ", stallTimeout " + Checks.text(stallTimeout)
                + ", closeTimeout " + Checks.text(closeTimeout) + ", aggregate [" + aggregate + "], timeBasis "
                + timeBasis + ", emitWhenQuiet "
                + emitWhenQuiet + ", followWallClock " + followWallClock + ", maxKeys " + maxKeys
                + ", maxRetainedEvents " + maxRetainedEvents + ", shards "
                + shards + ", workers " + workers + ", ringCapacity " + ringCapacity + ", maxClaim " + maxClaim
                + ", maxMessageLength " + maxMessageLength + ", maxKeyLength " + maxKeyLength
                + ", maxEventsPerMessage " + maxEventsPerMessage + ", waitMode " + waitMode + ", overloadPolicy "
                + overloadPolicy + "]";
    }
}
