package io.trafilo.spi;

/**
 * Reads and releases one kind of foreign buffer. One stateless instance serves all buffers of a listener, so no adapter
 * object is needed per message.
 *
 * <p>Threading: all workers call it concurrently, but each buffer is used by one worker only, and never after
 * {@link #release}.
 *
 * <p>Failure: if a method throws, the message counts as {@code parseFailed}. The buffer is still released.
 *
 * @param <B> the type of the buffers
 */
public interface BufferAccess<B> {
    /**
     * Returns the length of the message.
     *
     * @param buffer the buffer that holds the message
     * @return the length in bytes, at most the engine's {@code maxMessageLength}
     */
    int length(B buffer);

    /**
     * Copies the whole message.
     *
     * @param buffer the buffer that holds the message
     * @param destination the array to copy to; has room for {@link #length} bytes from {@code offset} on
     * @param offset where the message starts in {@code destination}
     */
    void copyTo(B buffer, byte[] destination, int offset);

    /**
     * Returns the buffer to its owner. Called exactly once for each buffer that the engine took, from any thread.
     *
     * @param buffer the buffer that the engine is done with
     */
    void release(B buffer);
}
