package io.trafilo.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.trafilo.spi.Intake;
import io.trafilo.spi.Senders;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Collects the datagrams of a read into a batch and publishes it. Runs only on the channel's event loop. */
final class DatagramHandler extends ChannelInboundHandlerAdapter {
    /** Keeps a persistent error from making the event loop spin. */
    private static final long PAUSE_MILLIS = 10;

    private final Intake<ByteBuf> intake;
    private final ReadBuffers buffers;
    private final int maxDatagramBytes;
    private final @Nullable SourceAllowlist allowed;
    private final Predicate<Throwable> remedy;
    private final Consumer<Throwable> errors;
    private final ByteBuf[] batch = new ByteBuf[NettyTransport.BATCH];
    private final Senders senders = new Senders(NettyTransport.BATCH);

    private int count;
    private long receiptNanos;
    private boolean stamped;
    private long datagrams;
    private long datagramsAtComplete;
    private long dryReads;

    /** {@code remedy} tells whether it has removed the cause of a failed read; {@code errors} takes the other failures. */
    DatagramHandler(
            Intake<ByteBuf> intake,
            ReadBuffers buffers,
            int maxDatagramBytes,
            @Nullable SourceAllowlist allowed,
            Predicate<Throwable> remedy,
            Consumer<Throwable> errors) {
        this.intake = intake;
        this.buffers = buffers;
        this.maxDatagramBytes = maxDatagramBytes;
        this.allowed = allowed;
        this.remedy = remedy;
        this.errors = errors;
    }

    long datagrams() {
        return datagrams;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        ByteBuf datagram = packet.content();
        int lengthBytes = datagram.readableBytes();
        datagrams++;
        if (allowed != null && !isFrom(allowed, packet.sender())) {
            datagram.release(); // first of all checks: nothing from unknown sources is examined
            intake.countFiltered();
        } else if (lengthBytes == 0) {
            datagram.release();
            intake.countEmpty();
        } else if (lengthBytes > maxDatagramBytes) {
            datagram.release();
            intake.countOversized();
        } else {
            add(buffers.keepsTooMuch(datagram) ? copyOut(context, datagram) : datagram, packet.sender());
        }
    }

    private static boolean isFrom(SourceAllowlist allowed, @Nullable InetSocketAddress sender) {
        return sender != null && allowed.permits(sender.getAddress());
    }

    private void add(ByteBuf datagram, @Nullable InetSocketAddress sender) {
        InetAddress address = sender == null ? null : sender.getAddress();
        if (sender == null || address == null) {
            senders.setUnknown(count);
        } else {
            senders.set(count, address.getAddress(), sender.getPort());
        }
        batch[count++] = datagram; // before the clock, so that it is not lost if that throws
        try {
            if (!stamped) {
                receiptNanos = intake.epochNanos();
                stamped = true;
            }
        } finally {
            if (count == batch.length) {
                publish();
            }
        }
    }

    /**
     * Copies a datagram out of a buffer that few small datagrams would keep. Without memory for a copy, keeps the buffer.
     */
    private ByteBuf copyOut(ChannelHandlerContext context, ByteBuf datagram) {
        ByteBuf copy;
        try {
            copy = context.alloc().directBuffer(datagram.readableBytes());
        } catch (OutOfMemoryError noRoom) {
            if (!ListenerException.isShortOfDirectMemory(noRoom)) {
                errors.accept(noRoom);
            }
            return datagram;
        }
        copy.writeBytes(datagram);
        datagram.release();
        return copy;
    }

    /** Publishes the collected datagrams. Waits while the ring is full if the policy says so. */
    void publish() {
        int collected = count;
        count = 0;
        stamped = false;
        if (collected > 0) {
            intake.publish(batch, senders, collected, receiptNanos);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        publish();
        if (datagrams - datagramsAtComplete < buffers.maxMessagesPerRead()) {
            dryReads++;
        }
        datagramsAtComplete = datagrams;
    }

    /** How often reading has ended because the socket held nothing more. For the event loop. */
    long dryReads() {
        return dryReads;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        publish();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        boolean removed = false;
        try {
            removed = remedy.test(cause);
            context.channel().config().setAutoRead(false);
            var unused = context.executor()
                    .schedule(() -> resume(context), removed ? 0 : PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (Throwable noPause) { // out of memory: better busy than deaf
            resume(context);
        } finally {
            if (!removed) {
                errors.accept(cause);
            }
        }
    }

    private static void resume(ChannelHandlerContext context) {
        if (context.channel().isActive()) {
            context.channel().config().setAutoRead(true);
        }
    }
}
