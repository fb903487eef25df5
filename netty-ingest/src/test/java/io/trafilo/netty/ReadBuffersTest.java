package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
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
    void shouldKeepTooMuchWhenAReadLeftItsBufferAlmostEmpty() {
        ReadBuffers buffers = ReadBuffers.slotted(SLOT, 64, 1024);
        ExtendedHandle handle = (ExtendedHandle) buffers.newHandle();
        ByteBuf datagram = Unpooled.buffer(100, 100);
        read(handle, 1);
        assertThat(buffers.keepsTooMuch(datagram)).as("one of two small slots").isFalse();
        for (int slots = 2; slots <= 64; slots *= 2) {
            read(handle, slots);
        }
        assertThat(buffers.keepsTooMuch(datagram)).isFalse();
        read(handle, 1);
        assertThat(buffers.keepsTooMuch(datagram)).isTrue();
    }

    @Test
    void shouldKeepTooMuchWhenAShortDatagramHasABufferOfItsOwn() {
        ReadBuffers buffers = ReadBuffers.single(65_508, 64);
        ByteBuf datagram = Unpooled.buffer(65_508, 65_508);
        assertThat(buffers.keepsTooMuch(datagram.writeZero(16_000))).isTrue();
        assertThat(buffers.keepsTooMuch(datagram.writeZero(1_000))).isFalse();
        assertThat(ReadBuffers.single(SLOT, 64)
                        .keepsTooMuch(Unpooled.buffer(SLOT, SLOT).writeZero(1)))
                .isFalse();
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
