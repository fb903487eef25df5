package io.trafilo.netty;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The networks to accept datagrams from. Immutable. */
final class SourceAllowlist {
    /*
     * The two families are kept apart: ::/0 is every IPv6 source and no IPv4 source. An IPv4 address written as an IPv6
     * address is an IPv4 source, because the socket determines in which form a sender appears. Networks are pairs of mask
     * and value in one array, searched from start to end. For the few networks in a handwritten list this is faster than a
     * tree, and the list's length bounds the time.
     */

    static final int MAX_NETWORKS = 256;

    private static final int IPV4_STRIDE = 2;
    private static final int IPV6_STRIDE = 4;

    private final long[] ipv4; // mask, value
    private final long[] ipv6; // mask and value of the left half, then of the right half

    SourceAllowlist(List<Cidr> networks) {
        ipv4 = networks.stream()
                .filter(Cidr::ipv4)
                .flatMapToLong(network -> LongStream.of(network.lowMask(), network.low()))
                .toArray();
        ipv6 = networks.stream()
                .filter(network -> !network.ipv4())
                .flatMapToLong(
                        network -> LongStream.of(network.highMask(), network.high(), network.lowMask(), network.low()))
                .toArray();
    }

    /** Parses the networks of the setting {@code allow}. */
    static List<Cidr> parse(String... cidrs) {
        // an empty list was meant to be filled: it must not mean everyone
        Checks.inRange("allow", cidrs.length, 1, MAX_NETWORKS, "networks");
        return Stream.of(cidrs).map(cidr -> Cidr.parse("allow", cidr)).toList();
    }

    /** Whether an address lies in one of the networks. */
    boolean permits(@Nullable InetAddress source) {
        if (source instanceof Inet4Address) {
            return permitsIpv4(Cidr.ipv4(source.getAddress()));
        }
        if (!(source instanceof Inet6Address)) {
            return false; // an unknown sender is not permitted
        }
        byte[] address = source.getAddress();
        long high = Cidr.toLong(address, 0);
        long low = Cidr.toLong(address, Long.BYTES);
        return Cidr.isMapped(high, low) ? permitsIpv4(low & 0xFFFF_FFFFL) : permitsIpv6(high, low);
    }

    private boolean permitsIpv4(long address) {
        for (int i = 0; i < ipv4.length; i += IPV4_STRIDE) {
            if ((address & ipv4[i]) == ipv4[i + 1]) {
                return true;
            }
        }
        return false;
    }

    private boolean permitsIpv6(long high, long low) {
        for (int i = 0; i < ipv6.length; i += IPV6_STRIDE) {
            if ((high & ipv6[i]) == ipv6[i + 1] && (low & ipv6[i + 2]) == ipv6[i + 3]) {
                return true;
            }
        }
        return false;
    }
}
