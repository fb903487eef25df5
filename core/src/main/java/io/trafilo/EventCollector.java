package io.trafilo;

/**
 * Collects the events that an {@link EventParser} finds in one message. Valid during that call only.
 *
 * <p>Each slice is an offset into the parser's {@code buffer} and a length in bytes. It must lie within the message. An
 * event counts as {@linkplain #reject() rejected} if its key has 0 bytes or more than {@code maxKeyLength}, or if the
 * message already has {@code maxEventsPerMessage} events.
 */
public interface EventCollector {
    /**
     * Adds an event that takes the message's time of receipt as its own.
     *
     * @param keyOffset where the key starts
     * @param keyLength the length of the key
     * @param payloadOffset where the payload starts
     * @param payloadLength the length of the payload; may be 0
     * @throws IndexOutOfBoundsException if a slice is not within the message
     */
    void event(int keyOffset, int keyLength, int payloadOffset, int payloadLength);

    /**
     * Adds an event with its own time.
     *
     * @param keyOffset where the key starts
     * @param keyLength the length of the key
     * @param payloadOffset where the payload starts
     * @param payloadLength the length of the payload; may be 0
     * @param timestampNanos the event's time in nanoseconds since the epoch. If it seems to be in seconds, milliseconds or
     *     microseconds, the engine logs a warning, once
     * @throws IndexOutOfBoundsException if a slice is not within the message
     */
    void event(int keyOffset, int keyLength, int payloadOffset, int payloadLength, long timestampNanos);

    /** Counts a malformed part of the message. The events of its other parts are still handled. */
    void reject();
}
