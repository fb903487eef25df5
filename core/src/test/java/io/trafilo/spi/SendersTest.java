package io.trafilo.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafilo.state.SenderFlyweight;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SendersTest {
    private final Senders senders = new Senders(2);

    private SenderFlyweight sender(int index) {
        SenderFlyweight view = new SenderFlyweight();
        view.wrap(senders.high(index), senders.low(index), senders.end(index));
        return view;
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.7, 1", "255.255.255.255, 65535", "0.0.0.0, 0", "2001:db8:1:2:3:4:5:6, 53", "::1, 9", "::, 0"})
    void shouldKeepAddressAndPort(String host, int port) throws Exception {
        byte[] address = InetAddress.getByName(host).getAddress();
        senders.set(1, address, port);
        SenderFlyweight view = sender(1);
        assertThat(view.isKnown()).isTrue();
        assertThat(view.toSocketAddress()).isEqualTo(new InetSocketAddress(host, port));
        assertThat(view.addressLength()).isEqualTo(address.length);
        for (int i = 0; i < address.length; i++) {
            assertThat(view.addressByte(i)).isEqualTo(address[i]);
        }
        assertThatThrownBy(() -> view.addressByte(address.length)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(sender(0).isKnown()).isFalse();
    }

    @Test
    void shouldTakeAMappedAddressForOneOfIpv4() {
        byte[] mapped = new byte[16];
        Arrays.fill(mapped, 10, 12, (byte) 0xFF);
        mapped[12] = (byte) 192;
        mapped[15] = 7;
        senders.set(0, mapped, 80);
        assertThat(sender(0).toSocketAddress()).isEqualTo(new InetSocketAddress("192.0.0.7", 80));
        assertThat(sender(0).addressLength()).isEqualTo(4);
        mapped[9] = 1;
        senders.set(0, mapped, 80);
        assertThat(sender(0).addressLength()).isEqualTo(16);
    }

    @Test
    void shouldForgetASender() {
        senders.set(0, new byte[4], 80);
        senders.setUnknown(0);
        assertThat(sender(0).isKnown()).isFalse();
        assertThat(sender(0).port()).isZero();
        assertThat(sender(0).addressLength()).isZero();
        assertThat(sender(0)).hasToString("unknown");
        assertThatThrownBy(() -> sender(0).toSocketAddress()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldRefuseWhatIsNoAddressOrPort() {
        assertThatThrownBy(() -> senders.set(0, new byte[5], 80)).hasMessageContaining("5 bytes, port 80 (expected:");
        assertThatThrownBy(() -> senders.set(0, new byte[4], -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> senders.set(0, new byte[4], 65_536)).isInstanceOf(IllegalArgumentException.class);
    }
}
