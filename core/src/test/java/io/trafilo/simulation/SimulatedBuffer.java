package io.trafilo.simulation;

import io.trafilo.spi.BufferAccess;

/** A datagram's buffer, which may be broken: then it cannot be read, or complains when it is released. */
final class SimulatedBuffer {
    static final BufferAccess<SimulatedBuffer> ACCESS = new Access();

    private final byte[] bytes;
    private final boolean readable;
    private final boolean releasable;
    private int releases;

    SimulatedBuffer(byte[] bytes, boolean readable, boolean releasable) {
        this.bytes = bytes;
        this.readable = readable;
        this.releasable = releasable;
    }

    int length() {
        return bytes.length;
    }

    int releases() {
        return releases;
    }

    Message message(long receiptNanos) {
        return Message.of(bytes, receiptNanos, readable);
    }

    private static final class Access implements BufferAccess<SimulatedBuffer> {
        @Override
        public int length(SimulatedBuffer buffer) {
            buffer.requireHeld();
            return buffer.bytes.length;
        }

        @Override
        public void copyTo(SimulatedBuffer buffer, byte[] destination, int offset) {
            buffer.requireHeld();
            if (!buffer.readable) {
                throw new OnPurpose("buffer");
            }
            System.arraycopy(buffer.bytes, 0, destination, offset, buffer.bytes.length);
        }

        @Override
        public void release(SimulatedBuffer buffer) {
            buffer.releases++;
            if (!buffer.releasable) {
                throw new OnPurpose("release");
            }
        }
    }

    private void requireHeld() {
        if (releases > 0) {
            throw new IllegalStateException("read after release");
        }
    }
}
