package io.trafilo;

import java.nio.ByteBuffer;

/**
 * One event, as its {@link EventHandler} sees it. A read-only flyweight: valid during the callback and on its thread only.
 */
public interface EventView {
    /** {@return the key of the event; it may be kept} */
    Key key();

    /**
     * {@return the time of the event in nanoseconds since the epoch}
     *
     * <p>The time that the parser set, or else the time of receipt. Never ahead of the engine's clock. If the wall clock was
     * set since the engine was built, the time that the parser set is moved by as much
     * ({@link TrafiloBuilder#followWallClock}), except on the time basis {@code EVENT}.
     */
    long timestampNanos();

    /**
     * {@return the time of receipt in nanoseconds since the epoch}
     *
     * <p>When the message was read from its socket, or passed to {@link Trafilo#offer}.
     */
    long receiptNanos();

    /** {@return whether the parser gave the event a value} */
    boolean hasValue();

    /** {@return the value that the parser gave; NaN if it gave none} */
    double value();

    /** {@return how many events this one stands for; 1 unless the parser said otherwise} */
    double weight();

    /** {@return who sent the message of this event} */
    Sender sender();

    /** {@return whether the event is older than the window, which then does not count it} */
    boolean isLate();

    /** {@return the length of the payload in bytes, 0 or more} */
    int payloadLength();

    /**
     * Reads a byte of the payload.
     *
     * @param index from 0 to {@code payloadLength() - 1}
     * @return that byte
     * @throws IndexOutOfBoundsException if there is no such index
     */
    byte payloadByte(int index);

    /**
     * The payload without a copy, for parsers and decoders that take buffers. Each call allocates the buffer object; the
     * other accessors allocate nothing.
     *
     * @return a read-only, big-endian slice that holds the payload and nothing else, from index 0 to
     *     {@code payloadLength() - 1}; valid during the callback only
     */
    ByteBuffer payload();

    /**
     * Copies the whole payload.
     *
     * @param destination the array to copy to
     * @param offset where the payload starts in {@code destination}
     * @return the number of bytes copied, which is {@link #payloadLength}
     * @throws IndexOutOfBoundsException if it does not fit
     */
    int copyPayload(byte[] destination, int offset);

    /** {@return the payload decoded as UTF-8, in a new string for each call} */
    String payloadText();
}
