package io.trafilo.netty;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDatagramChannelConfig;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.Socket;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Linux's epoll, through Netty's native library. */
final class EpollTransport implements NettyTransport {
    /** The most bytes that the kernel joins into one datagram with GRO. */
    private static final int GRO_BYTES = 1 << 16;

    /** Netty counts datagrams, not reads: this allows many reads before it serves anything else. */
    private static final int DATAGRAMS_PER_LOOP = 16 * BATCH;

    private static final int EPERM = 1;
    private static final int EACCES = 13;
    private static final int EINVAL = 22;
    private static final int ENOSYS = 38;
    private static final int EOPNOTSUPP = 95;

    /** What a sandbox answers to a system call that it does not allow. */
    private static final Set<Integer> REFUSALS = Set.of(EPERM, EACCES, EINVAL, ENOSYS, EOPNOTSUPP);

    /** Whether this machine refuses recvmmsg. Set once, so that one warning serves all threads and the warm-up. */
    private final AtomicBoolean readsOneByOne = new AtomicBoolean();

    static @Nullable Throwable unavailabilityCause() {
        return Epoll.unavailabilityCause();
    }

    @Override
    public Transport kind() {
        return Transport.EPOLL;
    }

    @Override
    public IoHandlerFactory ioHandlers() {
        return EpollIoHandler.newFactory();
    }

    @Override
    public ReadBuffers readBuffers(ListenerSettings settings) {
        if (settings.gro()) {
            return ReadBuffers.joined(GRO_BYTES, DATAGRAMS_PER_LOOP);
        }
        ReadBuffers buffers = ReadBuffers.slotted(settings.maxDatagramBytes() + 1, BATCH, DATAGRAMS_PER_LOOP);
        if (readsOneByOne.get()) {
            buffers.readOneByOne();
        }
        return buffers;
    }

    /** Takes to recvmsg where the sandbox of a container refuses recvmmsg. Netty asks only whether the kernel has it. */
    @Override
    public boolean adapts(ReadBuffers buffers, Throwable failure) {
        if (!(failure instanceof NativeIoException refusal)
                || !REFUSALS.contains(-refusal.expectedErr())
                || !buffers.readOneByOne()) {
            return false;
        }
        if (readsOneByOne.compareAndSet(false, true)) {
            LOGGER.log(
                    Level.WARNING,
                    "transport: EPOLL reads one datagram per system call, since several are refused: "
                            + refusal.getMessage() + " (expected: a seccomp profile that allows recvmmsg)");
        }
        return true;
    }

    @Override
    public Channel open(InetSocketAddress address, ListenerSettings settings, ReadBuffers buffers) {
        var family = ListenerSettings.isIpv4(address) ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        EpollDatagramChannel channel = new EpollDatagramChannel(family);
        try {
            EpollDatagramChannelConfig config = channel.config();
            config.setAutoRead(false);
            config.setAllocator(PooledByteBufAllocator.DEFAULT);
            config.setRecvByteBufAllocator(buffers);
            option("receiveBufferBytes", "SO_RCVBUF", () -> config.setReceiveBufferSize(settings.receiveBufferBytes()));
            if (settings.threads() > 1) { // where it is not needed, it need not be there
                option("threads", "SO_REUSEPORT, for several on a port", () -> config.setReusePort(true));
            }
            // With GRO the size stays 0, which makes Netty read with recvmsg. With recvmmsg it mistakes what the kernel
            // joined for one datagram (netty/netty #17492). Without GRO, a slot filled to its last byte is an oversized
            // datagram.
            if (settings.gro()) {
                option("gro", "UDP_GRO, Linux 5.0 or newer", () -> config.setUdpGro(true));
            }
            config.setMaxDatagramPayloadSize(settings.gro() ? 0 : settings.maxDatagramBytes() + 1);
            return channel;
        } catch (RuntimeException e) {
            channel.unsafe().closeForcibly();
            throw e;
        }
    }

    /** Netty's exception does not name the option. */
    private static void option(String setting, String needed, Runnable set) {
        try {
            set.run();
        } catch (ChannelException refused) {
            throw ListenerException.option(setting, needed, refused);
        }
    }

    @Override
    public int receiveBufferBytes(Channel channel) {
        // the kernel sets and reports twice the requested size, to have room for its own records
        return ((EpollDatagramChannel) channel).config().getReceiveBufferSize() / 2;
    }

    @Override
    public KernelDrops kernelDrops(Channel channel, InetSocketAddress boundTo) {
        int descriptor = ((EpollDatagramChannel) channel).fd().intValue();
        return new SocketMemory(channel).orElse(ProcNetUdp.of(boundTo, descriptor));
    }

    /**
     * Connects the socket to itself without telling Netty, which would read a connected socket differently. The kernel then
     * attributes all senders' datagrams to another socket that shares the port, or to none; in that case it notifies the
     * senders.
     */
    @Override
    public void shutOut(Channel channel, InetSocketAddress boundTo) {
        try {
            ((Socket) ((EpollDatagramChannel) channel).fd()).connect(self(boundTo));
        } catch (IOException unreachable) {
            // for example, the interface is gone: then nothing arrives there
        }
    }

    private static InetSocketAddress self(InetSocketAddress boundTo) {
        InetAddress address = boundTo.getAddress();
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
            address = ListenerSettings.isIpv4(boundTo) ? NetUtil.LOCALHOST4 : NetUtil.LOCALHOST6;
        }
        return new InetSocketAddress(address, boundTo.getPort());
    }
}
