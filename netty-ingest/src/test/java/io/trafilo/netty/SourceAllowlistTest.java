package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceAllowlistTest {
    private static SourceAllowlist of(String... cidrs) {
        return new SourceAllowlist(SourceAllowlist.parse(cidrs));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/8, 9.255.255.255, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "::/0, 2001:db8::1, true",
        "::/0, 203.0.113.9, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "2001:db8::/64, 2001:db8::ffff:1, true",
        "2001:db8::/64, 2001:db8:0:1::1, false",
        "2001:db8:0:0:8000::/65, 2001:db8:0:0:8000::1, true",
        "2001:db8:0:0:8000::/65, 2001:db8::1, false",
        "::1, ::1, true",
        "::1, 127.0.0.1, false",
        "::ffff:192.0.2.0/120, 192.0.2.200, true",
    })
    void shouldPermitExactlyTheNetworkWhenAsked(String network, String source, boolean permitted) throws Exception {
        assertThat(of(network).permits(InetAddress.getByName(source))).isEqualTo(permitted);
    }

    @Test
    void shouldTakeForAnIpv4SourceWhenItIsMappedIntoIpv6() throws Exception {
        InetAddress mapped = mapped(new byte[] {(byte) 192, 0, 2, 7});
        assertThat(of("192.0.2.0/24").permits(mapped)).isTrue();
        assertThat(of("192.0.3.0/24").permits(mapped)).isFalse();
        assertThat(of("::/0").permits(mapped)).isFalse();
    }

    @Test
    void shouldIgnoreTheZoneWhenTheSourceHasOne() throws Exception {
        byte[] linkLocal = InetAddress.getByName("fe80::5").getAddress();
        assertThat(of("fe80::/10").permits(Inet6Address.getByAddress(null, linkLocal, 7)))
                .isTrue();
    }

    @Test
    void shouldRefuseWhenTheSourceIsNotKnown() {
        assertThat(of("0.0.0.0/0", "::/0").permits(null)).isFalse();
    }

    @Test
    void shouldRefuseTheListWhenItIsEmptyOrTooLong() {
        String[] tooMany = Collections.nCopies(257, "10.0.0.0/8").toArray(new String[0]);
        assertThat(SourceAllowlist.parse(Arrays.copyOf(tooMany, 256))).hasSize(256);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SourceAllowlist.parse(tooMany))
                .withMessage("allow: 257 networks (expected: 1 to 256)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SourceAllowlist.parse())
                .withMessage("allow: 0 networks (expected: 1 to 256)");
    }

    /** Against a comparison bit by bit of addresses that agree in a random number of leading bits. */
    @Test
    void shouldAgreeWithTheBitwiseModelWhenNetworksAndSourcesAreRandom() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int permitted = 0;
        for (int round = 0; round < 3_000; round++) {
            List<Model> models = new ArrayList<>();
            for (int i = random.nextInt(5); i >= 0; i--) {
                models.add(Model.random(random));
            }
            SourceAllowlist list =
                    of(models.stream().map(model -> text(model, random)).toArray(String[]::new));
            for (int i = 0; i < 20; i++) {
                byte[] source = models.get(random.nextInt(models.size())).near(random);
                boolean expected = models.stream().anyMatch(model -> model.contains(source));
                boolean viaIpv6 = source.length == 4 && random.nextBoolean();
                InetAddress address = viaIpv6 ? mapped(source) : InetAddress.getByAddress(source);
                assertThat(list.permits(address))
                        .as("seed %d, %s of %s", seed, address, models)
                        .isEqualTo(expected);
                permitted += expected ? 1 : 0;
            }
        }
        assertThat(permitted).as("seed %d", seed).isBetween(6_000, 54_000);
    }

    private static final class Model {
        final byte[] bytes;
        final int prefix;

        Model(byte[] bytes, int prefix) {
            this.bytes = bytes;
            this.prefix = prefix;
        }

        static Model random(Random random) {
            byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(bytes);
            int prefix = random.nextInt(bytes.length * 8 + 1);
            for (int bit = prefix; bit < bytes.length * 8; bit++) {
                set(bytes, bit, false);
            }
            return new Model(bytes, prefix);
        }

        /** An address that differs from the network's only from some bit on. */
        byte[] near(Random random) {
            byte[] address = bytes.clone();
            for (int bit = random.nextInt(bytes.length * 8 + 1); bit < bytes.length * 8; bit++) {
                set(address, bit, random.nextBoolean());
            }
            return address;
        }

        boolean contains(byte[] address) {
            if (address.length != bytes.length) {
                return false;
            }
            for (int bit = 0; bit < prefix; bit++) {
                if (isSet(bytes, bit) != isSet(address, bit)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String toString() {
            return Arrays.toString(bytes) + "/" + prefix;
        }
    }

    /** Once compiled; before that the copy of an address's 4 bytes is made. */
    @Test
    void shouldAllocateNothingWhenTheSourceIsIpv4() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        SourceAllowlist list = of("10.0.0.0/8", "2001:db8::/32");
        InetAddress[] sources = {InetAddress.getByName("10.1.2.3"), InetAddress.getByName("192.0.2.1")};
        int checks = 1_000_000;
        await().atMost(TestEngine.PATIENCE)
                .pollInterval(Duration.ZERO)
                .pollInSameThread()
                .until(() -> {
                    long before = threads.getCurrentThreadAllocatedBytes();
                    int permitted = 0;
                    for (int i = 0; i < checks; i++) {
                        permitted += list.permits(sources[i & 1]) ? 1 : 0;
                    }
                    assertThat(permitted).isEqualTo(checks / 2);
                    return threads.getCurrentThreadAllocatedBytes() - before < checks / 10;
                });
    }

    private static boolean isSet(byte[] bytes, int bit) {
        return (bytes[bit / 8] & (0x80 >> (bit % 8))) != 0;
    }

    private static void set(byte[] bytes, int bit, boolean value) {
        int mask = 0x80 >> (bit % 8);
        bytes[bit / 8] = (byte) (value ? bytes[bit / 8] | mask : bytes[bit / 8] & ~mask);
    }

    /** The network as one would write it, without the prefix now and then if it is full. */
    private static String text(Model model, Random random) {
        try {
            String address = InetAddress.getByAddress(model.bytes).getHostAddress();
            boolean full = model.prefix == model.bytes.length * 8;
            return full && random.nextBoolean() ? address : address + "/" + model.prefix;
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** An IPv4 address in the form that a socket for both families may tell it. */
    private static InetAddress mapped(byte[] ipv4) throws UnknownHostException {
        byte[] bytes = new byte[16];
        bytes[10] = (byte) 0xFF;
        bytes[11] = (byte) 0xFF;
        System.arraycopy(ipv4, 0, bytes, 12, 4);
        return Inet6Address.getByAddress(null, bytes, -1); // InetAddress.getByAddress would make it an Inet4Address
    }
}
