package io.trafilo;

import static java.util.Objects.requireNonNull;

import io.trafilo.engine.Checks;
import io.trafilo.engine.Engine;
import io.trafilo.engine.HeapDefaults;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Builds engines. Each setter replaces the value and checks its range; {@link #build} checks the values against each other.
 * A message names the setting, the value, its unit and the rule. Not thread-safe.
 *
 * @param <S> the type of the state
 */
public final class TrafiloBuilder<S extends @Nullable Object> {
    static final int MAX_WORKERS = Long.SIZE; // one bit of a long for each

    private static final Duration MIN_STALL_TIMEOUT = Duration.ofMillis(10);

    private final TrafiloSettings<S> settings = new TrafiloSettings<>();

    TrafiloBuilder() {}

    /**
     * The name of the engine, which its threads' names start with. Default {@code trafilo}.
     *
     * @param name not blank
     * @return this
     */
    public TrafiloBuilder<S> name(String name) {
        settings.name = Checks.notBlank("name", name);
        return this;
    }

    /**
     * Finds the events in a message. Default {@link EventParser#firstToken}.
     *
     * @param parser the parser
     * @return this
     */
    public TrafiloBuilder<S> parser(EventParser parser) {
        settings.parser = requireNonNull(parser, "parser");
        return this;
    }

    /**
     * Creates the state of a new key. Default: none, and callbacks get null.
     *
     * @param factory the factory
     * @return this
     */
    public TrafiloBuilder<S> state(StateFactory<? extends S> factory) {
        settings.state = requireNonNull(factory, "state");
        return this;
    }

    /**
     * Disposes of the state of a key that is forgotten. Default: none.
     *
     * @param disposer the disposer; needs a state factory
     * @return this
     */
    public TrafiloBuilder<S> disposer(StateDisposer<? super S> disposer) {
        settings.disposer = requireNonNull(disposer, "disposer");
        return this;
    }

    /**
     * Applies each event to the state of its key. Default: none.
     *
     * @param handler the handler
     * @return this
     */
    public TrafiloBuilder<S> handler(EventHandler<? super S> handler) {
        settings.handler = requireNonNull(handler, "handler");
        return this;
    }

    /**
     * Receives the windows. Default: none, and nothing is emitted.
     *
     * @param sink the sink
     * @return this
     */
    public TrafiloBuilder<S> sink(WindowSink<? super S> sink) {
        settings.sink = requireNonNull(sink, "sink");
        return this;
    }

    /**
     * What windows tell of their events' values besides the count: {@code Aggregates.sum().max().quantiles(0.01)}. An engine
     * computes one when the sink asks for it. Default: none.
     *
     * @param aggregate the aggregates
     * @return this
     */
    public TrafiloBuilder<S> aggregate(AggregateSet aggregate) {
        settings.aggregate = requireNonNull(aggregate, "aggregate");
        return this;
    }

    /**
     * Receives errors. Default {@link ErrorListener#logging}.
     *
     * @param errorListener the listener
     * @return this
     */
    public TrafiloBuilder<S> errorListener(ErrorListener errorListener) {
        settings.errorListener = requireNonNull(errorListener, "errorListener");
        return this;
    }

    /**
     * Receives reports of callbacks that do not return within {@link #stallTimeout}. Default {@link StallListener#logging}.
     *
     * @param stallListener the listener
     * @return this
     */
    public TrafiloBuilder<S> stallListener(StallListener stallListener) {
        settings.stallListener = requireNonNull(stallListener, "stallListener");
        return this;
    }

    /**
     * How long a callback may take before the engine goes on without it. From then on:
     *
     * <ul>
     *   <li>the {@link #stallListener} gets a report;
     *   <li>a substitute takes the seat of a stuck worker; there are at most {@code workers} substitutes at a time;
     *   <li>drops events for the shard that the callback holds, at once or after waiting for up to {@code stallTimeout}, and
     *       counts them as {@link Counter#STALLED}.
     * </ul>
     *
     * <p>Set it longer than the slowest callback takes. Default 1 s.
     *
     * @param stallTimeout 10 ms or more, at most 3650 days
     * @return this
     */
    public TrafiloBuilder<S> stallTimeout(Duration stallTimeout) {
        settings.stallTimeout = Checks.atLeast("stallTimeout", stallTimeout, MIN_STALL_TIMEOUT);
        return this;
    }

    /**
     * The size of the sliding window. Default 5 s.
     *
     * @param window more than 0, at most 3650 days
     * @return this
     */
    public TrafiloBuilder<S> window(Duration window) {
        settings.window = Checks.positive("window", window);
        return this;
    }

    /**
     * The least time between two emissions of a key. Default 1 s.
     *
     * @param slide more than 0, at most the window
     * @return this
     */
    public TrafiloBuilder<S> slide(Duration slide) {
        settings.slide = Checks.positive("slide", slide);
        return this;
    }

    /**
     * What moves the windows forward. Default {@link TimeBasis#CLOCK}.
     *
     * @param timeBasis the basis
     * @return this
     */
    public TrafiloBuilder<S> timeBasis(TimeBasis timeBasis) {
        settings.timeBasis = requireNonNull(timeBasis, "timeBasis");
        return this;
    }

    /**
     * Whether a key that gets no more events emits its decaying window each slide, until a final one with count 0. Has no
     * effect on the time basis {@code EVENT}. Default true.
     *
     * @param emitWhenQuiet true or false
     * @return this
     */
    public TrafiloBuilder<S> emitWhenQuiet(boolean emitWhenQuiet) {
        settings.emitWhenQuiet = emitWhenQuiet;
        return this;
    }

    /**
     * The time without an event after which a key is forgotten and its state disposed of. Default 0: never.
     *
     * @param idleTimeout 0 or more, at most 3650 days
     * @return this
     */
    public TrafiloBuilder<S> idleTimeout(Duration idleTimeout) {
        settings.idleTimeout = Checks.notNegative("idleTimeout", idleTimeout);
        return this;
    }

    /**
     * The most keys at a time; events of further new keys are refused. Each takes 150 to 180 bytes besides its own bytes and
     * its state. Default 250,000, or fewer on a small heap: keys and timestamps together get half of what the rest of the
     * engine leaves of it, but at least 10,000 keys and 320,000 timestamps.
     *
     * @param maxKeys 1 to 2^30
     * @return this
     */
    public TrafiloBuilder<S> maxKeys(long maxKeys) {
        settings.maxKeys = Checks.inRange("maxKeys", maxKeys, 1, 1L << 30, "keys");
        return this;
    }

    /**
     * The most timestamps in all windows together. At the limit a key loses its oldest timestamp early, but it can always
     * hold one. A timestamp takes about 5 bytes, and at most 13 whatever their order; a key with more than two takes up to
     * 104 bytes more. With aggregates there is more to keep, see {@link AggregateSet}. Default 8,000,000, or fewer on a small heap: see {@link #maxKeys}.
     *
     * <p>However large the heap, an engine has room for about 660 million timestamps in the worst order, and {@code build()}
     * refuses more.
     *
     * @param maxRetainedEvents 1 to 2^31
     * @return this
     */
    public TrafiloBuilder<S> maxRetainedEvents(long maxRetainedEvents) {
        settings.maxRetainedEvents = Checks.inRange("maxRetainedEvents", maxRetainedEvents, 1, 1L << 31, "timestamps");
        return this;
    }

    /**
     * The number of shards. Each has its own lock and a part of the keys. Default 128.
     *
     * @param shards a power of two, 1 to 65,536
     * @return this
     */
    public TrafiloBuilder<S> shards(int shards) {
        settings.shards = Checks.powerOfTwo("shards", shards, 1, 1 << 16, "shards");
        return this;
    }

    /**
     * The number of worker threads. Default: the number of processors less one, which is left to a listener's thread, and at
     * least one. With several listener threads, leave a processor for each.
     *
     * @param workers 1 to 64
     * @return this
     */
    public TrafiloBuilder<S> workers(int workers) {
        settings.workers = Checks.inRange("workers", workers, 1, MAX_WORKERS, "threads");
        return this;
    }

    /**
     * How many messages the ring holds. Default 4096, or fewer if the ring could otherwise take more than a quarter of the
     * heap, but at least 64.
     *
     * @param ringCapacity a power of two, 2 to 2^24
     * @return this
     */
    public TrafiloBuilder<S> ringCapacity(int ringCapacity) {
        settings.ringCapacity = Checks.powerOfTwo("ringCapacity", ringCapacity, 2, 1 << 24, "messages");
        return this;
    }

    /**
     * The most messages that a worker claims at a time. Each worker has a scratch array of
     * {@code maxClaim * maxMessageLength} bytes. Default 64.
     *
     * @param maxClaim 1 to 4096
     * @return this
     */
    public TrafiloBuilder<S> maxClaim(int maxClaim) {
        settings.maxClaim = Checks.inRange("maxClaim", maxClaim, 1, 4096, "messages");
        return this;
    }

    /**
     * The length of the longest message. Default 2048 bytes.
     *
     * @param maxMessageLength 1 to 65,536 bytes
     * @return this
     */
    public TrafiloBuilder<S> maxMessageLength(int maxMessageLength) {
        settings.maxMessageLength = Checks.inRange("maxMessageLength", maxMessageLength, 1, 1 << 16, "bytes");
        return this;
    }

    /**
     * The length of the longest key; an event with a longer one is rejected. Default 256 bytes.
     *
     * @param maxKeyLength 1 to 65,536 bytes
     * @return this
     */
    public TrafiloBuilder<S> maxKeyLength(int maxKeyLength) {
        settings.maxKeyLength = Checks.inRange("maxKeyLength", maxKeyLength, 1, 1 << 16, "bytes");
        return this;
    }

    /**
     * The most events of one message; further ones are rejected. Default 1024.
     *
     * @param maxEventsPerMessage 1 to 65,536
     * @return this
     */
    public TrafiloBuilder<S> maxEventsPerMessage(int maxEventsPerMessage) {
        settings.maxEventsPerMessage = Checks.inRange("maxEventsPerMessage", maxEventsPerMessage, 1, 1 << 16, "events");
        return this;
    }

    /**
     * How workers wait for messages. Default {@link WaitMode#PARK}.
     *
     * @param waitMode the mode
     * @return this
     */
    public TrafiloBuilder<S> waitMode(WaitMode waitMode) {
        settings.waitMode = requireNonNull(waitMode, "waitMode");
        return this;
    }

    /**
     * What a listener does when the ring is full. Default {@link OverloadPolicy#BLOCK}.
     *
     * @param overloadPolicy the policy
     * @return this
     */
    public TrafiloBuilder<S> overloadPolicy(OverloadPolicy overloadPolicy) {
        settings.overloadPolicy = requireNonNull(overloadPolicy, "overloadPolicy");
        return this;
    }

    /**
     * The source of time. Default: one that reads the wall clock in {@link #build} and is monotonic from then on, as
     * {@link EngineClock#anchored} is, with {@link #followWallClock}.
     *
     * @param clock the clock
     * @return this
     */
    public TrafiloBuilder<S> clock(EngineClock clock) {
        settings.clock = requireNonNull(clock, "clock");
        return this;
    }

    /**
     * Whether event times that the parser gives follow a wall clock that is set while the engine runs. The engine's clock is
     * monotonic, so without this they would be off by as much until the next start. Within a second of running, the engine
     * notices that the wall clock is off by more than 1.5 ms. From then on it moves these times by the difference, to its own
     * clock. Times of receipt, windows and timers are never moved. Has no effect with an injected {@link #clock}. Default
     * true.
     *
     * @param followWallClock true or false
     * @return this
     */
    public TrafiloBuilder<S> followWallClock(boolean followWallClock) {
        settings.followWallClock = followWallClock;
        return this;
    }

    /**
     * How long {@link Trafilo#close} may take to handle what the engine has taken. Default 10 s.
     *
     * @param closeTimeout 0 or more, at most 3650 days
     * @return this
     */
    public TrafiloBuilder<S> closeTimeout(Duration closeTimeout) {
        settings.closeTimeout = Checks.notNegative("closeTimeout", closeTimeout);
        return this;
    }

    /**
     * Copies the settings that an engine built now would have.
     *
     * @return a copy, which later calls of setters do not change
     * @throws IllegalArgumentException if the settings contradict each other
     */
    public TrafiloSettings<S> settings() {
        return settings(Runtime.getRuntime().maxMemory());
    }

    /** For a heap of this size. */
    TrafiloSettings<S> settings(long heapBytes) {
        return settings.copy(heapBytes);
    }

    /**
     * Builds an engine, which does nothing until it is started. Logs its limits, at level {@code INFO}, if a small heap has
     * lowered their defaults.
     *
     * @return a new engine
     * @throws IllegalArgumentException if the settings contradict each other, or if the memory they allow
     *     ({@link Trafilo#maxMemoryBytes}) exceeds the heap of this JVM
     */
    public Trafilo<S> build() {
        TrafiloSettings<S> copy = settings();
        Trafilo<S> engine = new Engine<>(copy);
        if (copy.lowered) {
            HeapDefaults.logLowered(copy);
        }
        return engine;
    }
}
