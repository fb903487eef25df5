package io.trafilo.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToLongFunction;

/**
 * Sends datagrams to one target over one connected socket, and counts what the kernel took. With epoll one sendmmsg takes all
 * packets of a call, and with {@code segments > 1} there are several datagrams in a packet, which the kernel cuts apart
 * (UDP_SEGMENT). The event loop runs in the sender's own thread, so a write is a system call and no hand-over. For one thread.
 */
final class DatagramSender implements AutoCloseable {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Map<String, String> LABELS = Map.of(
            "connection refused", "ECONNREFUSED",
            "no buffer space", "ENOBUFS",
            "message too long", "EMSGSIZE",
            "not permitted", "EPERM",
            "permission denied", "EPERM");

    private final InetSocketAddress target;
    private final MessageSet messages;
    private final KeySequence sequence;
    private final int segments;
    private final boolean stamped;
    private final ByteBuf[] packets;
    private final Map<String, Long> errors = new TreeMap<>();
    private final ManualIoEventLoop loop;
    private final Channel channel;
    private final GenericFutureListener<Future<? super Void>> wholePacket;
    private final boolean epoll;
    private long sent;
    private int inFlight;

    /**
     * Opens the socket. The calling thread must be the one that sends.
     *
     * @param maxCount the most datagrams of one {@link #send}
     * @param stamped whether each payload begins with the time the datagram was due, 8 bytes, the highest first
     * @param epoll whether to use epoll, without which there are no segments
     */
    DatagramSender(
            InetSocketAddress target,
            MessageSet messages,
            KeySequence sequence,
            int segments,
            int maxCount,
            boolean stamped,
            boolean epoll)
            throws IOException {
        this.target = target;
        this.messages = messages;
        this.sequence = sequence;
        this.segments = segments;
        this.stamped = stamped;
        this.epoll = epoll;
        this.packets = new ByteBuf[(maxCount + segments - 1) / segments];
        for (int i = 0; i < packets.length; i++) {
            // the garbage collector owns the memory, as it does that of the messages
            packets[i] = Unpooled.unreleasableBuffer(
                    Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(segments * messages.sizeBytes())));
        }
        this.wholePacket = outcome -> onOutcome(outcome, segments);
        this.loop = new ManualIoEventLoop(
                Thread.currentThread(), epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        this.channel = connect();
    }

    private Channel connect() throws IOException {
        ChannelFuture connected = new Bootstrap()
                .group(loop)
                .channel(epoll ? EpollDatagramChannel.class : NioDatagramChannel.class)
                // what the kernel has to say comes back from the next send
                .option(ChannelOption.AUTO_READ, false)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                        // a refused port, heard of between two sends
                    }
                })
                .connect(target);
        await(connected);
        if (!connected.isSuccess()) {
            stopLoop();
            throw new IOException("cannot connect to " + target, connected.cause());
        }
        return connected.channel();
    }

    private void await(Future<?> future) {
        while (!future.isDone()) {
            loop.run(POLL_NANOS);
        }
    }

    /**
     * Sends the next datagrams of the traffic and waits until the kernel has taken or refused each.
     *
     * @param dueNanos when each of them was to be sent, however late it is now
     */
    void send(int count, IntToLongFunction dueNanos) {
        int packet = 0;
        for (int left = count; left > 0; left -= segments) {
            int inPacket = Math.min(left, segments);
            ByteBuf bytes = fill(packets[packet++].clear(), inPacket, dueNanos, count - left);
            write(segments == 1 ? bytes : new SegmentedDatagramPacket(bytes, messages.sizeBytes(), target), inPacket);
        }
        channel.flush();
        while (inFlight > 0) {
            // the socket's buffer is full: the loop writes on when the kernel has room
            loop.run(POLL_NANOS);
        }
    }

    private ByteBuf fill(ByteBuf packet, int datagrams, IntToLongFunction dueNanos, int first) {
        for (int i = 0; i < datagrams; i++) {
            int key = sequence.next();
            int start = packet.writerIndex();
            messages.write(key, packet);
            if (stamped) {
                packet.setLong(start + MessageSet.payloadOffset(key), dueNanos.applyAsLong(first + i));
            }
        }
        return packet;
    }

    private void write(Object message, int datagrams) {
        inFlight++;
        ChannelFuture written = channel.write(message);
        written.addListener(datagrams == segments ? wholePacket : outcome -> onOutcome(outcome, datagrams));
    }

    private void onOutcome(Future<?> outcome, int datagrams) {
        inFlight--;
        Throwable cause = outcome.cause();
        if (cause == null) {
            sent += datagrams;
        } else {
            errors.merge(label(cause), (long) datagrams, Long::sum);
        }
    }

    private static String label(Throwable error) {
        String message = String.valueOf(error.getMessage());
        if (error instanceof PortUnreachableException) {
            return "ECONNREFUSED";
        }
        return LABELS.entrySet().stream()
                .filter(known -> message.toLowerCase(Locale.ROOT).contains(known.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(error.getClass().getSimpleName() + ": " + message);
    }

    /** Forgets what it has counted: a run begins. */
    void countFromZero() {
        sent = 0;
        errors.clear();
    }

    /** How many datagrams the kernel has taken. */
    long sent() {
        return sent;
    }

    /** How many it has refused, by error. */
    Map<String, Long> errors() {
        return new TreeMap<>(errors);
    }

    /** What it sends with, for reports. */
    String transport() {
        String name = epoll ? "epoll" : "nio";
        return segments == 1 ? name : name + ", " + segments + " segments per packet";
    }

    @Override
    public void close() {
        await(channel.close());
        stopLoop();
    }

    private void stopLoop() {
        await(loop.shutdownGracefully(0, 0, TimeUnit.NANOSECONDS));
    }
}
