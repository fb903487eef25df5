package io.trafilo.netty;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
                epollProbe);
    }

    /** The sources to accept datagrams from; null for all. */
    @Nullable
    SourceAllowlist allowlist() {
        return allowed.isEmpty() ? null : new SourceAllowlist(allowed);
    }

    InetSocketAddress resolve() {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new ListenerException(
                    "bind " + ListenerException.hostAndPort(host, port)
                            + ": host cannot be resolved (expected: an address or name of this machine)",
                    e);
        }
    }

    static boolean isIpv4(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address;
    }
}
