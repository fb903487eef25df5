package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.trafilo.Trafilo;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(LeakGuard.class)
@Timeout(120)
class StartTest {
    private final TestEngine engine = TestEngine.open();
    private Set<String> socketsBefore;

    @BeforeEach
    void listSockets() throws Exception {
        socketsBefore = openSockets();
    }

    /** Whatever failed, nothing is left of it and the engine takes a listener. */
    @AfterEach
    void shouldLeaveNothingBehind() throws Exception {
        assertThat(TestEngine.listenerThreads()).isEmpty();
        assertThat(socketsBefore).containsAll(openSockets());
        try (UdpListener listener = engine.listener().start();
                Sender sender = new Sender(listener.address())) {
            sender.sendMany(10);
            engine.awaitAccountedFor(10);
        }
        assertThat(engine.errors).isEmpty();
        engine.closeAndCheck(10);
    }

    /** By inode: a descriptor's number may be taken anew. Empty where there is no {@code /proc}. */
    private static Set<String> openSockets() throws Exception {
        Path own = Path.of("/proc/self/fd");
        Set<String> sockets = new HashSet<>();
        if (Files.isReadable(own)) {
            for (String fd : own.toFile().list()) {
                String target = targetOf(own.resolve(fd));
                if (target.startsWith("socket:")) {
                    sockets.add(target);
                }
            }
        }
        return sockets;
    }

