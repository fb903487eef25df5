package io.trafilo;

/**
 * One event, seen by its {@link EventHandler}. A read-only flyweight: valid during the callback and on its thread only.
 */
public interface EventView {
    /**
     * The key of the event. It may be kept.
     *
     * @return the key
     */
    Key key();

    /**
     * The time of the event: the one its parser gave, else its time of receipt; never ahead of the engine's clock.
     *
     * @return nanoseconds since the epoch
     */
    long timestampNanos();

    /**
     * When the message was read from its socket, or handed to {@link Trafilo#emit}.
     *
     * @return nanoseconds since the epoch
     */
    long receiptNanos();

    /**
     * Whether the event is older than the window, so that the window does not count it.
     *
     * @return true if it is late
     */
    boolean late();

    /**
     * The length of the payload.
     *
     * @return bytes, 0 or more
     */
    int payloadLength();

    /**
     * A byte of the payload.
     *
     * @param index from 0 to {@code payloadLength() - 1}
     * @return that byte
     * @throws IndexOutOfBoundsException if there is no such index
     */
    byte payloadByte(int index);

    /**
     * Copies the whole payload.
     *
     * @param destination where to copy it
     * @param offset where it is to start in {@code destination}
     * @return the number of bytes copied, which is {@link #payloadLength}
     * @throws IndexOutOfBoundsException if there is no room for it
     */
    int copyPayload(byte[] destination, int offset);

    /**
     * The payload read as UTF-8. Allocates a new string at each call.
     *
     * @return the text
     */
    String payloadText();
}
