package io.trafilo.netty;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What differs between Netty's ways to a socket. */
interface NettyTransport {
    System.Logger LOGGER = System.getLogger("io.trafilo.netty");

    /** The most datagrams of one read, and of one batch for the engine. */
    int BATCH = 64;

    Transport kind();

    IoHandlerFactory ioHandlers();

    /** Opens a socket and sets its options; it is neither registered nor bound, and closed again if this throws. */
    Channel open(InetSocketAddress address, ListenerSettings settings, ReadBuffers buffers);

    /** Sizes the reads of a channel. */
    ReadBuffers readBuffers(ListenerSettings settings);

    /** The receive buffer of an open socket, on the scale of what one asks for. */
    int receiveBufferBytes(Channel channel);

    KernelDrops kernelDrops(Channel channel, InetSocketAddress boundTo);

    /** Lets nothing more into a socket, if that can be had; what it holds can still be read. On the event loop. */
    void shutOut(Channel channel, InetSocketAddress boundTo);

    /** The transport for the settings, or a message that says what it lacks. */
    static NettyTransport choose(ListenerSettings settings) {
        if (settings.transport() == Transport.NIO) {
            return new NioTransport();
        }
        Throwable missing = settings.epollProbe().unavailabilityCause();
        if (missing == null) {
            return new EpollTransport();
        }
        if (ListenerException.lacksDirectMemoryForNetty(missing)) { // no reason to go on with NIO, which takes as much
            throw ListenerException.noDirectMemoryForNetty("transport: ", missing);
        }
        if (settings.transport() == Transport.EPOLL) {
            throw new ListenerException(
                    "transport: EPOLL (expected: Linux, and netty-transport-native-epoll for this machine on the class"
                            + " path, or on the module path with --add-modules ALL-MODULE-PATH): " + missing,
                    missing);
        }
        ListenerSettings.checkWithoutEpoll(settings.threads(), settings.gro());
        LOGGER.log(Level.INFO, "transport: NIO, since epoll is not available: " + missing);
        return new NioTransport();
    }

    /** Why epoll cannot be used; null if it can. */
    static @Nullable Throwable epollUnavailabilityCause() {
        try {
            return EpollTransport.unavailabilityCause();
        } catch (LinkageError classesMissing) {
            return classesMissing;
        }
    }
}
