package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.Counter;
import io.trafilo.Ledger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(LeakGuard.class)
@Timeout(120)
class HostileInputTest {
    private static final int LIMIT = 3_000;

    private static TestEngine engine() {
        return new TestEngine(builder -> builder.maxMessageLength(4096));
    }

    @ParameterizedTest
    @CsvSource({"EPOLL,false", "EPOLL,true", "NIO,false"})
    void shouldGoOnWhenTheSourcePortIsZero(Transport transport, boolean gro) throws Exception {
        try (TestEngine engine = engine();
                UdpListener listener = engine.listener(transport)
                        .gro(gro)
                        .maxDatagramBytes(2048)
                        .start();
                Sender sender = new Sender(listener.address())) {
            for (int round = 0; round < 3; round++) {
                sender.sendMany(2);
                RawSender.send(listener.address(), "0:20:whole", "0:0:whole", "0:20:whole", "0:2049:whole");
                sender.sendMany(2);
                engine.awaitAccountedFor((round + 1) * 8L);
            }
            Ledger ledger = engine.closeAndCheck(listener, 24);
            assertThat(ledger.count(Counter.HANDLED)).isEqualTo(18);
            assertThat(ledger.count(Counter.EMPTY)).isEqualTo(3);
            assertThat(ledger.count(Counter.OVERSIZED)).isEqualTo(3);
            assertThat(engine.errors).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"EPOLL,false", "EPOLL,true", "NIO,false"})
    void shouldCountTheDatagramAndGoOnWhenItComesInFragments(Transport transport, boolean gro) throws Exception {
        try (TestEngine engine = engine();
                UdpListener listener = engine.listener(transport)
                        .gro(gro)
                        .maxDatagramBytes(LIMIT)
                        .start();
                Sender sender = new Sender(listener.address())) {
            RawSender.send(
                    listener.address(),
                    "7:" + LIMIT + ":fragments",
                    "7:" + LIMIT + ":reversed",
                    "7:" + (LIMIT + 1) + ":fragments",
                    "7:" + LIMIT + ":unfinished", // is no datagram
                    "7:65507:reversed",
                    "7:20:whole");
            sender.sendMany(2);
            engine.awaitAccountedFor(7);
            Ledger ledger = engine.closeAndCheck(listener, 7);
            assertThat(ledger.count(Counter.HANDLED)).isEqualTo(5);
            assertThat(ledger.count(Counter.OVERSIZED)).isEqualTo(2);
            assertThat(engine.errors).isEmpty();
        }
    }

    /** What a sender gets first after all is done is what this test sends it, so nothing came before. */
    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void shouldAnswerNothingWhateverASenderSends(Transport transport) throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (TestEngine engine = engine();
                UdpListener listener = engine.listener(transport)
                        .allow("127.0.0.1")
                        .maxDatagramBytes(100)
                        .start();
                DatagramChannel known = DatagramChannel.open().bind(anyPort);
                DatagramChannel stranger = DatagramChannel.open().bind(new InetSocketAddress("127.0.0.2", 0))) {
            for (DatagramChannel sender : new DatagramChannel[] {known, stranger}) {
                for (int length : new int[] {0, 1, 20, 100, 101, 5_000}) {
                    sender.send(
                            ByteBuffer.wrap(" k".repeat(2_500).getBytes(StandardCharsets.US_ASCII), 0, length),
                            listener.address());
                }
            }
            engine.awaitAccountedFor(12);
            Ledger ledger = engine.closeAndCheck(listener, 12);
            assertThat(ledger.count(Counter.FILTERED)).isEqualTo(6);
            assertThat(ledger.count(Counter.EMPTY)).isEqualTo(1);
            assertThat(ledger.count(Counter.OVERSIZED)).isEqualTo(2);
            for (DatagramChannel sender : new DatagramChannel[] {known, stranger}) {
                InetSocketAddress address = (InetSocketAddress) sender.getLocalAddress();
                try (DatagramChannel last = DatagramChannel.open().bind(anyPort)) {
                    last.send(ByteBuffer.allocate(1), address);
                    assertThat(sender.receive(ByteBuffer.allocate(100))).isEqualTo(last.getLocalAddress());
                }
            }
        }
    }
}
