package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import io.trafilo.Counter;
import io.trafilo.Ledger;
import io.trafilo.OverloadPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LeakGuard.class)
@Timeout(120)
class KernelDropTest {
    @ParameterizedTest
    @CsvSource({"EPOLL,127.0.0.1", "EPOLL,::1", "NIO,127.0.0.1", "NIO,::1"})
    void shouldCountEachDropWhenTheReceiveBufferOverflows(Transport transport, String host) {
        Needs.kernelDrops();
        int sent = 3_000;
        try (TestEngine engine = TestEngine.gated(OverloadPolicy.BLOCK);
                UdpListener listener = engine.listener(transport)
                        .bind(host, 0)
                        .receiveBufferBytes(8192)
                        .start();
                Sender sender = new Sender(listener.address())) {
            sender.sendMany(sent);
            engine.openGate();
            engine.awaitAccountedFor(sent);
            Ledger ledger = engine.closeAndCheck(listener, sent);
            assertThat(ledger.count(Counter.KERNEL_DROPPED)).isGreaterThan(sent / 2);
            assertThat(ledger.count(Counter.HANDLED)).isEqualTo(ledger.count(Counter.RECEIVED));
        }
    }

    @ParameterizedTest
    @CsvSource({"EPOLL,true", "EPOLL,false", "NIO,true", "NIO,false"})
    void shouldCountABurstToItsLastDatagramWhenTheReceiveBufferIsTheDefault(Transport transport, boolean busy) {
        Needs.kernelDrops();
        int sent = 50_000;
        try (TestEngine engine = busy ? TestEngine.gated(OverloadPolicy.BLOCK) : TestEngine.open();
                UdpListener listener = UdpListener.builder(engine.engine)
                        .bind("127.0.0.1", 0)
                        .transport(transport)
                        .start();
                Sender sender = new Sender(listener.address())) {
            sender.sendMany(sent);
            engine.openGate();
            engine.awaitAccountedFor(sent);
            Ledger ledger = engine.closeAndCheck(listener, sent);
            assertThat(ledger.count(Counter.HANDLED)).isEqualTo(ledger.count(Counter.RECEIVED));
            if (busy) {
                assertThat(ledger.count(Counter.KERNEL_DROPPED)).isPositive();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"EPOLL", "NIO"})
    void shouldCountDropsWhileItWaitsForTheRing(Transport transport) {
        floodAndClose(transport, (engine, sent) -> {
            await().atMost(TestEngine.PATIENCE).until(() -> engine.ledger().count(Counter.KERNEL_DROPPED) > sent / 2);
            assertThat(engine.engine.ringFill())
                    .as("the ring is full")
                    .isEqualTo(engine.engine.settings().ringCapacity());
        });
    }

    @ParameterizedTest
    @CsvSource({"EPOLL", "NIO"})
    void shouldCountTheLastDropsWhenClosedBeforeTheNextReading(Transport transport) {
        floodAndClose(transport, (engine, sent) -> {}); // between two readings, or nearly so
    }

    /** A burst that neither ring nor socket can hold, a look at the engine while its worker waits, and a close at once. */
    private static void floodAndClose(Transport transport, ObjIntConsumer<TestEngine> meanwhile) {
        Needs.kernelDrops();
        int sent = 3_000;
        try (TestEngine engine = TestEngine.gated(OverloadPolicy.BLOCK);
                UdpListener listener =
                        engine.listener(transport).receiveBufferBytes(8192).start();
                Sender sender = new Sender(listener.address())) {
            sender.sendMany(sent);
            meanwhile.accept(engine, sent);
            engine.openGate();
            engine.closeAndCheck(listener, sent);
        }
    }

    @Test
    void shouldSayThatItDoesNotKnowWhenTheSystemDoesNotTell() {
        try (LogCapture log = new LogCapture();
                TestEngine engine = TestEngine.open()) {
            ListenerSettings settings = TestSettings.loopback(Transport.NIO);
            NettyTransport silent = new NioTransport() {
                @Override
                public KernelDrops kernelDrops(Channel channel, InetSocketAddress boundTo) {
                    return KernelDrops.UNKNOWN;
                }
            };
            ListenerSockets sockets = new ListenerSockets(engine.engine, settings, silent, settings.resolve());
            assertThat(engine.ledger().isKnown(Counter.KERNEL_DROPPED)).isTrue();
            sockets.start();
            await().atMost(TestEngine.PATIENCE).until(() -> !engine.ledger().isKnown(Counter.KERNEL_DROPPED));
            sockets.close(Duration.ofSeconds(5));
            Ledger ledger = engine.closeAndCheck(0);
            assertThat(ledger.isKnown(Counter.KERNEL_DROPPED)).isFalse();
            assertThat(ledger.isKnown(Counter.RECEIVED)).isTrue();
            assertThat(ledger.isConserved()).as("of the sums without it").isTrue();
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .startsWith("WARNING kernelDropped: unknown, since this system does not tell");
            assertThat(engine.errors).isEmpty();
        }
    }

    @Test
    void shouldAskTheOtherSourceWheneverTheFirstFails() throws Exception {
        long[] first = {7};
        KernelDrops either = new KernelDrops() {
            @Override
            public long read() throws IOException {
                if (first[0] < 0) {
                    throw new IOException("on purpose");
                }
                return first[0];
            }
        }.orElse(() -> 9);
        assertThat(either.read()).isEqualTo(7);
        first[0] = -1;
        assertThat(either.read()).isEqualTo(9);
        first[0] = 10;
        assertThat(either.read()).isEqualTo(10);
    }

    @Test
    void shouldTellWhileOpenWhenDropsGoOn() {
        try (TestEngine engine = TestEngine.gated(OverloadPolicy.DROP_NEWEST);
                UdpListener listener =
                        engine.listener().receiveBufferBytes(1024).start();
                Sender sender = new Sender(listener.address())) {
            await().atMost(TestEngine.PATIENCE).until(() -> {
                sender.sendMany(2_000);
                return engine.ledger().count(Counter.KERNEL_DROPPED) > 0;
            });
            engine.awaitAccountedFor(sender.sent());
        }
    }

    @Test
    void shouldFindTheSocketWhenTheTableHasOthers(@TempDir Path directory) throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0x270F);
        String ours = ProcNetUdp.hex(address);
        Path table = directory.resolve("udp");
        ProcNetUdp drops = new ProcNetUdp(table, address);

        Files.write(table, List.of("  sl  local_address ... drops", row("0100007F:2710", "5"), row(ours, "17")));
        assertThat(drops.read()).isEqualTo(17);

        Files.write(table, List.of("  sl  local_address ... drops", row(ours, "-1")));
        assertThat(drops.read()).isEqualTo(0xFFFF_FFFFL);

        Files.write(table, List.of("  sl  local_address ... drops", row(ours, "17"), row(ours, "3")));
        assertThat(drops.read()).isEqualTo(-1);

        Files.write(table, List.of("  sl  local_address ... drops"));
        assertThat(drops.read()).isEqualTo(-1);

        Files.write(table, List.of("  sl  local_address ... drops", row(ours, "17"), row(ours, 29474, "3")));
        assertThat(new ProcNetUdp(table, "29474").read()).isEqualTo(3);
        assertThat(new ProcNetUdp(table, "29475").read()).isEqualTo(-1);
    }

    private static String row(String localAddress, String drops) {
        return row(localAddress, 29473, drops);
    }

    private static String row(String localAddress, int inode, String drops) {
        return "  325: " + localAddress + " 00000000:0000 07 00000000:00000000 00:00000000 00000000  0  0 " + inode
                + " 2 0 " + drops + "   ";
    }
}