    /** Empty for a descriptor closed since it was listed, as the listing's own always is. */
    private static String targetOf(Path link) throws Exception {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void shouldSayWhoseFaultItIsWhenThePortIsTaken(Transport transport) throws Exception {
        try (DatagramChannel taken =
                DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            int port = ((InetSocketAddress) taken.getLocalAddress()).getPort();
            assertThatThrownBy(() ->
                            engine.listener(transport).bind("127.0.0.1", port).start())
                    .isInstanceOf(ListenerException.class)
                    .hasMessageStartingWith("bind 127.0.0.1:" + port + ": address already in use (")
                    .hasMessageContaining("ss -ulnp")
                    .hasCauseInstanceOf(java.io.IOException.class);
        }
    }

    @Test
    void shouldSayWhoseFaultItIsWhenTheSecondOfTwoSocketsCannotBeBound() throws Exception {
        Needs.epoll();
        try (DatagramChannel taken =
                DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            int port = ((InetSocketAddress) taken.getLocalAddress()).getPort();
            assertThatThrownBy(() -> engine.listener(Transport.EPOLL)
                            .threads(2)
                            .bind("127.0.0.1", port)
                            .start())
                    .isInstanceOf(ListenerException.class)
                    .hasMessageContaining("address already in use");
        }
    }

    @Test
    void shouldSayWhatToDoWhenTheKernelRefuses() throws Exception {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
        InetSocketAddress address = new InetSocketAddress(loopback, 53);
        assertThat(ListenerException.bind(address, new BindException("Permission denied")))
                .hasMessage(
                        "bind [0:0:0:0:0:0:0:1]:53: permission denied (expected: port 1024 or above, or a process with"
                                + " CAP_NET_BIND_SERVICE)");
        assertThat(ListenerException.bind(address, new BindException("Cannot assign requested address")))
                .hasMessageContaining("no interface has this address");
        assertThat(ListenerException.bind(address, new IllegalStateException("odd")))
                .hasMessageContaining("IllegalStateException: odd");
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void shouldSaySoWhenTheAddressIsNotOfThisMachine(Transport transport) {
        assertThatThrownBy(() -> engine.listener(transport).bind("192.0.2.1", 0).start())
                .isInstanceOf(ListenerException.class)
                .hasMessageContaining("bind 192.0.2.1:0: no interface has this address");
    }

    @Test
    void shouldSaySoWhenTheHostCannotBeResolved() {
        assertThatThrownBy(() -> engine.listener().bind("[nonsense]", 9999).start())
                .isInstanceOf(ListenerException.class)
                .hasMessageStartingWith("bind [nonsense]:9999: host cannot be resolved");
    }

    @Test
    void shouldNameTheCauseWhenEpollIsMissing() {
        assertThatThrownBy(() -> engine.listener(Transport.EPOLL)
                        .epollProbe(() -> new UnsatisfiedLinkError("no such library"))
                        .start())
                .isInstanceOf(ListenerException.class)
                .hasMessageContaining("transport: EPOLL")
                .hasMessageContaining("no such library")
                .hasCauseInstanceOf(UnsatisfiedLinkError.class);
    }

    @Test
    void shouldFallBackToNioAndSaySoWhenEpollIsMissing() {
        try (LogCapture log = new LogCapture();
                UdpListener listener = engine.listener()
                        .epollProbe(() -> new UnsatisfiedLinkError("no such library"))
                        .start()) {
            assertThat(listener.transport()).isEqualTo(Transport.NIO);
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .startsWith(
                            System.getProperty("os.name").equals("Linux")
                                    ? "WARNING transport: NIO"
                                    : "INFO transport: NIO")
                    .contains("since epoll is not available")
                    .contains("no such library");
        }
    }

    @Test
    void shouldRefuseWhatNeedsEpollWhenOnNio() {
        UdpListenerBuilder nio = engine.listener(Transport.NIO);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> nio.threads(2).start())
                .withMessageStartingWith("threads: 2 threads (expected: 1 with transport NIO");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> nio.threads(1).gro(true).start())
                .withMessageStartingWith("gro: true (expected: false with transport NIO");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine.listener()
                        .threads(2)
                        .epollProbe(() -> new UnsatisfiedLinkError("no such library"))
                        .start())
                .withMessageStartingWith("threads: 2 threads");
    }

    @Test
    void shouldRefuseWhenTheEngineIsNotRunning() {
        Trafilo<Void> idle =
                Trafilo.<Void>builder().handler((event, none) -> {}).build();
        UdpListenerBuilder listener = UdpListener.builder(idle).bind("127.0.0.1", 0);
        assertThatThrownBy(listener::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("engine");
        idle.start();
        idle.close();
        assertThatThrownBy(listener::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("engine");
    }

    @Test
    void shouldNameBothSettingsWhenDatagramsAreLongerThanMessages() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine.listener().maxDatagramBytes(2049).start())
                .withMessage("maxDatagramBytes: 2049 bytes (expected: <= maxMessageLength 2048 bytes of the engine)");
    }

    @Test
    void shouldNameSettingValueAndRuleWhenOutOfRange() {
        UdpListenerBuilder listener = engine.listener();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> listener.bind("127.0.0.1", 65_536))
                .withMessage("bind: port 65536 (expected: 0 to 65535)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> listener.bind(" ", 1))
                .withMessage("bind: host ' ' (expected: an address or a name)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> listener.threads(0))
                .withMessage("threads: 0 threads (expected: 1 to 64)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> listener.receiveBufferBytes(1))
                .withMessage("receiveBufferBytes: 1 bytes (expected: 1024 to 1073741824)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> listener.maxDatagramBytes(65_528))
                .withMessage("maxDatagramBytes: 65528 bytes (expected: 1 to 65527)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> listener.closeTimeout(Duration.ofMillis(-1)))
                .withMessage("closeTimeout: -1 ms (expected: >= 0 and <= 365 days)");
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void shouldTellTheGrantedBufferOnTheScaleOfTheSettingWhenAllIsGranted(Transport transport) {
        try (LogCapture log = new LogCapture();
                UdpListener listener =
                        engine.listener(transport).receiveBufferBytes(65_536).start()) {
            assertThat(listener.receiveBufferBytes()).isEqualTo(65_536);
            assertThat(log.messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void shouldWarnWithTheCommandWhenLessIsGranted(Transport transport) throws Exception {
        Path limit = Path.of("/proc/sys/net/core/rmem_max");
        assumeTrue(Files.isReadable(limit));
        int granted;
        try (var lines = Files.newBufferedReader(limit)) { // in one piece: the kernel does not go on where a read ended
            granted = Integer.parseInt(lines.readLine());
        }
        int asked = 1 << 30;
        assumeTrue(granted < asked);
        try (LogCapture log = new LogCapture();
                UdpListener listener =
                        engine.listener(transport).receiveBufferBytes(asked).start()) {
            assertThat(listener.receiveBufferBytes()).isEqualTo(granted);
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .startsWith("WARNING receiveBufferBytes: " + asked + " bytes requested, " + granted + " granted")
                    .endsWith("sysctl -w net.core.rmem_max=" + asked);
        }
    }
}
