package io.trafilo.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Netty alone, with the settings the listener gives it under load: it counts what it reads and releases it, so at saturation it is
 * the most that anything on one epoll datagram channel can reach.
 */
final class BareTarget implements LoadTarget {
    private static final int BATCH = 64;
    private static final int BATCHES_PER_LOOP = 16;
    private static final int GRO_BYTES = 1 << 16;

    private final MultiThreadIoEventLoopGroup group;
    private final Channel channel;
    private final Socket socket;
    private final AtomicLong received = new AtomicLong();
    private long dropsAtClose = -1;

    BareTarget(LoadSettings settings) {
        if (!Epoll.isAvailable()) {
            throw new FailureException(
                    "--engine bare: needs epoll, which is not there: " + Epoll.unavailabilityCause());
        }
        boolean gro = settings.listener().gro;
        int slotBytes = Math.max(settings.traffic().sizeBytes, 2048) + 1;
        int slots = Math.max(2, Math.min(BATCH, (1 << 18) / slotBytes));
        FixedRecvByteBufAllocator buffers = new FixedRecvByteBufAllocator(gro ? GRO_BYTES : slots * slotBytes);
        buffers.maxMessagesPerRead(BATCHES_PER_LOOP * BATCH);
        group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        ChannelFuture bound = new Bootstrap()
                .group(group)
                .channelFactory(() -> new EpollDatagramChannel(SocketProtocolFamily.INET))
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.RECVBUF_ALLOCATOR, buffers)
                .option(ChannelOption.SO_RCVBUF, settings.listener().receiveBufferBytes)
                .option(EpollChannelOption.UDP_GRO, gro)
                .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, gro ? 0 : slotBytes)
                .option(UnixChannelOption.SO_REUSEPORT, false)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext context, Object message) {
                        received.lazySet(received.get() + 1);
                        ReferenceCountUtil.release(message);
                    }
                })
                .bind("127.0.0.1", 0)
                .awaitUninterruptibly();
        channel = bound.channel();
        if (!bound.isSuccess()) {
            group.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
            throw new FailureException("cannot listen: " + bound.cause());
        }
        int receiveBufferBytes = ((EpollDatagramChannel) channel).config().getReceiveBufferSize() / 2;
        socket = new Socket((InetSocketAddress) channel.localAddress(), "epoll", receiveBufferBytes);
    }

    @Override
    public Socket socket() {
        return socket;
    }

    @Override
    public LoadCounts counts() {
        long dropped = dropsAtClose >= 0
                ? dropsAtClose
                : Proc.udpSockets(socket.address().getPort()).drops();
        long count = received.get();
        return new LoadCounts(
                count,
                count,
                0,
                Map.of(LoadCounts.KERNEL, dropped),
                List.of(),
                Map.of("received", count, "kernelDropped", dropped));
    }

    @Override
    public boolean recordsLatency() {
        return false;
    }

    @Override
    public void close() {
        dropsAtClose = Proc.udpSockets(socket.address().getPort()).drops();
        channel.close().awaitUninterruptibly();
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
