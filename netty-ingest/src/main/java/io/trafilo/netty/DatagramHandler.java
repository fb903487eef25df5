package io.trafilo.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.trafilo.spi.Intake;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Gathers the datagrams of a read into a batch and publishes it. All of it runs on the channel's event loop. */
final class DatagramHandler extends ChannelInboundHandlerAdapter {
    /** So that an error that lasts does not make the event loop spin. */
    private static final long PAUSE_MILLIS = 10;

    private final Intake<ByteBuf> intake;
    private final ReadBuffers buffers;
    private final int maxDatagramBytes;
    private final @Nullable SourceAllowlist allowed;
    private final Consumer<Throwable> errors;
    private final ByteBuf[] batch = new ByteBuf[NettyTransport.BATCH];

    private int count;
    private long receiptNanos;
    private boolean stamped;
    private long datagrams;

    DatagramHandler(
            Intake<ByteBuf> intake,
            ReadBuffers buffers,
            int maxDatagramBytes,
            @Nullable SourceAllowlist allowed,
            Consumer<Throwable> errors) {
        this.intake = intake;
        this.buffers = buffers;
        this.maxDatagramBytes = maxDatagramBytes;
        this.allowed = allowed;
        this.errors = errors;
    }

    /** How many datagrams were read. */
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
            datagram.release(); // first of all checks: what a stranger sends is not looked at
            intake.countFiltered();
        } else if (lengthBytes == 0) {
            datagram.release();
            intake.countEmpty();
        } else if (lengthBytes > maxDatagramBytes) {
            datagram.release();
            intake.countOversized();
        } else {
            add(buffers.keepsTooMuch(datagram) ? copyOut(context, datagram) : datagram);
        }
    }

    private static boolean isFrom(SourceAllowlist allowed, @Nullable InetSocketAddress sender) {
        return sender != null && allowed.permits(sender.getAddress());
    }

    private void add(ByteBuf datagram) {
        batch[count++] = datagram; // first, so that it is not lost if the clock throws
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

    /** Lets go of a buffer that a few small datagrams would keep; keeps it if there is no memory for another. */
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

    /** Publishes what has been gathered; waits while the ring is full and the policy says so. */
    void publish() {
        int gathered = count;
        count = 0;
        stamped = false;
        if (gathered > 0) {
            intake.publish(batch, gathered, receiptNanos);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        publish();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        publish();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        try {
            context.channel().config().setAutoRead(false);
            var unused = context.executor().schedule(() -> resume(context), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (Throwable noPause) { // for want of memory: better busy than deaf
            resume(context);
        } finally {
            errors.accept(cause);
        }
    }

    private static void resume(ChannelHandlerContext context) {
        if (context.channel().isActive()) {
            context.channel().config().setAutoRead(true);
        }
    }
}
