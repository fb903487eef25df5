package io.trafilo.netty;

import io.netty.buffer.ByteBuf;
import io.trafilo.spi.BufferAccess;

/** Reads and releases datagrams for the workers. */
enum ByteBufAccess implements BufferAccess<ByteBuf> {
    INSTANCE;

    @Override
    public int length(ByteBuf buffer) {
        return buffer.readableBytes();
    }

    @Override
    public void copyTo(ByteBuf buffer, byte[] destination, int offset) {
        buffer.getBytes(buffer.readerIndex(), destination, offset, buffer.readableBytes());
    }

    @Override
    public void release(ByteBuf buffer) {
        buffer.release();
    }
}
