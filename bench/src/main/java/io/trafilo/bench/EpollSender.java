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
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * Sends with Netty's epoll channel: one sendmmsg for all packets of a call, and with {@code segments > 1} several datagrams in
 * one packet, which the kernel cuts apart (UDP_SEGMENT). The event loop runs in the sender's own thread, so a write is a
 * system call and no hand-over.
 */
final class EpollSender implements DatagramSender {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final InetSocketAddress target;
    private final MessageSet messages;
    private final KeySequence sequence;
    private final int segments;
    private final boolean stamped;
    private final ByteBuf[] packets;
    private final SendTally tally = new SendTally();
    private final ManualIoEventLoop loop;
    private final Channel channel;
    private final GenericFutureListener<Future<? super Void>> wholePacket;
    private int inFlight;

    /**
     * Opens the socket. The calling thread must be the one that sends.
     *
     * @param maxCount the most datagrams of one {@link #send}
     * @param stamped whether each payload begins with the time the datagram was due
     */
    EpollSender(
            InetSocketAddress target,
            MessageSet messages,
            KeySequence sequence,
            int segments,
            int maxCount,
            boolean stamped)
            throws IOException {
        this.target = target;
        this.messages = messages;
        this.sequence = sequence;
        this.segments = segments;
        this.stamped = stamped;
        this.packets = new ByteBuf[(maxCount + segments - 1) / segments];
        for (int i = 0; i < packets.length; i++) {
            // the garbage collector owns the memory, as it does that of the messages
            packets[i] = Unpooled.unreleasableBuffer(
                    Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(segments * messages.sizeBytes())));
        }
        this.wholePacket = outcome -> onOutcome(outcome, segments);
        this.loop = new ManualIoEventLoop(Thread.currentThread(), EpollIoHandler.newFactory());
        this.channel = connect();
    }

    private Channel connect() throws IOException {
        ChannelFuture connected = new Bootstrap()
                .group(loop)
                .channel(EpollDatagramChannel.class)
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

    @Override
    public void send(int count, Schedule schedule) {
        int packet = 0;
        for (int left = count; left > 0; left -= segments) {
            int inPacket = Math.min(left, segments);
            ByteBuf bytes = fill(packets[packet++].clear(), inPacket, schedule, count - left);
            write(segments == 1 ? bytes : new SegmentedDatagramPacket(bytes, messages.sizeBytes(), target), inPacket);
        }
        channel.flush();
        while (inFlight > 0) {
            // the socket's buffer is full: the loop writes on when the kernel has room
            loop.run(POLL_NANOS);
        }
    }

    private ByteBuf fill(ByteBuf packet, int datagrams, Schedule schedule, int first) {
        for (int i = 0; i < datagrams; i++) {
            int key = sequence.next();
            int start = packet.writerIndex();
            messages.write(key, packet);
            if (stamped) {
                packet.setLong(start + MessageSet.payloadOffset(key), schedule.dueNanos(first + i));
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
            tally.addSent(datagrams);
        } else {
            tally.addFailed(datagrams, cause);
        }
    }

    @Override
    public SendTally tally() {
        return tally;
    }

    @Override
    public String transport() {
        return segments == 1 ? "epoll" : "epoll, " + segments + " segments per packet";
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
