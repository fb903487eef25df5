package io.trafilo;

import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An embeddable, stateful, keyed, sliding-window event engine. It takes messages, keeps one state per key, and emits the
 * sliding window of each key every slide interval.
 *
 * <p>Threading: any thread may call any method, callbacks included, unless the method says otherwise. Callbacks run on the
 * engine's own worker threads, or on a listener's threads if it runs to completion; while the engine closes, disposers also
 * run on a thread of its own.
 *
 * <p>Life cycle: {@link #start}, then {@link #close}, once each. {@link #close} handles what the engine has taken, within
 * {@link TrafiloBuilder#closeTimeout}. The {@link #ledger} accounts for every message.
 *
 * <p>Only the engine implements this interface; later versions may add methods.
 *
 * @param <S> the type of the state that is kept per key; {@link Void} if there is none
 */
public interface Trafilo<S extends @Nullable Object> extends AutoCloseable {
    /**
     * {@return a builder with all settings at their defaults}
     *
     * @param <S> the type of the state
     */
    static <S extends @Nullable Object> TrafiloBuilder<S> builder() {
        return new TrafiloBuilder<>();
    }

    /**
     * Starts the workers.
     *
     * @throws IllegalStateException if the engine was started or closed before
     */
    void start();

    /**
     * Offers a message to the ring and copies its bytes. Never blocks, whatever the overload policy. After a
     * {@link StackOverflowError} from this method the message may have been taken or not; the ledger counts it if it was.
     *
     * @param message the array that holds the message
     * @param offset where the message starts
     * @param length its length in bytes, 1 to {@code maxMessageLength}
     * @return false, with nothing taken, if the ring is full or the engine is not running
     * @throws IllegalArgumentException if the length is out of range
     * @throws IndexOutOfBoundsException if the slice is not within the array
     */
    boolean offer(byte[] message, int offset, int length);

    /**
     * Applies a function to the state of a key, under the key's lock. Waits while a callback of the same shard runs, for
     * {@link TrafiloBuilder#stallTimeout} at most.
     *
     * @param key the key
     * @param reader receives the state and must not keep it. It should be quick: the key's shard waits, and the engine gives
     *     up events of that shard if it takes longer than {@link TrafiloBuilder#stallTimeout}
     * @param <R> the type of the result
     * @return what the function returned; empty if there is no such key, or if it returned null
     * @throws IllegalStateException if called from a callback of this engine: holding two shards could deadlock. Also if
     *     another callback or reader keeps the shard for longer than {@code stallTimeout}, or if the thread is interrupted
     *     while it waits, which stays set
     */
    <R> Optional<R> read(Key key, Function<? super S, ? extends @Nullable R> reader);

    /**
     * Visits every key and its state, each under its lock. May miss keys that are created or forgotten meanwhile. The keys
     * of one shard wait while it is visited. The engine gives up their events if one visit takes longer than
     * {@link TrafiloBuilder#stallTimeout}.
     *
     * @param visitor receives key and state, and must not keep the state
     * @throws IllegalStateException as {@link #read} does, before or between visits
     */
    void forEachKey(BiConsumer<? super Key, ? super S> visitor);

    /**
     * {@return an immutable snapshot of all counters}
     *
     * <p>While the engine runs, messages in flight make the sums differ by a few. After {@link #close} the ledger is final
     * and the sums hold.
     */
    Ledger ledger();

    /**
     * Starts the engine unless it was started, and blocks until it is closed by {@link #shutdown}, {@link #close}, a failure
     * or a termination signal. After a signal the JVM exits once the engine has drained, within
     * {@link TrafiloBuilder#closeTimeout}. A program whose main method ends with this call exits with code 1 if the engine
     * failed, even if a callback never returns.
     *
     * @throws EngineFailedException if an error stopped the engine; that error is the cause
     * @throws IllegalStateException if called from a callback of this engine
     * @throws InterruptedException if the calling thread is interrupted; the engine keeps running
     */
    void run() throws InterruptedException;

    /** Begins to close the engine and does not wait. Idempotent. */
    void shutdown();

    /**
     * Closes the engine: closes its listeners, drains the ring, ends the workers and disposes of all states, within
     * {@link TrafiloBuilder#closeTimeout} and at most 0.1 s more, whatever hangs. The ledger counts messages that were not
     * handled by then as abandoned, and states that were not disposed of as live. Idempotent. Blocks until the engine is
     * closed, except in a callback, where it returns at once.
     */
    @Override
    void close();

    /** {@return whether the engine takes messages: from the end of {@link #start} until closing begins} */
    boolean isRunning();

    /**
     * {@return the error that stopped the engine; empty if none did}
     *
     * <p>A {@link VirtualMachineError} other than {@link StackOverflowError}, the 17th internal error within 10 s, an error
     * of the thread that closes the engine, or a failed {@link #start}.
     */
    Optional<Throwable> failure();

    /** {@return roughly the number of messages in the ring that no worker has taken yet} */
    long ringFill();

    /**
     * {@return the most heap in bytes that this engine takes for itself, whatever arrives; a constant}
     *
     * <p>Excludes what others own: the application's states, the listeners' buffers, and the scratch arrays of listener
     * threads that run to completion.
     */
    long maxMemoryBytes();

    /** {@return the settings this engine was built with} */
    TrafiloSettings<S> settings();
}
