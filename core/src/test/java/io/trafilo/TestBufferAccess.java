package io.trafilo;

import io.trafilo.TestBuffer.Fault;
import io.trafilo.spi.BufferAccess;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Reads and releases {@link TestBuffer}s, counts what it does, and notes every breach of the contract. */
final class TestBufferAccess implements BufferAccess<TestBuffer> {
    static final class ReadFailure extends RuntimeException {
        private static final long serialVersionUID = 1;

        ReadFailure(Fault fault) {
            super("injected: " + fault, null, false, false);
        }
    }

    final AtomicLong released = new AtomicLong();
    final AtomicLong unreadable = new AtomicLong();
    final Queue<String> breaches = new ConcurrentLinkedQueue<>();

    @Override
    public int length(TestBuffer buffer) {
        checkHeld("length", buffer);
        failIf(buffer, Fault.LENGTH);
        return buffer.bytes.length;
    }

    @Override
    public void copyTo(TestBuffer buffer, byte[] destination, int offset) {
        checkHeld("copyTo", buffer);
        failIf(buffer, Fault.COPY);
        System.arraycopy(buffer.bytes, 0, destination, offset, buffer.bytes.length);
    }

    @Override
    public void release(TestBuffer buffer) {
        if (buffer.tryRelease()) {
            released.incrementAndGet();
        } else {
            breaches.add("released twice");
        }
        if (buffer.fault == Fault.RELEASE) {
            throw new ReadFailure(Fault.RELEASE);
        }
    }

    private void failIf(TestBuffer buffer, Fault fault) {
        if (buffer.fault == fault) {
            unreadable.incrementAndGet();
            throw new ReadFailure(fault);
        }
    }

    private void checkHeld(String method, TestBuffer buffer) {
        if (buffer.isReleased()) {
            breaches.add(method + " after release");
        }
    }
}
