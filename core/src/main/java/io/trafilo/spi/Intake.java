package io.trafilo.spi;

/**
 * One listening thread's entrance to the engine: it publishes batches of messages into the ring and keeps that thread's
 * share of the ledger. Opened by {@link io.trafilo.Trafilo#openIntake}.
 *
 * <p>Threading: the methods that publish and count are for one thread at a time, the owner's; {@link #cutOff} and
 * {@link #close} are for any thread.
 *
 * <p>Ownership: every buffer handed to {@link #publish} belongs to the engine from then on, whatever becomes of it.
 *
 * @param <B> the type of the foreign buffers
 */
public interface Intake<B> extends AutoCloseable {
    /**
     * The engine's clock, for the time of receipt.
     *
     * @return the engine's time in nanoseconds since the epoch
     */
    long epochNanos();

    /**
     * Publishes a batch of received messages, each counted as received. With the policy {@code BLOCK} it waits while the
     * ring is full, until there is room, the intake is {@linkplain #cutOff cut off} or the engine's drain is over; with
     * {@code DROP_NEWEST} it never waits. What finds no room is released and counted as {@code shed}
     * ({@code DROP_NEWEST}) or {@code discardedAtClose}. The references are cleared from the array. For a listener that
     * {@linkplain ListenerHandle#runsToCompletion runs to completion} the messages are handled when it returns.
     *
     * @param buffers the array that holds the messages, none of them empty or longer than the engine's
     *     {@code maxMessageLength}
     * @param count how many messages it holds, from index 0 on
     * @param receiptNanos the time of receipt of all of them, from {@link #epochNanos}
     * @return how many were published
     */
    int publish(B[] buffers, int count, long receiptNanos);

    /** Counts one received message that was empty and is not published. */
    void countEmpty();

    /** Counts one received message that was longer than allowed and is not published. */
    void countOversized();

    /** Counts one received message that a filter of the listener refused and that is not published. */
    void countFiltered();

    /**
     * Adds to the number of messages that the kernel dropped before this listener could read them.
     *
     * @param count how many more were dropped since the last call
     */
    void countKernelDropped(long count);

    /**
     * Makes a waiting {@link #publish}, and all later ones, give up at once instead of waiting for room. For a listener that
     * closes and has run out of time.
     */
    void cutOff();

    /**
     * Ends this intake; its counts stay in the ledger. Idempotent. The owner's thread must have left {@link #publish} for
     * good.
     */
    @Override
    void close();
}
