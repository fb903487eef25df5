package io.trafilo;

import io.trafilo.spi.BufferAccess;
import io.trafilo.testing.OnPurpose;
import io.trafilo.testing.TestBuffer;

/** Buffers whose release throws when it is done. */
final class FailingRelease implements BufferAccess<TestBuffer> {
    @Override
    public int length(TestBuffer buffer) {
        return TestBuffer.ACCESS.length(buffer);
    }

    @Override
    public void copyTo(TestBuffer buffer, byte[] destination, int offset) {
        TestBuffer.ACCESS.copyTo(buffer, destination, offset);
    }

    @Override
    public void release(TestBuffer buffer) {
        TestBuffer.ACCESS.release(buffer);
        throw new OnPurpose();
    }
}
