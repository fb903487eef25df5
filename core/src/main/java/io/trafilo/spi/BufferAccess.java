package io.trafilo.spi;

/**
 * How a worker reads and gives back one kind of foreign buffer. One stateless instance serves all buffers of a listener, so
 * that no adapter object is needed per message.
 *
 * <p>Called concurrently by all workers, each buffer by one worker only, and never after {@link #release}. A method that
 * throws makes its message count as {@code parseFailed}; the buffer is released all the same.
 *
 * @param <B> the buffer's type
 */
public interface BufferAccess<B> {
    /**
     * The length of the message.
     *
     * @param buffer the buffer that holds the message
     * @return the length in bytes, at most the engine's {@code maxMessageLength}
     */
    int length(B buffer);

    /**
     * Copies the whole message.
     *
     * @param buffer the buffer that holds the message
     * @param destination where to copy it; has room for {@link #length} bytes from {@code offset} on
     * @param offset where the message is to start in {@code destination}
     */
    void copyTo(B buffer, byte[] destination, int offset);

    /**
     * Gives the buffer back to its owner. Called exactly once for each buffer that the engine took, from any thread.
     *
     * @param buffer the buffer that the engine is done with
     */
    void release(B buffer);
}
