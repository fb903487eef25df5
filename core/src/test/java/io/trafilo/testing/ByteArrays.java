package io.trafilo.testing;

import io.trafilo.spi.BufferAccess;

/** Byte arrays as a listener's buffers; nothing is released. */
public final class ByteArrays implements BufferAccess<byte[]> {
    @Override
    public int length(byte[] buffer) {
        return buffer.length;
    }

    @Override
    public void copyTo(byte[] buffer, byte[] destination, int offset) {
        System.arraycopy(buffer, 0, destination, offset, buffer.length);
    }

    @Override
    public void release(byte[] buffer) {}
}
