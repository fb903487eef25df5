package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.trafilo.Counter;
import io.trafilo.Ledger;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LeakGuard.class)
@Timeout(120)
class AllowTest {
    private static void need(String host) throws Exception {
        assumeTrue(NetworkInterface.getByInetAddress(InetAddress.getByName(host)) != null, host + " is not there");
    }

    @ParameterizedTest
    @CsvSource({"EPOLL,false", "EPOLL,true", "NIO,false"})
    void shouldCountAsFilteredWhenTheSourceIsInNoNetwork(Transport transport, boolean gro) {
        try (TestEngine engine = TestEngine.open();
                UdpListener listener = engine.listener(transport)
                        .gro(gro)
                        .allow("127.0.1.255") // replaced by the next
                        .allow("127.0.0.1", "192.0.2.0/24", "127.0.2.0/23")
                        .start();
                Sender first = new Sender("127.0.0.1", listener.address());
                Sender second = new Sender("127.0.3.255", listener.address());
                Sender below = new Sender("127.0.1.255", listener.address());
                Sender above = new Sender("127.0.4.0", listener.address())) {
            for (int round = 1; round <= 10; round++) {
                first.sendMany(5);
                below.sendMany(5);
                second.sendMany(5);
                above.sendMany(5);
                engine.awaitAccountedFor(round * 20L);
            }
            Ledger ledger = engine.closeAndCheck(listener, 200);
            assertThat(ledger.count(Counter.FILTERED)).isEqualTo(100);
            assertThat(ledger.count(Counter.HANDLED)).isEqualTo(100);
            assertThat(engine.errors).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"EPOLL,false", "EPOLL,true", "NIO,false"})
    void shouldCountAsFilteredOnlyWhenAlsoEmptyOrOversized(Transport transport, boolean gro) {
        try (TestEngine engine = TestEngine.open();
                UdpListener listener = engine.listener(transport)
                        .gro(gro)
                        .maxDatagramBytes(100)
                        .allow("127.0.0.1")
                        .start();
                Sender known = new Sender("127.0.0.1", listener.address());
                Sender stranger = new Sender("127.0.0.2", listener.address())) {
            for (Sender sender : new Sender[] {stranger, known}) {
                sender.send("");
                sender.send("key 1");
                sender.send(new byte[101]);
            }
            engine.awaitAccountedFor(6);
            Ledger ledger = engine.closeAndCheck(listener, 6);
            assertThat(ledger.count(Counter.FILTERED)).isEqualTo(3);
            assertThat(ledger.count(Counter.EMPTY)).isEqualTo(1);
            assertThat(ledger.count(Counter.OVERSIZED)).isEqualTo(1);
            assertThat(ledger.count(Counter.HANDLED)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "EPOLL, ::1, 100",
        "EPOLL, ::/0, 100",
        "EPOLL, 127.0.0.2, 10",
        "EPOLL, ::ffff:127.0.0.2, 10",
        "EPOLL, 127.0.0.0/8, 11",
        "NIO, ::1, 100",
        "NIO, ::/0, 100",
        "NIO, 127.0.0.2, 10",
        "NIO, ::ffff:127.0.0.2, 10",
        "NIO, 127.0.0.0/8, 11",
    })
    void shouldTellTheFamiliesApartWhenOneSocketTakesBoth(Transport transport, String network, int permitted)
            throws Exception {
        need("::1");
        try (TestEngine engine = TestEngine.open();
                UdpListener listener =
                        engine.listener(transport).bind("::", 0).allow(network).start();
                Sender overIpv6 = new Sender("::1", Sender.at("::1", listener.address()));
                Sender second = new Sender("127.0.0.2", Sender.at("127.0.0.1", listener.address()));
                Sender third = new Sender("127.0.0.3", Sender.at("127.0.0.1", listener.address()))) {
            overIpv6.sendMany(100);
            second.sendMany(10);
            third.sendMany(1);
            engine.awaitAccountedFor(111);
            Ledger ledger = engine.closeAndCheck(listener, 111);
            assertThat(ledger.count(Counter.HANDLED)).isEqualTo(permitted);
            assertThat(ledger.count(Counter.FILTERED)).isEqualTo(111 - permitted);
        }
    }

    @ParameterizedTest
    @CsvSource({"EPOLL,127.0.0.1", "NIO,::1"})
    void shouldFilterAllTheSameWhenWarmedUp(Transport transport, String host) throws Exception {
        need("::1");
        try (LogCapture log = new LogCapture();
                TestEngine engine = TestEngine.open();
                UdpListener listener = engine.listener(transport)
                        .bind(host, 0)
                        .allow("192.0.2.0/24")
                        .warmUp(true)
                        .start();
                Sender sender = new Sender(listener.address())) {
            assertThat(log.messages()).isEmpty();
            sender.sendMany(10);
            engine.awaitAccountedFor(10);
            assertThat(engine.closeAndCheck(listener, 10).count(Counter.FILTERED))
                    .isEqualTo(10);
        }
    }

    @ParameterizedTest
    @CsvSource({"true,127.0.0.1", "false,::1"})
    void shouldLetTheWarmUpInWhenTheListDoesNot(boolean ipv4, String self) throws Exception {
        ListenerSettings settings = new ListenerSettings(
                "0.0.0.0",
                9999,
                1,
                65_536,
                2048,
                null,
                false,
                true,
                false,
                Duration.ofSeconds(1),
                List.of(Cidr.parse("allow", "192.0.2.0/24")),
                List.of(),
                NettyTransport::epollUnavailabilityCause);
        SourceAllowlist ofTheWarmUp = settings.onLoopback(ipv4).allowlist();
        assertThat(ofTheWarmUp).isNotNull();
        assertThat(ofTheWarmUp.permits(InetAddress.getByName(self))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"EPOLL,0.0.0.0", "EPOLL,::", "NIO,0.0.0.0", "NIO,::"})
    void shouldWarnWhenEverybodyMaySend(Transport transport, String wildcard) throws Exception {
        need("::1");
        try (TestEngine engine = TestEngine.open();
                LogCapture log = new LogCapture()) {
            engine.listener(transport)
                    .bind(wildcard, 0)
                    .allow("127.0.0.0/8")
                    .start()
                    .close();
            engine.listener(transport).bind("127.0.0.1", 0).start().close();
            assertThat(log.messages()).isEmpty();
            UdpListener open = engine.listener(transport).bind(wildcard, 0).start();
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .startsWith("WARNING bind: " + ListenerException.text(open.address())
                            + " accepts datagrams from anyone")
                    .contains("allow");
            open.close();
        }
    }

    @Test
    void shouldNameSettingValueAndRuleWhenANetworkIsRefused() {
        try (TestEngine engine = TestEngine.open()) {
            UdpListenerBuilder listener = engine.listener();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> listener.allow("10.0.0.0/8", "sensors.example.org"))
                    .withMessageStartingWith("allow: 'sensors.example.org' (expected: an IPv4 or IPv6 address");
            assertThatIllegalArgumentException()
                    .isThrownBy(listener::allow)
                    .withMessage("allow: 0 networks (expected: 1 to 256)");
        }
    }
}
