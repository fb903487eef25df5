package io.trafilo;

/**
 * Collects the events that an {@link EventParser} finds in one message. Valid during that call only.
 *
 * <p>An event is added with its key and its payload. What else the parser knows of it is said of the {@link EventDetails} that the
 * call returns:
 *
 * <pre>{@code
 * out.event(keyOffset, keyLength, payloadOffset, payloadLength).value(12.5).weight(4);
 * }</pre>
 *
 * <p>Each slice is an offset into the parser's {@code buffer} and a length in bytes. It must lie within the message. An
 * event counts as {@linkplain #reject() rejected} if its key has 0 bytes or more than {@code maxKeyLength}, or if the
 * message already has {@code maxEventsPerMessage} events.
 */
public interface EventCollector {
    /**
     * Adds an event. It takes the message's time of receipt as its own, and has no value.
     *
     * @param keyOffset where the key starts
     * @param keyLength the length of the key
     * @param payloadOffset where the payload starts
     * @param payloadLength the length of the payload; may be 0
     * @return what else there is to say of the event; valid until the next call of this collector
     * @throws IndexOutOfBoundsException if a slice is not within the message
     */
    EventDetails event(int keyOffset, int keyLength, int payloadOffset, int payloadLength);

    /**
     * Begins a key that is put together from parts. {@link KeyBuilder#event} ends it and adds the event; without that call it is
     * forgotten. All keys that one message puts together may take 64 KiB; an event whose key finds no room is rejected.
     *
     * @return an empty key; valid until the next call of this collector
     */
    KeyBuilder key();

    /**
     * Who sent the message.
     *
     * @return the sender; valid during the call of the parser
     */
    Sender sender();

    /** {@return the time of receipt of the message in nanoseconds since the epoch} */
    long receiptNanos();

    /** Counts a malformed part of the message. The events of its other parts are still handled. */
    void reject();

    /**
     * Counts a malformed part of the message, and reports what is wrong with it to the {@link ErrorListener}, as at the stage
     * {@code PARSER}. The events of its other parts are still handled.
     *
     * @param cause what is wrong
     */
    void reject(RuntimeException cause);
}
