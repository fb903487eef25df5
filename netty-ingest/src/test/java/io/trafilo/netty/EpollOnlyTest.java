package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.trafilo.Counter;
import io.trafilo.Ledger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakGuard.class)
@Timeout(120)
class EpollOnlyTest {
    @BeforeEach
    void needEpoll() {
        Needs.epoll();
    }

    @Test
    void shouldCountEveryDatagramWhenSeveralSocketsShareThePort() {
        int senders = 32;
        int each = 200;
        long sent = (long) senders * each;
        try (TestEngine engine = TestEngine.open();
                UdpListener listener =
                        engine.listener(Transport.EPOLL).threads(2).start()) {
            assertThat(TestEngine.listenerThreads()).containsExactly("trafilo-udp-0", "trafilo-udp-1");
            List<Sender> open = new ArrayList<>();
            for (int i = 0; i < senders; i++) {
                Sender sender = new Sender(listener.address());
                open.add(sender);
                sender.sendMany(each);
                engine.awaitAccountedFor((i + 1L) * each);
            }
            assertThat(listener.sockets().datagrams()).hasSize(2).doesNotContain(0L);
            Ledger ledger = engine.closeAndCheck(listener, sent);
            assertThat(ledger.count(Counter.HANDLED)).isEqualTo(sent);
            open.forEach(Sender::close);
        }
        assertThat(TestEngine.listenerThreads()).isEmpty();
    }

    /** A sender that hands the kernel many datagrams as one, which arrive joined at a socket with GRO. */
    @Test
    void shouldTakeDatagramsApartWhenTheKernelJoinsThem() throws Exception {
        assertThat(receiveSegments(true, 2048))
                .extracting(ledger -> ledger.count(Counter.HANDLED))
                .isEqualTo(ROUNDS * (SEGMENTS + 1L));
    }

    @Test
    void shouldCountTheSameWhenTheKernelJoinsNothing() throws Exception {
        assertThat(receiveSegments(false, 2048))
                .extracting(ledger -> ledger.count(Counter.HANDLED))
                .isEqualTo(ROUNDS * (SEGMENTS + 1L));
    }

    @Test
    void shouldCountAsOversizedWhenJoinedDatagramsAreTooLong() throws Exception {
        Ledger ledger = receiveSegments(true, SEGMENT_BYTES - 1);
        assertThat(ledger.count(Counter.OVERSIZED)).isEqualTo(ROUNDS * (long) SEGMENTS);
        assertThat(ledger.count(Counter.HANDLED)).isEqualTo(ROUNDS);
    }

    @Test
    void shouldCountEachAsFilteredWhenTheKernelJoinsThoseOfAStranger() throws Exception {
        Ledger ledger = receiveSegments(true, 2048, "127.0.0.2");
        assertThat(ledger.count(Counter.FILTERED)).isEqualTo(ROUNDS * (SEGMENTS + 1L));
        assertThat(ledger.count(Counter.PUBLISHED)).isZero();
        assertThat(receiveSegments(true, 2048, "127.0.0.1").count(Counter.HANDLED))
                .isEqualTo(ROUNDS * (SEGMENTS + 1L));
    }

    private static final int ROUNDS = 50;
    private static final int SEGMENTS = 40;
    private static final int SEGMENT_BYTES = 100;
    private static final int REST_BYTES = 30;

    /** Each round: a joined send of full segments and a shorter last one. */
    private static Ledger receiveSegments(boolean gro, int maxDatagram, String... allowed) throws Exception {
        assumeTrue(EpollDatagramChannel.isSegmentedDatagramPacketSupported(), "no UDP_SEGMENT here");
        long sent = ROUNDS * (SEGMENTS + 1L);
        var group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try (TestEngine engine = TestEngine.open();
                UdpListener listener = (allowed.length == 0
                                ? engine.listener(Transport.EPOLL)
                                : engine.listener(Transport.EPOLL).allow(allowed))
                        .gro(gro)
                        .maxDatagramBytes(maxDatagram)
                        .start()) {
            Channel sender = new Bootstrap()
                    .group(group)
                    .channel(EpollDatagramChannel.class)
                    .handler(new ChannelInboundHandlerAdapter())
                    .bind("127.0.0.1", 0)
                    .sync()
                    .channel();
            for (int round = 0; round < ROUNDS; round++) {
                sender.writeAndFlush(new SegmentedDatagramPacket(segments(), SEGMENT_BYTES, listener.address()))
                        .sync();
                engine.awaitAccountedFor((round + 1) * (SEGMENTS + 1L));
            }
            return engine.closeAndCheck(listener, sent);
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    private static ByteBuf segments() {
        ByteBuf all = Unpooled.buffer();
        for (int i = 0; i <= SEGMENTS; i++) {
            int end = all.writerIndex() + (i < SEGMENTS ? SEGMENT_BYTES : REST_BYTES);
            all.writeBytes(("key" + i % 10 + " ").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            while (all.writerIndex() < end) {
                all.writeByte('1');
            }
        }
        return all;
    }
}
