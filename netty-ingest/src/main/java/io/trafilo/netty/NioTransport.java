package io.trafilo.netty;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannelConfig;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.net.InetSocketAddress;

/** The JDK's channels. */
class NioTransport implements NettyTransport {
    @Override
    public Transport kind() {
        return Transport.NIO;
    }

    @Override
    public IoHandlerFactory ioHandlers() {
        return NioIoHandler.newFactory();
    }

    @Override
    public ReadBuffers readBuffers(ListenerSettings settings) {
        // Netty reads all datagrams of a loop before it delivers the first: allow no more than a batch
        return ReadBuffers.single(settings.maxDatagramBytes() + 1, BATCH);
    }

    @Override
    public Channel open(InetSocketAddress address, ListenerSettings settings, ReadBuffers buffers) {
        var family = ListenerSettings.isIpv4(address) ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        NioDatagramChannel channel = new NioDatagramChannel(family);
        try {
            DatagramChannelConfig config = channel.config();
            config.setAutoRead(false);
            config.setAllocator(PooledByteBufAllocator.DEFAULT);
            config.setRecvByteBufAllocator(buffers);
            config.setReceiveBufferSize(settings.receiveBufferBytes());
            return channel;
        } catch (RuntimeException e) {
            channel.unsafe().closeForcibly();
            throw e;
        }
    }

    @Override
    public int receiveBufferBytes(Channel channel) {
        return ((NioDatagramChannel) channel).config().getReceiveBufferSize(); // the JDK halves Linux's double
    }

    @Override
    public KernelDrops kernelDrops(Channel channel, InetSocketAddress boundTo) {
        return ProcNetUdp.of(boundTo);
    }

    /** Does nothing: the JDK's connect would discard what the socket holds. */
    @Override
    public void shutOut(Channel channel, InetSocketAddress boundTo) {}
}
