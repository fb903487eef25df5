package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import org.junit.jupiter.api.Test;

class ReadBuffersTest {
    private static final int SLOT = 2049;

    @Test
    void shouldFollowTheLoadWhenReadsFillMoreOrLess() {
        ReadBuffers buffers = ReadBuffers.slotted(SLOT, 64, 1024);
        ExtendedHandle handle = (ExtendedHandle) buffers.newHandle();
        assertThat(handle.guess()).isEqualTo(2 * SLOT);
        for (int slots = 2; slots <= 64; slots *= 2) {
            read(handle, slots);
        }
        assertThat(buffers.slots()).isEqualTo(64);
        read(handle, 64);
        assertThat(buffers.slots()).isEqualTo(64);
        read(handle, 16);
        assertThat(buffers.slots()).as("a quarter is enough").isEqualTo(64);
        read(handle, 15);
        assertThat(buffers.slots()).isEqualTo(32);
        nothing(handle);
        assertThat(buffers.slots()).as("nothing read says nothing").isEqualTo(32);
        for (int i = 0; i < 10; i++) {
            read(handle, 1);
        }
        assertThat(buffers.slots()).isEqualTo(4);
    }

    @Test
    void shouldBeSparseWhenLittleWouldKeepMuch() {
        ReadBuffers buffers = ReadBuffers.slotted(SLOT, 64, 1024);
        ExtendedHandle handle = (ExtendedHandle) buffers.newHandle();
        read(handle, 1);
        assertThat(buffers.isSparse()).as("of two small slots").isFalse();
        for (int slots = 2; slots <= 64; slots *= 2) {
            read(handle, slots);
        }
        assertThat(buffers.isSparse()).isFalse();
        read(handle, 1);
        assertThat(buffers.isSparse()).isTrue();
    }

    @Test
    void shouldStayASmallPartOfAChunkWhenSlotsAreLarge() {
        ReadBuffers buffers = ReadBuffers.slotted(65_508, 64, 1024);
        ExtendedHandle handle = (ExtendedHandle) buffers.newHandle();
        for (int i = 0; i < 10; i++) {
            handle.attemptedBytesRead(handle.guess());
            handle.lastBytesRead(handle.guess());
        }
        assertThat(handle.guess()).isEqualTo(4 * 65_508);
    }

    private static void read(ExtendedHandle handle, int datagrams) {
        handle.attemptedBytesRead(handle.guess());
        handle.lastBytesRead(datagrams * SLOT);
    }

    private static void nothing(ExtendedHandle handle) {
        handle.attemptedBytesRead(handle.guess());
        handle.lastBytesRead(-1);
    }
}
