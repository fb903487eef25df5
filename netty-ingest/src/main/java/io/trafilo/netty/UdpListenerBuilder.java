package io.trafilo.netty;

import static java.util.Objects.requireNonNull;

import io.trafilo.Trafilo;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds and starts listeners. Each setter replaces the value and checks its range; {@link #start} checks the values against
 * each other and against the engine. A message names the setting, the value, its unit and the rule. Not thread-safe.
 */
public final class UdpListenerBuilder {
    private static final int MAX_PORT = 65_535;
    private static final int MAX_THREADS = 64;
    private static final int MIN_RECEIVE_BUFFER = 1 << 10;
    private static final int MAX_RECEIVE_BUFFER = 1 << 30;

    private static final int FREE_PORT_ATTEMPTS = 5;

    /** The limit of IPv6 without jumbograms. */
    private static final int MAX_PAYLOAD = 65_527;

    private final Trafilo<?> engine;
    private String host = "127.0.0.1";
    private int port = 9999;
    private int threads = 1;
    private int receiveBufferBytes = 4 << 20;
    private int maxDatagramBytes;
    private @Nullable Transport transport;
    private boolean gro;
    private boolean warmUp;
    private boolean runToCompletion;
    private Duration closeTimeout = Duration.ofSeconds(5);
    private List<Cidr> allowed = List.of();
    private final List<MulticastGroup> groups = new ArrayList<>();
    private ListenerSettings.EpollProbe epollProbe = NettyTransport::epollUnavailabilityCause;

    UdpListenerBuilder(Trafilo<?> engine) {
        this.engine = engine;
        this.maxDatagramBytes = Math.min(engine.settings().maxMessageLength(), MAX_PAYLOAD);
    }

    /**
     * Where to listen. Default 127.0.0.1, port 9999.
     *
     * @param host an IPv4 or IPv6 address of this machine, or a name that {@link #start} resolves. {@code localhost} is both
     *     127.0.0.1 and ::1, as far as the machine has them; of another name with several addresses it is the first one, or
     *     all if all are loopback addresses. {@code 0.0.0.0} for all IPv4 addresses, {@code ::} for all addresses; these two
     *     log a warning unless {@link #allow} is set. A multicast address only together with {@link #joinGroup}
     * @param port 0 to 65,535; 0 for a free one
     * @return this
     */
    public UdpListenerBuilder bind(String host, int port) {
        if (host.isBlank()) {
            throw Checks.broken("bind", "host '" + host + "'", "an address or a name");
        }
        if (port < 0 || port > MAX_PORT) {
            throw Checks.broken("bind", "port " + port, "0 to " + MAX_PORT);
        }
        this.host = host;
        this.port = port;
        return this;
    }

    /**
     * A multicast group to receive from; further calls add further groups. Bind to {@code 0.0.0.0} (for an IPv6 group to
     * {@code ::}), and the socket receives what is sent to its own addresses as well. Bind to the group, and it receives
     * nothing else. Needs one thread: the kernel gives a copy to each socket. Default: none.
     *
     * @param group an IPv4 or IPv6 multicast address
     * @param networkInterface the name or an address of the interface at which the group's datagrams arrive, such as
     *     {@code eth0}
     * @return this
     */
    public UdpListenerBuilder joinGroup(String group, String networkInterface) {
        groups.add(MulticastGroup.parse(group, networkInterface, null));
        return this;
    }

    /**
     * The same, but only for datagrams that one source sends to the group (source-specific multicast). Further calls add
     * further sources.
     *
     * @param group an IPv4 or IPv6 multicast address
     * @param networkInterface the name or an address of the interface at which the group's datagrams arrive
     * @param source the sender's address
     * @return this
     */
    public UdpListenerBuilder joinGroup(String group, String networkInterface, String source) {
        groups.add(MulticastGroup.parse(group, networkInterface, source));
        return this;
    }

    /**
     * The number of threads, each with its own socket on the same port ({@code SO_REUSEPORT}). The kernel sends all
     * datagrams of one source port to the same socket. More than one thread needs {@link Transport#EPOLL}. Another process
     * of the same user can then share the port, and {@link #start} cannot detect
     * that one already does.
     * Default 1.
     *
     * @param threads 1 to 64
     * @return this
     */
    public UdpListenerBuilder threads(int threads) {
        this.threads = Checks.inRange("threads", threads, 1, MAX_THREADS, "threads");
        return this;
    }

    /**
     * The receive buffer to request from the kernel for each socket. A smaller grant logs a warning. Default 4 MiB.
     *
     * @param receiveBufferBytes 1 KiB to 1 GiB
     * @return this
     */
    public UdpListenerBuilder receiveBufferBytes(int receiveBufferBytes) {
        this.receiveBufferBytes = Checks.inRange(
                "receiveBufferBytes", receiveBufferBytes, MIN_RECEIVE_BUFFER, MAX_RECEIVE_BUFFER, "bytes");
        return this;
    }

    /**
     * The longest datagram that is accepted; a longer one is counted as oversized and dropped. A message that waits in the
     * ring may keep up to four times this much memory, and at least 16 KiB. Default: the engine's
     * {@code maxMessageLength}.
     *
     * @param maxDatagramBytes 1 to 65,527, and at most the engine's {@code maxMessageLength}
     * @return this
     */
    public UdpListenerBuilder maxDatagramBytes(int maxDatagramBytes) {
        this.maxDatagramBytes = Checks.inRange("maxDatagramBytes", maxDatagramBytes, 1, MAX_PAYLOAD, "bytes");
        return this;
    }

    /**
     * How to read the sockets. Default: {@link Transport#EPOLL} if its native library can be loaded, else
     * {@link Transport#NIO} and a log entry that says why, on Linux a warning with what to do.
     *
     * @param transport the transport
     * @return this
     */
    public UdpListenerBuilder transport(Transport transport) {
        this.transport = requireNonNull(transport, "transport");
        return this;
    }

    /**
     * Whether the kernel may join successive datagrams of one sender ({@code UDP_GRO}). That saves time if senders send many
     * datagrams of equal length at once. The listener takes them apart again, so the engine gets the same messages. Needs
     * {@link Transport#EPOLL}. It replaces reading many datagrams with one system call, which is better with many senders.
     * Default false.
     *
     * @param gro true or false
     * @return this
     */
    public UdpListenerBuilder gro(boolean gro) {
        this.gro = gro;
        return this;
    }

    /**
     * Whether {@link #start} warms up before it binds the port, so that the first real datagrams meet compiled code. It
     * sends up to 200,000 datagrams to a listener and an engine of its own, on a free loopback port, for at most about 2 s.
     * For services that see a high rate from the start. A failure is logged and changes nothing. Default false.
     *
     * @param warmUp true or false
     * @return this
     */
    public UdpListenerBuilder warmUp(boolean warmUp) {
        this.warmUp = warmUp;
        return this;
    }

    /**
     * Whether the listener's threads parse what they read and run the callbacks themselves, without the ring. That saves the
     * hand-over, about a third of the time a datagram takes. But callbacks then delay reading: the kernel drops what the
     * threads cannot keep up with, whatever the engine's {@link io.trafilo.OverloadPolicy}, and a callback that blocks stops
     * its thread's reading. For callbacks that are short and never block. Workers still fire timers and handle
     * {@link Trafilo#offer}. Default false.
     *
     * @param runToCompletion true or false
     * @return this
     */
    public UdpListenerBuilder runToCompletion(boolean runToCompletion) {
        this.runToCompletion = runToCompletion;
        return this;
    }

    /**
     * The networks to accept datagrams from; replaces those of an earlier call. Datagrams from other sources are dropped
     * before any other check and counted as {@code filtered}. An IPv6 source that contains an IPv4 address
     * ({@code ::ffff:a.b.c.d}) is an IPv4 source; zones of IPv6 sources are ignored. Source addresses can be forged: this
     * keeps strays out, not attackers. No name is looked up. Default: all sources.
     *
     * @param cidrs 1 to 256 networks, each an IPv4 or IPv6 address, or one with {@code /prefix} and no bit set after the
     *     prefix
     * @return this
     */
    public UdpListenerBuilder allow(String... cidrs) {
        this.allowed = SourceAllowlist.parse(cidrs);
        return this;
    }

    /**
     * How long {@link UdpListener#close} may take to publish what was received. When the engine closes the listener, what is
     * left of the engine's own timeout applies instead. Default 5 s.
     *
     * @param closeTimeout 0 to 365 days
     * @return this
     */
    public UdpListenerBuilder closeTimeout(Duration closeTimeout) {
        this.closeTimeout = Checks.notNegative("closeTimeout", closeTimeout);
        return this;
    }

    UdpListenerBuilder epollProbe(ListenerSettings.EpollProbe probe) {
        this.epollProbe = probe;
        return this;
    }

    /**
     * Starts the listener. When this returns, datagrams are being received. Blocks while a host name is resolved and during
     * the warm-up. If it throws, it leaves no thread and no socket behind, and the engine keeps running.
     *
     * @return the running listener
     * @throws IllegalArgumentException if the settings contradict each other or the engine's
     * @throws IllegalStateException if the engine is not running
     * @throws ListenerException if the host cannot be resolved, the address cannot be bound, the transport is missing,
     *     Netty is not 4.2, the kernel lacks a socket option that a setting needs, a group cannot be joined, or
     *     descriptors or direct memory run out
     */
    public UdpListener start() {
        NettyCheck.requireNetty42();
        if (maxDatagramBytes > engine.settings().maxMessageLength()) {
            throw Checks.broken(
                    "maxDatagramBytes",
                    maxDatagramBytes + " bytes",
                    "<= maxMessageLength " + engine.settings().maxMessageLength() + " bytes of the engine");
        }
        ListenerSettings settings = new ListenerSettings(
                host,
                port,
                threads,
                receiveBufferBytes,
                maxDatagramBytes,
                transport,
                gro,
                warmUp,
                runToCompletion,
                closeTimeout,
                allowed,
                groups,
                epollProbe);
        if (!engine.isRunning()) {
            throw new IllegalStateException("engine: not running (expected: an engine started before its listener)");
        }
        NettyTransport chosen = NettyTransport.choose(settings);
        List<InetSocketAddress> addresses = settings.resolve();
        if (warmUp) {
            WarmUp.run(settings, chosen, ListenerSettings.isIpv4(addresses.get(0)));
        }
        return new UdpListener(open(settings, chosen, addresses), closeTimeout);
    }

    /** Tries again where a port that is free at one address may be taken at the other. */
    private ListenerSockets open(ListenerSettings settings, NettyTransport chosen, List<InetSocketAddress> addresses) {
        int attempts = port == 0 && addresses.size() > 1 ? FREE_PORT_ATTEMPTS : 1;
        while (true) {
            ListenerSockets sockets = new ListenerSockets(engine, settings, chosen, addresses);
            try {
                sockets.start();
                return sockets;
            } catch (ListenerException e) {
                if (--attempts == 0) {
                    throw e;
                }
            }
        }
    }
}
