package io.trafilo.netty;

import io.netty.util.NetUtil;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The settings of a listener, checked and immutable. {@code transport} is null for the best available one. */
record ListenerSettings(
        String host,
        int port,
        int threads,
        int receiveBufferBytes,
        int maxDatagramBytes,
        @Nullable Transport transport,
        boolean gro,
        boolean warmUp,
        boolean runToCompletion,
        Duration closeTimeout,
        List<Cidr> allowed,
        List<MulticastGroup> groups,
        EpollProbe epollProbe) {

    /** Checks whether epoll can be used; tests replace it. */
    @FunctionalInterface
    interface EpollProbe {
        /** The reason why it cannot; null if it can. */
        @Nullable
        Throwable unavailabilityCause();
    }

    ListenerSettings {
        allowed = List.copyOf(allowed);
        groups = List.copyOf(groups);
        if (!groups.isEmpty() && threads > 1) {
            throw Checks.broken(
                    "threads",
                    threads + " threads",
                    "1 with joinGroup; the kernel gives a copy of each datagram to every socket of the group");
        }
        if (transport == Transport.NIO) {
            checkWithoutEpoll(threads, gro);
        }
    }

    static void checkWithoutEpoll(int threads, boolean gro) {
        if (threads > 1) {
            throw Checks.broken(
                    "threads", threads + " threads", "1 with transport NIO; several sockets on one port need EPOLL");
        }
        if (gro) {
            throw Checks.broken("gro", "true", "false with transport NIO; it needs EPOLL");
        }
    }

    /** The same listener for the warm-up: on a free port of the loopback interface, with one thread, admitting loopback. */
    ListenerSettings onLoopback(boolean ipv4) {
        Cidr self = Cidr.parse("allow", ipv4 ? "127.0.0.1" : "::1");
        return new ListenerSettings(
                ipv4 ? "127.0.0.1" : "::1",
                0,
                1,
                receiveBufferBytes,
                maxDatagramBytes,
                transport,
                gro,
                false,
                runToCompletion,
                closeTimeout,
                allowed.isEmpty() ? allowed : List.of(self), // the check is part of the path to warm up
                List.of(),
                epollProbe);
    }

    /** The sources to accept datagrams from; null for all. */
    @Nullable
    SourceAllowlist allowlist() {
        return allowed.isEmpty() ? null : new SourceAllowlist(allowed);
    }

    /**
     * The addresses to listen at: the first one of a name, or all of them if they are addresses of the loopback interface, since
     * nobody knows which one a sender takes. With {@code localhost} that is both.
     */
    List<InetSocketAddress> resolve() {
        try {
            List<InetAddress> found = isLocalhost() ? bothLoopbacks() : List.of(InetAddress.getAllByName(host));
            List<InetAddress> usable = found.size() > 1 && found.stream().allMatch(InetAddress::isLoopbackAddress)
                    ? found.stream()
                            .filter(ListenerSettings::isUsable)
                            .distinct()
                            .toList()
                    : List.of();
            List<InetSocketAddress> addresses = (usable.isEmpty() ? found.subList(0, 1) : usable)
                    .stream()
                            .map(address -> new InetSocketAddress(address, port))
                            .toList();
            addresses.forEach(this::checkMulticast);
            return addresses;
        } catch (UnknownHostException e) {
            throw new ListenerException(
                    "bind " + ListenerException.hostAndPort(host, port)
                            + ": host cannot be resolved (expected: an address or name of this machine)",
                    e);
        }
    }

    private boolean isLocalhost() {
        return host.equalsIgnoreCase("localhost") || host.equalsIgnoreCase("localhost.");
    }

    private static List<InetAddress> bothLoopbacks() {
        return NetUtil.isIpV4StackPreferred()
                ? List.of(NetUtil.LOCALHOST4)
                : List.of(NetUtil.LOCALHOST4, NetUtil.LOCALHOST6);
    }

    /** Whether this machine has the address, which for IPv6 is not certain. */
    private static boolean isUsable(InetAddress address) {
        try (DatagramSocket trial = new DatagramSocket(0, address)) {
            return trial.isBound();
        } catch (SocketException notHere) {
            return false;
        }
    }

    private void checkMulticast(InetSocketAddress bindTo) {
        groups.forEach(group -> group.checkBoundTo(bindTo));
        if (groups.isEmpty() && bindTo.getAddress().isMulticastAddress()) {
            throw Checks.broken(
                    "bind",
                    ListenerException.text(bindTo),
                    "an address of this machine; for a multicast group, joinGroup(\"" + host
                            + "\", interface) as well");
        }
    }

    static boolean isIpv4(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address;
    }
}
