package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.NetUtil;
import io.trafilo.Counter;
import io.trafilo.Ledger;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which senders reach a listener, by the address that it is bound to. */
@ExtendWith(LeakGuard.class)
@Timeout(120)
class BindTest {
    private static final String GROUP = "239.255.7.1";

    @ParameterizedTest
    @CsvSource({"EPOLL,localhost,1", "EPOLL,LocalHost.,2", "NIO,localhost,1"})
    void shouldReceiveAtBothLoopbackAddressesWhenBoundToLocalhost(Transport transport, String host, int threads) {
        Needs.that(hasIpv6(), "no ::1 here");
        try (TestEngine engine = TestEngine.open();
                UdpListener listener = engine.listener(transport)
                        .bind(host, 0)
                        .threads(threads)
                        .start();
                Sender four = new Sender(Sender.at("127.0.0.1", listener.address()));
                Sender six = new Sender(Sender.at("::1", listener.address()))) {
            int port = listener.address().getPort();
            assertThat(listener.addresses())
                    .containsExactly(
                            new InetSocketAddress(NetUtil.LOCALHOST4, port),
                            new InetSocketAddress(NetUtil.LOCALHOST6, port));
            assertThat(listener.address()).isEqualTo(listener.addresses().get(0));
            assertThat(TestEngine.listenerThreads()).hasSize(threads);
            four.sendMany(100);
            six.sendMany(100);
            engine.awaitAccountedFor(200);
            assertThat(engine.closeAndCheck(listener, 200).count(Counter.HANDLED))
                    .isEqualTo(200);
        }
        assertThat(TestEngine.listenerThreads()).isEmpty();
    }

    @Test
    void shouldRefuseToStartWhenOneOfBothLoopbackAddressesIsTaken() throws Exception {
        Needs.that(hasIpv6(), "no ::1 here");
        try (TestEngine engine = TestEngine.open();
                DatagramSocket owner = new DatagramSocket(0, NetUtil.LOCALHOST6)) {
            assertThatThrownBy(() -> engine.listener()
                            .bind("localhost", owner.getLocalPort())
                            .start())
                    .isInstanceOf(ListenerException.class)
                    .hasMessageContaining(":" + owner.getLocalPort() + ": address already in use");
            engine.closeAndCheck(0);
        }
    }

    private static boolean hasIpv6() {
        try (DatagramSocket socket = new DatagramSocket(0, NetUtil.LOCALHOST6)) {
            return socket.isBound();
        } catch (IOException none) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"239.255.7.1", "ff15::7:1"})
    void shouldNameJoinGroupWhenBoundToAGroupWithoutIt(String group) {
        try (TestEngine engine = TestEngine.open()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> engine.listener().bind(group, 0).start())
                    .withMessageStartingWith("bind: ")
                    .withMessageContaining("joinGroup(\"" + group + "\", interface)");
        }
    }

    @ParameterizedTest
    @CsvSource({"EPOLL,0.0.0.0", "EPOLL," + GROUP, "NIO,0.0.0.0", "NIO," + GROUP})
    void shouldReceiveWhatIsSentToTheGroupWhenJoined(Transport transport, String host) throws Exception {
        try (TestEngine engine = TestEngine.open();
                UdpListener listener = engine.listener(transport)
                        .bind(host, 0)
                        .allow("127.0.0.0/8")
                        .joinGroup(GROUP, loopback().getName())
                        .start()) {
            int sent = sendToGroup(listener, "127.0.0.1", 10);
            engine.awaitAccountedFor(sent);
            assertThat(engine.closeAndCheck(listener, sent).count(Counter.HANDLED))
                    .isEqualTo(sent);
            assertThat(engine.errors).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void shouldReceiveFromTheSourceOnlyWhenJoinedForIt(Transport transport) throws Exception {
        try (TestEngine engine = TestEngine.open();
                UdpListener listener = engine.listener(transport)
                        .bind(GROUP, 0)
                        .joinGroup(GROUP, "127.0.0.1", "127.0.0.1")
                        .start()) {
            sendToGroup(listener, "127.0.0.2", 5);
            int sent = sendToGroup(listener, "127.0.0.1", 10);
            engine.awaitAccountedFor(sent); // those of the other source came before
            Ledger ledger = engine.closeAndCheck(listener, sent);
            assertThat(ledger.count(Counter.HANDLED)).isEqualTo(sent);
        }
    }

    @Test
    void shouldSayWhatIsExpectedWhenAGroupCannotBeJoined() {
        try (TestEngine engine = TestEngine.open()) {
            UdpListenerBuilder listener = engine.listener().bind("0.0.0.0", 0);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> listener.joinGroup("10.0.0.1", "lo"))
                    .withMessage("joinGroup: 10.0.0.1 (expected: a multicast address, such as 239.1.2.3 or ff15::1)");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> listener.joinGroup(GROUP, "lo", "::1"))
                    .withMessageStartingWith("joinGroup: source ::1 (expected: a unicast address of the same family");
            listener.joinGroup(GROUP, "nosuch0");
            assertThatThrownBy(listener::start)
                    .isInstanceOf(ListenerException.class)
                    .hasMessageStartingWith("joinGroup " + GROUP + " at nosuch0: no such interface (expected: one of ");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> listener.bind("127.0.0.1", 9999).start())
                    .withMessage("joinGroup: " + GROUP
                            + " with bind 127.0.0.1:9999 (expected: bind to the group itself or to 0.0.0.0)");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> listener.bind("::", 9999).start())
                    .withMessageStartingWith("joinGroup: ");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> listener.bind("0.0.0.0", 0).threads(2).start())
                    .withMessageStartingWith("threads: 2 threads (expected: 1 with joinGroup");
            assertThat(TestEngine.listenerThreads()).isEmpty();
        }
    }

    private static NetworkInterface loopback() throws SocketException {
        NetworkInterface found = NetworkInterface.networkInterfaces()
                .filter(BindTest::isLoopback)
                .findFirst()
                .orElse(null);
        Needs.that(found != null, "no loopback interface here");
        return found;
    }

    private static boolean isLoopback(NetworkInterface candidate) {
        try {
            return candidate.isLoopback();
        } catch (SocketException gone) {
            return false;
        }
    }

    /** Sends through the loopback interface, which no datagram leaves. Returns how many were sent. */
    private static int sendToGroup(UdpListener listener, String from, int count) throws IOException {
        try (DatagramChannel sender = DatagramChannel.open(StandardProtocolFamily.INET)) {
            sender.bind(new InetSocketAddress(from, 0));
            sender.setOption(StandardSocketOptions.IP_MULTICAST_IF, loopback());
            for (int i = 0; i < count; i++) {
                byte[] message = ("key" + i + " 1").getBytes(StandardCharsets.US_ASCII);
                try {
                    sender.send(ByteBuffer.wrap(message), Sender.at(GROUP, listener.address()));
                } catch (IOException refused) {
                    Needs.that(false, "the kernel sends no multicast over loopback here: " + refused.getMessage());
                }
            }
        }
        return count;
    }
}
