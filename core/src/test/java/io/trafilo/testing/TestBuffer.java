package io.trafilo.testing;

import io.trafilo.spi.BufferAccess;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** What a listener would have read: some bytes, and how often they were given back. */
public final class TestBuffer {
    /** How an engine reads and releases these buffers. */
    public static final BufferAccess<TestBuffer> ACCESS = new Access();

    private final byte[] bytes;
    private final AtomicInteger releases = new AtomicInteger();

    public TestBuffer(String text) {
        bytes = text.getBytes(StandardCharsets.UTF_8);
    }

    /** {@code count} buffers that all hold this text. */
    public static TestBuffer[] copies(int count, String text) {
        TestBuffer[] buffers = new TestBuffer[count];
        for (int i = 0; i < count; i++) {
            buffers[i] = new TestBuffer(text);
        }
        return buffers;
    }

    public int releases() {
        return releases.get();
    }

    private static final class Access implements BufferAccess<TestBuffer> {
        @Override
        public int length(TestBuffer buffer) {
            return buffer.bytes.length;
        }

        @Override
        public void copyTo(TestBuffer buffer, byte[] destination, int offset) {
            if (buffer.releases.get() > 0) {
                throw new IllegalStateException("read after release");
            }
            System.arraycopy(buffer.bytes, 0, destination, offset, buffer.bytes.length);
        }

        @Override
        public void release(TestBuffer buffer) {
            buffer.releases.incrementAndGet();
        }
    }
}
