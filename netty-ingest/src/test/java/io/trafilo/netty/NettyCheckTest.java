package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.ChannelException;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import org.junit.jupiter.api.Test;

class NettyCheckTest {
    private static final String EPOLL = "io.netty.channel.epoll.Epoll";

    @Test
    void shouldNameTheNettyThatIsNeededWhenAClassOfItIsMissing() {
        NettyCheck.requireNetty42();
        assertThatThrownBy(() -> NettyCheck.requireClass("io.netty.channel.NotInNetty41"))
                .isInstanceOf(ListenerException.class)
                .hasMessageStartingWith("netty: ")
                .hasMessageContaining("netty-transport 4.2.")
                .hasMessageContaining("(expected: 4.2 for all artifacts of io.netty");
    }

    @Test
    void shouldSayWhatToDoWhenEpollIsMissing() {
        Error missing =
                new UnsatisfiedLinkError("could not load a native library: netty_transport_native_epoll_x86_64");
        assertThat(NettyCheck.epollRemedy(missing, EPOLL))
                .contains("netty-transport-native-epoll with classifier linux-")
                .contains("--add-modules io.netty.transport.epoll.linux.");
        assertThat(NettyCheck.epollRemedy(missing, "com.acme." + EPOLL))
                .startsWith("META-INF/native/libcom_acme_netty_transport_native_epoll_");
        assertThat(NettyCheck.epollRemedy(missing, "com.my_shop." + EPOLL))
                .startsWith("META-INF/native/libcom_my_1shop_netty_transport_native_epoll_");
        assertThat(NettyCheck.epollRemedy(new ExceptionInInitializerError(new NoSuchMethodError("x")), EPOLL))
                .startsWith("netty-transport-native-epoll in the version of the other Netty artifacts");
        missing.addSuppressed(new UnsatisfiedLinkError("/tmp/lib.so: failed to map segment from shared object"));
        assertThat(NettyCheck.epollRemedy(missing, EPOLL)).contains("-Dio.netty.native.workdir=DIR");
    }

    @Test
    void shouldNotExpectEpollWhereItWasSwitchedOff() {
        assertThat(NettyCheck.isEpollExpected(
                        new UnsupportedOperationException("disabled with -Dio.netty.transport.noNative=true")))
                .isFalse();
    }

    @Test
    void shouldNameTheZoneWhenALinkLocalAddressHasNone() throws Exception {
        InetSocketAddress address = new InetSocketAddress(
                InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString("fe80::1")), 9999);
        assertThat(ListenerException.bind(address, new SocketException("Invalid argument")))
                .hasMessageContaining("%eth0)");
        assertThat(ListenerException.bind(address, new SocketException("Address already in use")))
                .hasMessageContaining("address already in use");
    }

    @Test
    void shouldSayThatTheNativeLibraryIsOfAnotherVersionWhenAMethodOfItIsMissing() {
        Error missing = new UnsatisfiedLinkError("'void io.netty.channel.epoll.LinuxSocket.newIn42(int)'");
        assertThat(ListenerException.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9999), missing))
                .hasMessage(
                        "bind 127.0.0.1:9999: 'void io.netty.channel.epoll.LinuxSocket.newIn42(int)' is not in Netty's"
                                + " native library (expected: netty-transport-native-epoll in the version of the other Netty"
                                + " artifacts, which is 4.2)");
    }

    @Test
    void shouldNameTheOptionWhenTheKernelRefusesIt() {
        Exception refused = new ChannelException(new IOException("Protocol not available"));
        assertThat(ListenerException.option("gro", "UDP_GRO, Linux 5.0 or newer", refused))
                .hasMessage(
                        "gro: Protocol not available (expected: a kernel with the socket option UDP_GRO, Linux 5.0 or"
                                + " newer)");
    }
}
