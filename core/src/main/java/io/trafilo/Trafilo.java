package io.trafilo;

import static java.util.Objects.requireNonNull;

import io.trafilo.dispatch.Parking;
import io.trafilo.spi.BufferAccess;
import io.trafilo.spi.Intake;
import io.trafilo.spi.ListenerHandle;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An embeddable, stateful, keyed, sliding-window event engine: messages go in, a state per key is kept, and the sliding
 * window of each key comes out every slide interval.
 *
 * <p>Threading: all methods may be called from any thread, callbacks included, unless they say otherwise. Workers are
 * threads of the engine's own.
 *
 * <p>Life: {@link #start}, then {@link #close}, once each. What was taken is handled before the engine closes, within
 * {@link Builder#closeTimeout}; the {@link #ledger} tells what became of every message.
 *
 * @param <S> the type of the state that is kept per key; {@link Void} if there is none
 */
public final class Trafilo<S extends @Nullable Object> implements AutoCloseable {
    private final Engine<S> engine;

    private Trafilo(Settings<S> settings) {
        engine = new Engine<>(settings);
    }

    /**
     * {@return a builder with all settings at their defaults}
     *
     * @param <S> the type of the state
     */
    public static <S extends @Nullable Object> Builder<S> builder() {
        return new Builder<>();
    }

    /**
     * Starts the workers.
     *
     * @throws IllegalStateException if the engine was started or closed before
     */
    public void start() {
        engine.start();
    }

    /**
     * Puts a message into the ring by hand; its bytes are copied. Never blocks, whatever the overload policy. Needs room on
     * the stack: if it overflows in here, the ring may stand still.
     *
     * @param message the array that holds the message
     * @param offset where the message starts
     * @param length its length in bytes, 1 to {@code maxMessageLength}
     * @return false if the ring is full or the engine is not running; nothing was taken then
     * @throws IllegalArgumentException if the length is not within its range
     * @throws IndexOutOfBoundsException if the slice is not within the array
     */
    public boolean emit(byte[] message, int offset, int length) {
        return engine.emit(message, offset, length);
    }

    /**
     * Applies a function to the state of a key, under the key's lock. Waits while a callback of the same shard runs, for as
     * long as it takes.
     *
     * @param key the key
     * @param reader is given the state; must not keep it, and should be quick: the key's shard waits, and events are given up
     *     if it takes longer than {@link Builder#stallTimeout}
     * @param <R> the type of what is read
     * @return what the function gave; empty if there is no such key, or if it gave null
     * @throws IllegalStateException if called from a callback of this engine: two shards at once could deadlock
     */
    public <R> Optional<R> read(Key key, Function<? super S, ? extends @Nullable R> reader) {
        return engine.read(key, reader);
    }

    /**
     * Visits every key and its state, each under its lock. Keys that come or go meanwhile may be missed. The keys of one
     * shard wait while it is visited, and events are given up if one visit takes longer than {@link Builder#stallTimeout}.
     *
     * @param visitor is given key and state; must not keep the state
     * @throws IllegalStateException if called from a callback of this engine
     */
    public void forEachKey(BiConsumer<? super Key, ? super S> visitor) {
        engine.forEachKey(visitor);
    }

    /**
     * The counters at this moment; while the engine runs, messages under way make its sums differ by a few. After
     * {@link #close} it is final and the sums close.
     *
     * @return an immutable snapshot
     */
    public Ledger ledger() {
        return engine.ledger();
    }

    /**
     * Starts the engine if it was not started, and waits until it is closed: by {@link #shutdown}, {@link #close}, a failure
     * or a termination signal. On a signal the JVM ends after the engine has drained, within the time of
     * {@link Builder#closeTimeout}.
     *
     * @return what the engine failed of; empty after an orderly end
     * @throws InterruptedException if the calling thread is interrupted; the engine goes on
     */
    public Optional<Throwable> run() throws InterruptedException {
        return engine.run();
    }

    /** Begins to close the engine and does not wait for it. Idempotent. */
    public void shutdown() {
        engine.requestClose();
    }

    /**
     * Closes the engine: stops its listeners, drains the ring, ends the workers and disposes of all states, within
     * {@link Builder#closeTimeout} (up to 0.1 s more if something hangs, whatever it is); what was not handled by then is
     * counted as abandoned, and states that were not disposed of as live. Idempotent; waits for the end except from a
     * callback, where it returns at once.
     */
    @Override
    public void close() {
        engine.close();
    }

    /** {@return whether the engine takes messages: from the end of {@link #start} until closing begins} */
    public boolean isRunning() {
        return engine.isRunning();
    }

    /** {@return what the engine failed of, if it did: a virtual machine error, or the last of more than 16 others in 10 s} */
    public Optional<Throwable> failure() {
        return engine.failure();
    }

    /** {@return roughly the number of messages in the ring that no worker has taken yet} */
    public long ringFill() {
        return engine.ringFill();
    }

    /** {@return the setting {@link Builder#name}} */
    public String name() {
        return engine.settings().name();
    }

    /** {@return the setting {@link Builder#maxMessageLength}} */
    public int maxMessageLength() {
        return engine.settings().dispatch().maxMessageLength();
    }

    /** {@return the setting {@link Builder#ringCapacity}} */
    public int ringCapacity() {
        return engine.settings().dispatch().ringCapacity();
    }

    /**
     * Opens the way into the ring for one thread of a listener module.
     *
     * @param access how workers read and release the listener's buffers
     * @param handle stops the listener when the engine closes; the same object for all intakes of one listener
     * @param <B> the type of the listener's buffers
     * @return a new intake, to be closed by the listener
     * @throws IllegalStateException if the engine is not running
     */
    public <B> Intake<B> openIntake(BufferAccess<B> access, ListenerHandle handle) {
        return engine.openIntake(requireNonNull(access, "access"), requireNonNull(handle, "handle"));
    }

    /**
     * Hands an error of a listener to the engine's {@link ErrorListener}, on another thread, and does not wait for it. One that
     * must stop the engine, such as an {@link OutOfMemoryError}, does so first.
     *
     * @param error what was thrown
     */
    public void reportListenerError(Throwable error) {
        engine.reportListenerError(error);
    }

    /**
     * The most heap that this engine takes for itself, whatever arrives; a constant. Not in it are the states and what else the
     * application keeps, a listener's buffers, and the scratch of listener threads that run to completion.
     *
     * @return a number of bytes, at most the heap of this JVM
     */
    public long maxMemoryBytes() {
        return engine.settings().memoryBound().totalBytes();
    }

    @Override
    public String toString() {
        return engine.toString();
    }

    /**
     * The settings of an engine. Each setter checks its own value, {@link #build} how they fit together; a message names the
     * setting, the value, its unit and the rule. Not thread-safe.
     *
     * @param <S> the type of the state
     */
    public static final class Builder<S extends @Nullable Object> {
        final SettingsDraft<S> draft = new SettingsDraft<>();

        private Builder() {}

        /**
         * The name of the engine, the first part of its threads' names. Default {@code trafilo}.
         * @param name not blank
         * @return this
         */
        public Builder<S> name(String name) {
            draft.name = Checks.notBlank("name", name);
            return this;
        }

        /**
         * Finds the events in a message. Default {@link EventParser#firstToken}.
         * @param parser the parser
         * @return this
         */
        public Builder<S> parser(EventParser parser) {
            draft.parser = requireNonNull(parser, "parser");
            return this;
        }

        /**
         * Makes the state of a new key. Default: none, callbacks get null.
         * @param factory the factory
         * @return this
         */
        public Builder<S> state(StateFactory<? extends S> factory) {
            draft.factory = requireNonNull(factory, "state");
            return this;
        }

        /**
         * Takes leave of a state that is forgotten. Default: none.
         * @param disposer the disposer
         * @return this
         */
        public Builder<S> disposer(StateDisposer<? super S> disposer) {
            draft.disposer = requireNonNull(disposer, "disposer");
            return this;
        }

        /**
         * Applies each event to the state of its key. Default: none.
         * @param handler the handler
         * @return this
         */
        public Builder<S> handler(EventHandler<? super S> handler) {
            draft.handler = requireNonNull(handler, "handler");
            return this;
        }

        /**
         * Receives the windows. Default: none, and nothing is emitted.
         * @param sink the sink
         * @return this
         */
        public Builder<S> sink(WindowSink<? super S> sink) {
            draft.sink = requireNonNull(sink, "sink");
            return this;
        }

        /**
         * Hears of errors. Default {@link ErrorListener#logging}.
         * @param errorListener the listener
         * @return this
         */
        public Builder<S> errorListener(ErrorListener errorListener) {
            draft.errorListener = requireNonNull(errorListener, "errorListener");
            return this;
        }

        /**
         * Hears of callbacks that do not return within {@link #stallTimeout}. Default {@link StallListener#logging}.
         * @param stallListener the listener
         * @return this
         */
        public Builder<S> stallListener(StallListener stallListener) {
            draft.stallListener = requireNonNull(stallListener, "stallListener");
            return this;
        }

        /**
         * How long a callback may take before the engine goes on without it. From then on it is reported to the
         * {@link #stallListener}, a worker that it keeps is replaced until it returns, for up to {@code workers} of them at a
         * time, and events whose shard it holds are given up, each after as long a wait or at once, and counted as
         * {@link Ledger#stalled}. Give it more time than the slowest callback takes. Default 1 s.
         * @param stallTimeout 10 ms or more
         * @return this
         */
        public Builder<S> stallTimeout(Duration stallTimeout) {
            draft.stallTimeout = Checks.atLeast("stallTimeout", stallTimeout, SettingsDraft.LEAST_STALL_TIMEOUT);
            return this;
        }

        /**
         * The size of the sliding window. Default 5 s.
         * @param window more than 0
         * @return this
         */
        public Builder<S> window(Duration window) {
            draft.window = Checks.positive("window", window);
            return this;
        }

        /**
         * The least time between two emissions of a key. Default 1 s.
         * @param slide more than 0, at most the window
         * @return this
         */
        public Builder<S> slide(Duration slide) {
            draft.slide = Checks.positive("slide", slide);
            return this;
        }

        /**
         * What moves the windows forward. Default {@link TimeBasis#CLOCK}.
         * @param timeBasis the basis
         * @return this
         */
        public Builder<S> timeBasis(TimeBasis timeBasis) {
            draft.timeBasis = requireNonNull(timeBasis, "timeBasis");
            return this;
        }

        /**
         * Whether a key that gets no more events emits its decaying window each slide, until a final one with count 0.
         * Default true; without effect on the time basis {@code EVENT}.
         * @param emitWhenQuiet true or false
         * @return this
         */
        public Builder<S> emitWhenQuiet(boolean emitWhenQuiet) {
            draft.emitWhenQuiet = emitWhenQuiet;
            return this;
        }

        /**
         * The time without an event after which a key is forgotten and its state disposed of. Default 0, never.
         * @param idleTimeout 0 or more
         * @return this
         */
        public Builder<S> idleTimeout(Duration idleTimeout) {
            draft.idleTimeout = Checks.notNegative("idleTimeout", idleTimeout);
            return this;
        }

        /**
         * How many keys there may be at a time; events of new keys beyond are refused. Each takes up to 250 bytes besides
         * its own bytes and the state. Default 250,000.
         * @param maxKeys 1 to 2^30
         * @return this
         */
        public Builder<S> maxKeys(long maxKeys) {
            draft.maxKeys = Checks.inRange("maxKeys", maxKeys, 1, 1L << 30, "keys");
            return this;
        }

        /**
         * How many timestamps all windows together may hold; beyond, the oldest of the key goes early. A key may always hold
         * one. Takes about 8.6 bytes each, twice that if all come out of order, and up to 256 bytes for each key with more
         * than two. Default 4,000,000.
         * @param maxRetainedEvents 1 to 2^31
         * @return this
         */
        public Builder<S> maxRetainedEvents(long maxRetainedEvents) {
            draft.maxRetainedEvents = Checks.inRange("maxRetainedEvents", maxRetainedEvents, 1, 1L << 31, "timestamps");
            return this;
        }

        /**
         * Into how many parts the keys are divided, each with a lock of its own. Default 128.
         * @param shards a power of two, 1 to 65,536
         * @return this
         */
        public Builder<S> shards(int shards) {
            draft.shards = Checks.powerOfTwo("shards", shards, 1, 1 << 16, "shards");
            return this;
        }

        /**
         * The number of worker threads. Default: one per processor.
         * @param workers 1 to 64
         * @return this
         */
        public Builder<S> workers(int workers) {
            draft.workers = Checks.inRange("workers", workers, 1, Parking.MAX_WORKERS, "threads");
            return this;
        }

        /**
         * How many messages the ring holds. Default 4096.
         * @param ringCapacity a power of two, 2 to 2^24
         * @return this
         */
        public Builder<S> ringCapacity(int ringCapacity) {
            draft.ringCapacity = Checks.powerOfTwo("ringCapacity", ringCapacity, 2, 1 << 24, "messages");
            return this;
        }

        /**
         * How many messages a worker takes from the ring at a time, at most. Each worker has a scratch array of
         * {@code maxClaim * maxMessageLength} bytes. Default 64.
         * @param maxClaim 1 to 4096
         * @return this
         */
        public Builder<S> maxClaim(int maxClaim) {
            draft.maxClaim = Checks.inRange("maxClaim", maxClaim, 1, 4096, "messages");
            return this;
        }

        /**
         * The longest message. Default 2048 bytes.
         * @param maxMessageLength 1 to 65,536
         * @return this
         */
        public Builder<S> maxMessageLength(int maxMessageLength) {
            draft.maxMessageLength = Checks.inRange("maxMessageLength", maxMessageLength, 1, 1 << 16, "bytes");
            return this;
        }

        /**
         * The longest key; an event with a longer one is rejected. Default 256 bytes.
         * @param maxKeyLength 1 to 65,536
         * @return this
         */
        public Builder<S> maxKeyLength(int maxKeyLength) {
            draft.maxKeyLength = Checks.inRange("maxKeyLength", maxKeyLength, 1, 1 << 16, "bytes");
            return this;
        }

        /**
         * How many events one message may hold; those beyond are rejected. Default 1024.
         * @param maxEventsPerMessage 1 to 65,536
         * @return this
         */
        public Builder<S> maxEventsPerMessage(int maxEventsPerMessage) {
            draft.maxEventsPerMessage =
                    Checks.inRange("maxEventsPerMessage", maxEventsPerMessage, 1, 1 << 16, "events");
            return this;
        }

        /**
         * How workers wait for messages. Default {@link WaitMode#PARK}.
         * @param waitMode the mode
         * @return this
         */
        public Builder<S> waitMode(WaitMode waitMode) {
            draft.waitMode = requireNonNull(waitMode, "waitMode");
            return this;
        }

        /**
         * What a listener does when the ring is full. Default {@link OverloadPolicy#BLOCK}.
         * @param overloadPolicy the policy
         * @return this
         */
        public Builder<S> overloadPolicy(OverloadPolicy overloadPolicy) {
            draft.overloadPolicy = requireNonNull(overloadPolicy, "overloadPolicy");
            return this;
        }

        /**
         * Tells the time. Default {@link EngineClock#anchored}, made when the engine is built.
         * @param clock the clock
         * @return this
         */
        public Builder<S> clock(EngineClock clock) {
            draft.clock = requireNonNull(clock, "clock");
            return this;
        }

        /**
         * How long {@link Trafilo#close} may take to handle what was taken. Default 10 s.
         * @param closeTimeout 0 or more
         * @return this
         */
        public Builder<S> closeTimeout(Duration closeTimeout) {
            draft.closeTimeout = Checks.notNegative("closeTimeout", closeTimeout);
            return this;
        }

        /**
         * Builds the engine; it does nothing yet.
         *
         * @return a new engine
         * @throws IllegalArgumentException if the settings do not fit together, or if what they allow the engine to take
         *     ({@link Trafilo#maxMemoryBytes}) does not fit the heap of this JVM
         */
        public Trafilo<S> build() {
            return new Trafilo<>(
                    Settings.of(draft).requireHeap(Runtime.getRuntime().maxMemory()));
        }
    }
}
