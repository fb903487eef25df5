package io.trafilo;

/**
 * A key that a parser puts together from parts, as bytes. Belongs to the {@link EventCollector} that gave it, and is valid until
 * the next call of that. Allocates nothing.
 */
public interface KeyBuilder {
    /**
     * Appends a byte.
     *
     * @param next the byte
     * @return this
     */
    KeyBuilder append(byte next);

    /**
     * Appends bytes of any array, such as the parser's buffer.
     *
     * @param source the array that holds the bytes
     * @param offset where they start
     * @param length how many they are
     * @return this
     * @throws IndexOutOfBoundsException if they are not within the array
     */
    KeyBuilder append(byte[] source, int offset, int length);

    /**
     * Appends the address of a sender as text, without the port: {@code 192.0.2.7} or, as RFC 5952 writes it,
     * {@code 2001:db8::7}. Appends nothing if the sender is unknown.
     *
     * @param sender the sender
     * @return this
     */
    KeyBuilder append(Sender sender);

    /** {@return how many bytes the key has so far} */
    int length();

    /**
     * Adds an event that has this key. It counts as rejected if the key is empty or longer than {@code maxKeyLength}. Each further
     * call adds another event, with the same key unless more was appended.
     *
     * @param payloadOffset where the payload starts in the parser's buffer
     * @param payloadLength the length of the payload; may be 0
     * @return what else there is to say of the event; valid until the next call of the collector
     * @throws IndexOutOfBoundsException if the payload is not within the message
     */
    EventDetails event(int payloadOffset, int payloadLength);
}
