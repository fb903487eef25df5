package io.trafilo.netty;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads of any sizes, as Netty hands them over: datagrams in slots of one buffer, one joined by the kernel and cut into segments,
 * or each in a buffer of its own.
 */
class DatagramHandlerFuzzTest {
    private static final int MAX_READS = 40;
    private static final InetSocketAddress FRIEND = address(10, 1, 2, 3);
    private static final InetSocketAddress STRANGER = address(192, 0, 2, 1);

    private static InetSocketAddress address(int... bytes) {
        byte[] raw = new byte[bytes.length];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = (byte) bytes[i];
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(raw), 4000);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @FuzzTest(maxDuration = "1h", maxExecutions = 1_000_000)
    void shouldPublishEachDatagramOnceAndKeepNoBuffer(FuzzedDataProvider data) {
        new Reads(data).run();
    }

    private static final class Reads {
        private final FuzzedDataProvider data;
        private final int maxDatagramBytes;
        private final boolean joined;
        private final boolean shared;
        private final ReadBuffers buffers;
        private final ExtendedHandle handle;
        private final boolean filters;
        private final CollectingIntake intake = new CollectingIntake();
        private final DatagramHandler handler;
        private final EmbeddedChannel channel;
        private final List<ByteBuf> all = new ArrayList<>();
        private final List<byte[]> expected = new ArrayList<>();
        private long sent;
        private long empty;
        private long oversized;
        private long filtered;

        Reads(FuzzedDataProvider data) {
            this.data = data;
            maxDatagramBytes = data.consumeInt(1, 3_000);
            joined = data.consumeBoolean();
            shared = joined || data.consumeBoolean();
            int slotBytes = maxDatagramBytes + 1;
            if (joined) {
                buffers = ReadBuffers.joined(20_000, 1024);
            } else if (shared) {
                buffers = ReadBuffers.slotted(slotBytes, data.consumeInt(1, 70), 1024);
            } else {
                buffers = ReadBuffers.single(data.consumeBoolean() ? 20_000 : slotBytes, 1024);
            }
            handle = (ExtendedHandle) buffers.newHandle();
            filters = data.consumeBoolean();
            SourceAllowlist allowed = filters ? new SourceAllowlist(List.of(Cidr.parse("allow", "10.0.0.0/8"))) : null;
            handler = new DatagramHandler(intake, buffers, maxDatagramBytes, allowed, error -> false, error -> {
                throw new AssertionError(error);
            });
            channel = new EmbeddedChannel(handler);
        }

        void run() {
            for (int i = 0; i < MAX_READS && data.remainingBytes() > 0; i++) {
                read();
                if (data.consumeBoolean()) {
                    channel.pipeline().fireChannelReadComplete();
                }
            }
            channel.finish(); // closes it: what was gathered is published
            check();
        }

        private void read() {
            ByteBuf buffer = Unpooled.buffer(handle.guess(), handle.guess());
            all.add(buffer);
            handle.attemptedBytesRead(buffer.capacity());
            if (joined) {
                readJoined(buffer);
            } else if (shared) {
                readSlots(buffer);
            } else {
                fill(buffer, data.consumeInt(0, buffer.capacity()));
                handle.lastBytesRead(buffer.readableBytes());
                deliver(buffer);
            }
        }

        /** One long buffer, cut into segments of one length but for the last. */
        private void readJoined(ByteBuf buffer) {
            fill(buffer, data.consumeInt(0, buffer.capacity()));
            handle.lastBytesRead(buffer.readableBytes());
            int segmentBytes = data.consumeInt(1, maxDatagramBytes + 100);
            int most = 100; // a buffer of one-byte segments says nothing that these do not
            while (buffer.isReadable() && most-- > 0) {
                deliver(buffer.readRetainedSlice(Math.min(segmentBytes, buffer.readableBytes())));
            }
            buffer.release();
        }

        /** Several datagrams, each at the start of its slot. */
        private void readSlots(ByteBuf buffer) {
            int slotBytes = maxDatagramBytes + 1;
            int count = data.consumeInt(0, buffer.capacity() / slotBytes);
            int uniform = data.consumeBoolean() ? data.consumeInt(0, slotBytes) : -1;
            buffer.writerIndex(buffer.capacity());
            List<ByteBuf> datagrams = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ByteBuf slot = buffer.retainedSlice(i * slotBytes, slotBytes);
                fill(slot.clear(), uniform >= 0 ? uniform : data.consumeInt(0, slotBytes));
                datagrams.add(slot);
            }
            int bytes = count == 0
                    ? -1
                    : datagrams.stream().mapToInt(ByteBuf::readableBytes).sum();
            handle.lastBytesRead(bytes);
            datagrams.forEach(this::deliver);
            buffer.release();
        }

        private void fill(ByteBuf buffer, int lengthBytes) {
            for (int i = 0; i < lengthBytes; i++) {
                buffer.writeByte((int) sent + i);
            }
        }

        private void deliver(ByteBuf datagram) {
            boolean stranger = data.consumeBoolean();
            int lengthBytes = datagram.readableBytes();
            sent++;
            if (filters && stranger) {
                filtered++;
            } else if (lengthBytes == 0) {
                empty++;
            } else if (lengthBytes > maxDatagramBytes) {
                oversized++;
            } else {
                byte[] bytes = new byte[lengthBytes];
                datagram.getBytes(datagram.readerIndex(), bytes);
                expected.add(bytes);
            }
            channel.pipeline().fireChannelRead(new DatagramPacket(datagram, FRIEND, stranger ? STRANGER : FRIEND));
        }

        private void check() {
            requireEqual("datagrams", handler.datagrams(), sent);
            requireEqual("filtered", intake.filtered(), filtered);
            requireEqual("empty", intake.empty(), empty);
            requireEqual("oversized", intake.oversized(), oversized);
            intake.requirePublished(expected);
            for (ByteBuf buffer : all) {
                requireEqual("references to a buffer", buffer.refCnt(), 0);
            }
        }

        private static void requireEqual(String what, long actual, long expected) {
            if (actual != expected) {
                throw new AssertionError(what + ": " + actual + " (expected: " + expected + ")");
            }
        }
    }
}
