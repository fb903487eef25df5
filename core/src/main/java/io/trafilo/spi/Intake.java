package io.trafilo.spi;

import org.jspecify.annotations.Nullable;

/**
 * A listening thread's way into the engine. It publishes batches of messages into the ring and keeps that thread's share of
 * the ledger. Opened by {@link ListenerHost#openIntake}.
 *
 * <p>Threading: the methods that publish and count are for one thread at a time, the owner. {@link #cutOff} and
 * {@link #close} are for any thread.
 *
 * <p>Ownership: every buffer passed to {@link #publish} belongs to the engine from then on, whatever the outcome.
 *
 * @param <B> the type of the foreign buffers
 */
public interface Intake<B> extends AutoCloseable {
    /**
     * Reads the engine's clock, for the time of receipt.
     *
     * @return the engine's time in nanoseconds since the epoch
     */
    long epochNanos();

    /**
     * Publishes a batch of received messages whose senders are not known. See
     * {@link #publish(Object[], Senders, int, long)}.
     *
     * @param buffers the array that holds the messages
     * @param count how many messages it holds, from index 0 on
     * @param receiptNanos the time of receipt of all of them, from {@link #epochNanos}
     * @return how many were published
     */
    default int publish(B[] buffers, int count, long receiptNanos) {
        return publish(buffers, null, count, receiptNanos);
    }

    /**
     * Publishes a batch of received messages and counts each as received. Clears the references from the array. For a
     * listener that {@linkplain ListenerHandle#runsToCompletion runs to completion}, the messages are handled when this
     * returns.
     *
     * <p>Blocking: with the policy {@code BLOCK} it waits while the ring is full, until there is room, the intake is
     * {@linkplain #cutOff cut off} or the ring is sealed. With {@code DROP_NEWEST} it never waits. Messages that find no
     * room are released and counted as {@code shed} ({@code DROP_NEWEST}) or {@code discardedAtClose}.
     *
     * @param buffers the array that holds the messages, none of them empty or longer than the engine's
     *     {@code maxMessageLength}
     * @param senders who sent them, by the same indexes; null if nobody knows. Copied before this returns
     * @param count how many messages it holds, from index 0 on
     * @param receiptNanos the time of receipt of all of them, from {@link #epochNanos}
     * @return how many were published
     */
    int publish(B[] buffers, @Nullable Senders senders, int count, long receiptNanos);

    /** Counts one received message as empty. It is not published. */
    void countEmpty();

    /** Counts one received message as longer than allowed. It is not published. */
    void countOversized();

    /** Counts one received message as rejected by a filter of the listener. It is not published. */
    void countFiltered();

    /**
     * Adds to the number of messages that the kernel dropped before this listener could read them.
     *
     * @param count how many more were dropped since the last call
     */
    void countKernelDropped(long count);

    /**
     * Tells whether {@link #countKernelDropped} is told of all drops. If not, the ledger says that {@code kernelDropped} is
     * unknown. That stays so if this intake is closed meanwhile. True until called.
     *
     * @param known false while the system does not tell this listener what the kernel dropped
     */
    void kernelDropsKnown(boolean known);

    /**
     * Makes {@link #publish} give up instead of waiting for room, in the current call and all later ones. For a listener
     * that is closing and has run out of time.
     */
    void cutOff();

    /** Closes this intake; its counts stay in the ledger. Idempotent. The owner must not publish any more. */
    @Override
    void close();
}
