package io.trafilo.netty;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The differences between Netty's transports. */
interface NettyTransport {
    System.Logger LOGGER = System.getLogger("io.trafilo.netty");

    /** The most datagrams of one read, and of one batch for the engine. */
    int BATCH = 64;

    Transport kind();

    IoHandlerFactory ioHandlers();

    /** Opens a socket and sets its options, but neither registers nor binds it. Closes it again if this throws. */
    Channel open(InetSocketAddress address, ListenerSettings settings, ReadBuffers buffers);

    /** Sizes the reads of a channel. */
    ReadBuffers readBuffers(ListenerSettings settings);

    /**
     * Changes how a channel is read, if that helps against a failure to read it; false if it does not. On the channel's event
     * loop.
     */
    default boolean adapts(ReadBuffers buffers, Throwable failure) {
        return false;
    }

    /** The receive buffer of an open socket, in the same terms as the requested size. */
    int receiveBufferBytes(Channel channel);

    KernelDrops kernelDrops(Channel channel, InetSocketAddress boundTo);

    /** Keeps new datagrams out of a socket, if the transport can; those in it can still be read. On the event loop. */
    void shutOut(Channel channel, InetSocketAddress boundTo);

    /** Chooses the transport for the settings, or throws an exception that says what is missing. */
    static NettyTransport choose(ListenerSettings settings) {
        if (settings.transport() == Transport.NIO) {
            return new NioTransport();
        }
        Throwable missing = settings.epollProbe().unavailabilityCause();
        if (missing == null) {
            return new EpollTransport();
        }
        if (ListenerException.lacksDirectMemoryForNetty(missing)) { // NIO would need as much
            throw ListenerException.noDirectMemoryForNetty("transport: ", missing);
        }
        if (settings.transport() == Transport.EPOLL) {
            throw new ListenerException(
                    "transport: EPOLL (expected: Linux, and " + NettyCheck.epollRemedy(missing) + "): " + missing,
                    missing);
        }
        ListenerSettings.checkWithoutEpoll(settings.threads(), settings.gro());
        if (NettyCheck.isEpollExpected(missing)) {
            LOGGER.log(
                    Level.WARNING,
                    "transport: NIO, which reads slower, since epoll is not available: " + missing + " (expected: "
                            + NettyCheck.epollRemedy(missing) + ")");
        } else {
            LOGGER.log(Level.INFO, "transport: NIO, since epoll is not available: " + missing);
        }
        return new NioTransport();
    }

    /** The reason why epoll cannot be used; null if it can. */
    static @Nullable Throwable epollUnavailabilityCause() {
        try {
            return EpollTransport.unavailabilityCause();
        } catch (LinkageError classesMissing) {
            return classesMissing;
        }
    }
}
