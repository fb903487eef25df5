package io.trafilo;

import java.util.concurrent.atomic.AtomicBoolean;

/** A foreign buffer that knows whether it was given back. */
final class TestBuffer {
    final byte[] bytes;

    /** How its {@link TestBufferAccess} is to fail on it. */
    final Fault fault;

    private final AtomicBoolean released = new AtomicBoolean();

    enum Fault {
        NONE,
        LENGTH,
        COPY,
        RELEASE
    }

    TestBuffer(byte[] bytes, Fault fault) {
        this.bytes = bytes;
        this.fault = fault;
    }

    TestBuffer(byte[] bytes) {
        this(bytes, Fault.NONE);
    }

    boolean isReleased() {
        return released.get();
    }

    /** False if it was released before. */
    boolean tryRelease() {
        return released.compareAndSet(false, true);
    }
}
