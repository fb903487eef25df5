package io.trafilo;

/**
 * Takes the events that an {@link EventParser} finds in one message. Valid during that call only.
 *
 * <p>All slices are given as offset in the parser's {@code buffer} and length in bytes, and must lie within the message.
 * A key of 0 bytes or of more than the engine's {@code maxKeyLength} bytes, and any event beyond
 * {@code maxEventsPerMessage}, is taken as {@linkplain #reject() rejected}.
 */
public interface EventCollector {
    /**
     * Adds an event whose time is the message's time of receipt.
     *
     * @param keyOffset where the key starts
     * @param keyLength the key's length
     * @param payloadOffset where the payload starts
     * @param payloadLength the payload's length, may be 0
     * @throws IndexOutOfBoundsException if a slice is not within the message
     */
    void event(int keyOffset, int keyLength, int payloadOffset, int payloadLength);

    /**
     * Adds an event with a time of its own.
     *
     * @param keyOffset where the key starts
     * @param keyLength the key's length
     * @param payloadOffset where the payload starts
     * @param payloadLength the payload's length, may be 0
     * @param timestampNanos the event's time in nanoseconds since the epoch
     * @throws IndexOutOfBoundsException if a slice is not within the message
     */
    void event(int keyOffset, int keyLength, int payloadOffset, int payloadLength, long timestampNanos);

    /** Counts a part of the message that is malformed; the events of its other parts are handled. */
    void reject();
}
