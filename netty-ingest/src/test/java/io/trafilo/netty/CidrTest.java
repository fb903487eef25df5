package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1/32",
        "10.0.0.0/8, 10.0.0.0/8",
        "0.0.0.0/0, 0.0.0.0/0",
        "255.255.255.255/32, 255.255.255.255/32",
        "192.168.128.0/17, 192.168.128.0/17",
        "::1, ::1/128",
        "::/0, ::/0",
        "2001:DB8::/32, 2001:db8::/32",
        "2001:db8:0:0:8000::/65, 2001:db8:0:0:8000::/65",
        "fe80::/10, fe80::/10",
        "::ffff:10.1.2.3, 10.1.2.3/32",
        "::ffff:a00:0/104, 10.0.0.0/8",
        "::ffff:0.0.0.0/96, 0.0.0.0/0",
        "::FFFF:10.0.0.0/104, 10.0.0.0/8",
        "::a01:203, ::a01:203/128",
    })
    void shouldReadTheNetworkWhenWellFormed(String text, String network) {
        assertThat(Cidr.parse("allow", text)).hasToString(network);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "/8",
                "localhost",
                "example.org/8",
                "10",
                "10.0.0",
                "10.0.0.0.0",
                "10.0.0.256",
                "10.0.0.999",
                "10.0.0.-1",
                "10.0.0.010",
                "0x7f.0.0.1",
                "10.0.0.1 ",
                " 10.0.0.1",
                "10.0.0.1:53",
                "\u0661.0.0.1",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "12345::",
                "g::",
                ":1::",
                "::1:",
                "::1.2.3",
                "::1.2.3.4",
                "::ffff:1.2.3.256",
                "::ffff:01.2.3.4",
                "::ffff:0:1.2.3.4",
                "2001:db8::1.2.3.4",
                "1.2.3.4::",
                "[::1]",
                "fe80::1%eth0",
                "fe80::1%1/64",
            })
    void shouldRefuseWithTheFormWhenNotAnAddress(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cidr.parse("allow", text))
                .withMessage("allow: '" + text + "' (expected: an IPv4 or IPv6 address, or one with /prefix, such as"
                        + " 10.0.0.0/8 or 2001:db8::/32)");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/, 32",
        "10.0.0.0/33, 32",
        "10.0.0.0/-1, 32",
        "10.0.0.0/+8, 32",
        "10.0.0.0/08, 32",
        "10.0.0.0/8/8, 32",
        "10.0.0.0/8 8, 32",
        "10.0.0.0/255.0.0.0, 32",
        "10.0.0.0/99999999999, 32",
        "::/129, 128",
        "::/a, 128",
        "::ffff:10.0.0.0/129, 128",
    })
    void shouldRefuseWithTheRangeWhenThePrefixIsNone(String text, int bits) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cidr.parse("allow", text))
                .withMessage("allow: '" + text + "' (expected: a prefix of 0 to " + bits + " bits)");
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3/8, 10.0.0.0/8, 10.1.2.3",
        "10.0.0.1/0, 0.0.0.0/0, 10.0.0.1",
        "10.0.0.1/31, 10.0.0.0/31, 10.0.0.1",
        "2001:db8::1/32, 2001:db8::/32, 2001:db8::1",
        "2001:db8::1/64, 2001:db8::/64, 2001:db8::1",
        "8000::/0, ::/0, 8000::",
        "::3/127, ::2/127, ::3",
    })
    void shouldRefuseWithBothCuresWhenABitIsSetBehindThePrefix(String text, String network, String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cidr.parse("allow", text))
                .withMessage("allow: '" + text + "' (expected: no bit set after the prefix: " + network + " or "
                        + address + ")");
    }

    @Test
    void shouldReadTheSameAsTheJdkWhenItWroteTheAddress() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(bytes);
            int end = random.nextInt(bytes.length + 1);
            Arrays.fill(bytes, random.nextInt(end + 1), end, (byte) 0); // runs of zeros have a short form
            InetAddress address = InetAddress.getByAddress(bytes);
            Cidr read = Cidr.parse("allow", address.getHostAddress());
            assertThat(Cidr.parse("allow", read.toString())).as("seed %d", seed).isEqualTo(read);
            assertThat(new SourceAllowlist(List.of(read)).permits(address))
                    .as("seed %d, %s", seed, address)
                    .isTrue();
        }
    }
}
