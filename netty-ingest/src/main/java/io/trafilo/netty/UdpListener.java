package io.trafilo.netty;

import static java.util.Objects.requireNonNull;

import io.trafilo.Trafilo;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Receives UDP datagrams and publishes them into the ring of an engine, each as one message.
 *
 * <p>Threading: a thread per socket, named {@code trafilo-udp-0} and so on after the engine, reads and publishes. All methods may be called from any
 * thread.
 *
 * <p>What becomes of a datagram is counted in the engine's {@link Trafilo#ledger}: those from outside of
 * {@link Builder#allow}, empty ones and those longer than {@link Builder#maxDatagram} are dropped there, and what the kernel dropped because nobody read in time is added to
 * {@code kernelDropped}, about every 100 ms, also while the listener waits for the ring, and a last time at the close; with
 * {@link Builder#runToCompletion} between two batches.
 * On NIO these drops are known on Linux only. One drop may stand for many datagrams with {@link Builder#gro}.
 *
 * <p>Overload: with the engine's policy {@code BLOCK} a full ring makes the listener's thread wait; it reads nothing
 * meanwhile and the kernel drops what its receive buffer cannot hold. With {@code DROP_NEWEST} it never waits.
 *
 * <p>Errors of a socket that is open go to the engine's error listener, and reading goes on after a pause of 10 ms.
 */
public final class UdpListener implements AutoCloseable {
    private final ListenerSockets sockets;
    private final Duration closeTimeout;

    private UdpListener(ListenerSockets sockets, Duration closeTimeout) {
        this.sockets = sockets;
        this.closeTimeout = closeTimeout;
    }

    /**
     * Begins a listener.
     *
     * @param engine takes the datagrams; must be running when the listener starts, and closes it when it closes itself
     * @return a builder with all settings at their defaults
     */
    public static Builder builder(Trafilo<?> engine) {
        return new Builder(requireNonNull(engine, "engine"));
    }

    /**
     * The address that is listened at.
     *
     * @return with the port that was found if 0 was asked for
     */
    public InetSocketAddress address() {
        return sockets.address();
    }

    /**
     * How the sockets are reached.
     *
     * @return {@link Transport#EPOLL} or {@link Transport#NIO}
     */
    public Transport transport() {
        return sockets.transport().kind();
    }

    /**
     * The receive buffer that the kernel granted each socket, on the scale of {@link Builder#receiveBuffer}: equal to what
     * was asked for unless limited by {@code net.core.rmem_max}. Linux itself tells the double of it, since it adds as much
     * for its own records, of which each datagram needs a few hundred bytes.
     *
     * @return bytes
     */
    public int receiveBufferBytes() {
        return sockets.receiveBufferBytes();
    }

    /**
     * Stops the listener: nothing more is let into its sockets, what they held at this moment is read and published, the
     * kernel's drops are counted for a last time, the sockets are closed and the threads end. On NIO nothing can be shut out:
     * what comes between the last read and the end of the socket is lost with it, and not counted. Blocks for at most {@link Builder#closeTimeout} (plus 250 ms if
     * a thread has to be freed from waiting for the ring); what could not be published by then is counted as
     * {@code discardedAtClose}. Idempotent; another caller waits for the same end. Called on a thread of the listener
     * itself, from a callback with {@link Builder#runToCompletion}, it returns at once, and the close goes on; a callback of a worker should not call it but
     * {@link Trafilo#shutdown}, since a full ring may wait for that very worker. The engine goes on; it can be given a new
     * listener.
     */
    @Override
    public void close() {
        sockets.close(closeTimeout);
    }

    ListenerSockets sockets() {
        return sockets;
    }

    @Override
    public String toString() {
        return "UdpListener[" + ListenerException.text(address()) + ", " + transport() + "]";
    }

    /**
     * The settings of a listener. Each setter checks its own value, {@link #start} how they fit together and to the engine; a
     * message names the setting, the value, its unit and the rule. Not thread-safe.
     */
    public static final class Builder {
        private static final int MAX_PORT = 65_535;
        private static final int MAX_THREADS = 64;
        private static final int MIN_RECEIVE_BUFFER = 1 << 10;
        private static final int MAX_RECEIVE_BUFFER = 1 << 30;

        /** Of IPv6 without jumbograms. */
        private static final int MAX_PAYLOAD = 65_527;

        private static final int USUAL_MAX_DATAGRAM = 2048;

        private final Trafilo<?> engine;
        private String host = "127.0.0.1";
        private int port = 9999;
        private int threads = 1;
        private int receiveBufferBytes = 4 << 20;
        private int maxDatagramBytes;
        private Transport transport = Transport.AUTO;
        private boolean gro;
        private boolean warmUp;
        private boolean runToCompletion;
        private Duration closeTimeout = Duration.ofSeconds(5);
        private List<Cidr> allowed = List.of();
        private ListenerSettings.EpollProbe epollProbe = NettyTransport::epollUnavailabilityCause;

        private Builder(Trafilo<?> engine) {
            this.engine = engine;
            this.maxDatagramBytes = Math.min(engine.maxMessageLength(), USUAL_MAX_DATAGRAM);
        }

        /**
         * Where to listen. Default 127.0.0.1, port 9999.
         *
         * @param host an IPv4 or IPv6 address of this machine, or a name that {@link #start} resolves; {@code 0.0.0.0} for
         *     all IPv4 addresses, {@code ::} for all addresses; a warning is logged for these two without {@link #allow}
         * @param port 0 to 65,535; 0 for a free one
         * @return this
         */
        public Builder bind(String host, int port) {
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
         * The number of threads, each with a socket of its own on the same port ({@code SO_REUSEPORT}): the kernel gives all
         * datagrams of one sender's port to the same of them. More than one needs {@link Transport#EPOLL}; then a second
         * process of the same user can share the port, and a taken port is not noticed if its owner shares it too. Default 1.
         *
         * @param threads 1 to 64
         * @return this
         */
        public Builder threads(int threads) {
            this.threads = Checks.inRange("threads", threads, 1, MAX_THREADS, "threads");
            return this;
        }

        /**
         * The receive buffer to ask the kernel for, for each socket. A warning is logged if it grants less. Default 4 MiB.
         *
         * @param bytes 1 KiB to 1 GiB
         * @return this
         */
        public Builder receiveBuffer(int bytes) {
            this.receiveBufferBytes =
                    Checks.inRange("receiveBuffer", bytes, MIN_RECEIVE_BUFFER, MAX_RECEIVE_BUFFER, "bytes");
            return this;
        }

        /**
         * The longest datagram that is taken; a longer one is counted as oversized and dropped. What waits in the ring may
         * keep up to four times this much memory for each message, and 16 KiB at least. Default: the engine's
         * {@code maxMessageLength}, but no more than 2048 bytes.
         *
         * @param bytes 1 to 65,527, and at most the engine's {@code maxMessageLength}
         * @return this
         */
        public Builder maxDatagram(int bytes) {
            this.maxDatagramBytes = Checks.inRange("maxDatagram", bytes, 1, MAX_PAYLOAD, "bytes");
            return this;
        }

        /**
         * How to reach the sockets. Default {@link Transport#AUTO}.
         *
         * @param transport the transport
         * @return this
         */
        public Builder transport(Transport transport) {
            this.transport = requireNonNull(transport, "transport");
            return this;
        }

        /**
         * Whether the kernel may join datagrams of one sender that follow each other, which saves time with senders that
         * send many of equal length at once ({@code UDP_GRO}). They are taken apart again, so the engine gets the same
         * messages. Needs {@link Transport#EPOLL}. It replaces the reading of many datagrams with one system call, which is
         * better with many senders. Default false.
         *
         * @param gro true or false
         * @return this
         */
        public Builder gro(boolean gro) {
            this.gro = gro;
            return this;
        }

        /**
         * Whether {@link #start}, before it binds, sends up to 200,000 datagrams to a listener and an engine of its own, on a
         * free port of the loopback interface and for at most about 2 s, so that the first real ones meet compiled code. For
         * services that get a high rate from the first moment. A failure of it is logged and changes nothing. Default false.
         *
         * @param warmUp true or false
         * @return this
         */
        public Builder warmUp(boolean warmUp) {
            this.warmUp = warmUp;
            return this;
        }

        /**
         * Whether the listener's threads parse what they read and run the callbacks themselves, instead of handing it to the
         * workers through the ring. That saves the hand-over, about a third of the time a datagram takes, but adds the time of
         * the callbacks to that of reading: what they cannot keep up with is dropped by the kernel, whatever the engine's
         * {@link io.trafilo.OverloadPolicy}, and one that blocks stops its thread's reading. For callbacks that are short and
         * never block. The workers still let timers go off and handle {@link Trafilo#emit}. Default false.
         *
         * @param runToCompletion true or false
         * @return this
         */
        public Builder runToCompletion(boolean runToCompletion) {
            this.runToCompletion = runToCompletion;
            return this;
        }

        /**
         * The networks to take datagrams from, in addition to those given before. Others are dropped before they are looked
         * at and counted as {@code filtered}, even if they are empty or oversized too. A source that shows up as an IPv6
         * address with an IPv4 one in it ({@code ::ffff:a.b.c.d}) is an IPv4 source; zones of IPv6 sources are ignored. Source
         * addresses can be forged: this keeps strays out, not attackers. No name is looked up. Default: all sources.
         *
         * @param cidrs 1 to 256 networks in all, each an IPv4 or IPv6 address, or one with {@code /prefix} and no bit set
         *     behind it
         * @return this
         */
        public Builder allow(String... cidrs) {
            this.allowed = SourceAllowlist.plus(allowed, cidrs);
            return this;
        }

        /**
         * How long {@link UdpListener#close} may take to publish what was received. When the engine closes, what is left of
         * its own time counts instead. Default 5 s.
         *
         * @param closeTimeout 0 to 365 days
         * @return this
         */
        public Builder closeTimeout(Duration closeTimeout) {
            this.closeTimeout = Checks.notNegative("closeTimeout", closeTimeout);
            return this;
        }

        Builder epollProbe(ListenerSettings.EpollProbe probe) {
            this.epollProbe = probe;
            return this;
        }

        /**
         * Starts the listener: when this returns, datagrams are received. Blocks while a host name is resolved and during the
         * warm-up. If it throws, no thread and no socket is left and the engine runs on.
         *
         * @return the running listener
         * @throws IllegalArgumentException if the settings do not fit together, or not to the engine
         * @throws IllegalStateException if the engine is not running
         * @throws ListenerException if the host cannot be resolved, the address cannot be bound, the transport is missing, or
         *     descriptors or direct memory are used up
         */
        public UdpListener start() {
            if (maxDatagramBytes > engine.maxMessageLength()) {
                throw Checks.broken(
                        "maxDatagram",
                        maxDatagramBytes + " bytes",
                        "<= maxMessageLength " + engine.maxMessageLength() + " bytes of the engine");
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
                    epollProbe);
            if (!engine.isRunning()) {
                throw new IllegalStateException("engine: not running (expected: started before its listener)");
            }
            NettyTransport chosen = NettyTransport.choose(settings);
            InetSocketAddress address = settings.resolve();
            if (warmUp) {
                WarmUp.run(settings, chosen, ListenerSettings.isIpv4(address));
            }
            ListenerSockets sockets = new ListenerSockets(engine, engine.name(), settings, chosen, address);
            sockets.start();
            return new UdpListener(sockets, closeTimeout);
        }
    }
}
