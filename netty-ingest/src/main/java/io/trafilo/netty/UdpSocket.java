package io.trafilo.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.util.concurrent.Future;
import io.trafilo.spi.Intake;
import io.trafilo.spi.ListenerHost;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A socket with its event loop and its intake, from the bind to the last count. */
final class UdpSocket {
    /*
     * Closing, on the event loop. New datagrams are shut out, so that none enters the socket after the last read and is
     * lost. Then what the socket holds is read and published, in rounds that end early when time is up. Finally the kernel's
     * drops are counted once more, the channel is closed, and then the intake, by the only thread that used it.
     */

    private static final long DROPS_PERIOD_MILLIS = 100;

    /** Counting drops takes at most this part of the thread's time: a table of many sockets takes long to read. */
    private static final int DROPS_SHARE = 100;

    /** The least space that a datagram takes in a receive buffer, with the kernel's records. */
    private static final int MIN_HELD_BYTES = 256;

    /** The most datagrams that the kernel joins into one with GRO. */
    private static final int MAX_SEGMENTS = 128;

    private final ListenerHost host;
    private final ListenerSettings settings;
    private final NettyTransport transport;
    private final EventLoop loop;
    private final Intake<ByteBuf> intake;
    private final Runnable whenDropsUnknown;
    private final ReadBuffers buffers;
    private final DatagramHandler handler;

    private @Nullable Channel channel; // set once by bind
    private @Nullable InetSocketAddress boundTo;
    private int receiveBufferBytes;
    private volatile boolean closing;
    private volatile long readUntilNanos;
    private volatile boolean cutOff;
    private final AtomicBoolean closeRequested = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();

    // ---- for the event loop only
    private KernelDrops drops = KernelDrops.UNKNOWN;
    private @Nullable Future<?> dropsPoll;
    private long nextDropsNanos = System.nanoTime();
    private long lastDrops;
    private boolean dropsFailed;
    private @Nullable ReadRounds roundsAtClose;
    private boolean dropsKnown = true;

    UdpSocket(
            ListenerHost host,
            ListenerSettings settings,
            NettyTransport transport,
            EventLoop loop,
            Intake<ByteBuf> intake,
            Runnable whenDropsUnknown) {
        this.host = host;
        this.settings = settings;
        this.transport = transport;
        this.loop = loop;
        this.intake = intake;
        this.whenDropsUnknown = whenDropsUnknown;
        this.buffers = transport.readBuffers(settings);
        this.handler = new DatagramHandler(
                intake,
                buffers,
                settings.maxDatagramBytes(),
                settings.allowlist(),
                failure -> transport.adapts(buffers, failure),
                this::report);
    }

    /** Opens and binds the socket. Does not read yet. */
    void bind(InetSocketAddress address) {
        Channel opened;
        try {
            opened = transport.open(address, settings, buffers);
        } catch (RuntimeException | LinkageError e) {
            throw ListenerException.bind(address, e);
        }
        opened.pipeline().addLast(handler);
        Throwable refused = loop.register(opened).awaitUninterruptibly().cause();
        if (refused != null) {
            opened.unsafe().closeForcibly();
            throw ListenerException.bind(address, refused);
        }
        channel = opened;
        refused = loop.submit(() -> tryAllocate(opened)).awaitUninterruptibly().cause();
        if (refused == null) {
            refused = opened.bind(address).awaitUninterruptibly().cause();
        }
        if (refused != null) {
            opened.close().awaitUninterruptibly();
            throw ListenerException.bind(address, refused);
        }
        join(opened);
        receiveBufferBytes = transport.receiveBufferBytes(opened);
        InetSocketAddress local = (InetSocketAddress) opened.localAddress();
        boundTo = local;
        drops = transport.kernelDrops(opened, local);
        opened.closeFuture().addListener(closed -> onChannelClosed());
    }

    private void join(Channel opened) {
        try {
            settings.groups().forEach(group -> group.join((DatagramChannel) opened));
        } catch (RuntimeException e) {
            opened.close().awaitUninterruptibly();
            throw e;
        }
    }

    /**
     * Throws what the first read would throw without memory. On the event loop, because Netty's pool is divided by thread.
     */
    private static void tryAllocate(Channel opened) {
        opened.unsafe().recvBufAllocHandle().allocate(opened.alloc()).release();
    }

    void startReading() {
        Throwable refused = loop.submit(() -> {
                    dropsPoll =
                            loop.scheduleWithFixedDelay(this::pollDrops, 0, DROPS_PERIOD_MILLIS, TimeUnit.MILLISECONDS);
                    channel().config().setAutoRead(true);
                })
                .awaitUninterruptibly()
                .cause();
        if (refused != null) {
            throw ListenerException.bind(address(), refused);
        }
    }

    boolean isOwnThread() {
        return loop.inEventLoop();
    }

    /** How many datagrams were read; exact while the event loop is idle. */
    long datagrams() {
        return handler.datagrams();
    }

    int receiveBufferBytes() {
        return receiveBufferBytes;
    }

    InetSocketAddress address() {
        if (boundTo == null) {
            throw new IllegalStateException("socket: not bound");
        }
        return boundTo;
    }

    Channel channel() {
        if (channel == null) {
            throw new IllegalStateException("socket: not opened");
        }
        return channel;
    }

    private void report(Throwable error) {
        if (mustStop(error)) {
            host.reportError(error); // not wrapped, so that it stops the engine
            return;
        }
        String where = boundTo == null ? "socket" : "socket " + ListenerException.text(boundTo);
        host.reportError(new ListenerException(where + ": " + error, error));
    }

    /** Direct memory comes back when the ring drains; heap does not. */
    private boolean mustStop(Throwable error) {
        return host.stopsEngine(error) && !ListenerException.isShortOfDirectMemory(error);
    }

    private void onChannelClosed() {
        if (!closing) {
            report(new IOException("closed unexpectedly; nothing is read from it any more"));
        }
    }

    // ---- on the event loop

    /** Counts drops, unless the last count took so long that it would be too much for this thread. */
    void pollDrops() {
        long startNanos = System.nanoTime();
        if (startNanos - nextDropsNanos >= 0) {
            countDrops();
            long endNanos = System.nanoTime();
            nextDropsNanos = endNanos + (endNanos - startNanos) * (DROPS_SHARE - 1);
        }
    }

    private void countDrops() {
        if (!channel().isOpen()) {
            return;
        }
        try {
            long now = drops.read();
            dropsFailed = false;
            if (now < 0 && dropsKnown) {
                whenDropsUnknown.run();
            }
            setDropsKnown(now >= 0);
            if (now >= 0) {
                long more = (now - lastDrops) & 0xFFFF_FFFFL; // the kernel's count wraps
                lastDrops = now;
                if (more > 0) {
                    intake.countKernelDropped(more);
                }
            }
        } catch (Throwable error) {
            if (mustStop(error)) {
                report(error);
            } else if (!dropsFailed) {
                report(new IOException("the kernel's drops cannot be counted for now", error));
            }
            dropsFailed = true; // reported once and retried; the kernel keeps counting
            setDropsKnown(false);
        }
    }

    private void setDropsKnown(boolean known) {
        if (dropsKnown != known) {
            dropsKnown = known;
            intake.kernelDropsKnown(known);
        }
    }

    /** Calls {@code whenRead} once, when what the socket holds at present is published, or the socket closes. */
    void catchUp(Runnable whenRead) {
        try {
            loop.execute(() -> catchUp(newRounds(), handler.dryReads(), whenRead));
        } catch (RejectedExecutionException closed) {
            whenRead.run();
        }
    }

    /** Under load no round is quiet, but a read that begins after the first round may find the socket dry. */
    private void catchUp(ReadRounds rounds, long dryReadsBefore, Runnable whenRead) {
        boolean goesOn = false;
        try {
            Channel opened = channel;
            boolean dry = handler.dryReads() != dryReadsBefore;
            if (opened != null && opened.isActive() && !dry && !isRead(rounds)) {
                var unused = loop.schedule(
                        () -> catchUp(rounds, dryReadsBefore, whenRead),
                        ReadRounds.ROUND_MILLIS,
                        TimeUnit.MILLISECONDS);
                goesOn = true;
            }
        } catch (Throwable error) { // the event loop would not report it
            report(error);
        } finally {
            if (!goesOn) {
                whenRead.run();
            }
        }
    }

    // ---- closing

    /**
     * Begins to close, unless that has begun, and returns at once. {@code whenClosed} runs once, after the last count: on
     * the event loop or, if there is no thread for it, at once. Can be called again after an error.
     */
    void beginClose(Runnable whenClosed) {
        if (!closeRequested.compareAndSet(false, true)) {
            return;
        }
        try {
            loop.execute(() -> drain(whenClosed));
        } catch (Throwable error) {
            if (channel != null) {
                closeRequested.set(false);
                throw error;
            }
            end(whenClosed); // never registered, as bind has reported; nobody else uses the intake
        }
    }

    /**
     * Makes a waiting publication give up, so that the close can continue. What the socket holds is read until the given
     * time and counted as discarded.
     */
    void cutOff(long readUntilNanos) {
        this.readUntilNanos = readUntilNanos;
        cutOff = true;
        intake.cutOff();
    }

    private void drain(Runnable whenClosed) {
        boolean goesOn = false;
        try {
            goesOn = drainRound(whenClosed);
        } catch (Throwable error) { // the event loop would not report it
            report(error);
        } finally {
            if (!goesOn) {
                finish(whenClosed);
            }
        }
    }

    /** Runs one round; false if it was the last. */
    private boolean drainRound(Runnable whenClosed) {
        boolean open = dropsPoll != null && channel().isActive(); // and reading has started
        ReadRounds rounds = roundsAtClose;
        if (rounds == null) {
            rounds = newRounds();
            roundsAtClose = rounds;
            if (open) {
                transport.shutOut(channel(), address());
            }
        }
        boolean late = cutOff && System.nanoTime() - readUntilNanos > 0;
        if (!open || late || isRead(rounds)) {
            return false;
        }
        var unused = loop.schedule(() -> drain(whenClosed), ReadRounds.ROUND_MILLIS, TimeUnit.MILLISECONDS);
        return true;
    }

    private ReadRounds newRounds() {
        return new ReadRounds(handler.datagrams(), maxHeldDatagrams());
    }

    /** A channel that does not read is paused, after an error. */
    private boolean isRead(ReadRounds rounds) {
        return rounds.isOver(handler.datagrams(), !channel().config().isAutoRead());
    }

    private long maxHeldDatagrams() {
        long datagrams = 2L * receiveBufferBytes / MIN_HELD_BYTES + 1;
        return settings.gro() ? datagrams * MAX_SEGMENTS : datagrams;
    }

    private void finish(Runnable whenClosed) {
        try {
            if (dropsPoll != null) {
                dropsPoll.cancel(false);
            }
            handler.publish();
        } catch (Throwable error) {
            report(error);
        } finally {
            closeChannel(whenClosed);
        }
    }

    private void closeChannel(Runnable whenClosed) {
        try {
            if (channel != null) {
                countDrops();
            }
        } finally {
            closing = true;
            if (channel == null) {
                end(whenClosed);
            } else {
                close(channel, whenClosed);
            }
        }
    }

    private void close(Channel opened, Runnable whenClosed) {
        try {
            opened.close().addListener(closed -> end(whenClosed));
        } catch (Throwable error) {
            report(error);
            end(whenClosed);
        }
    }

    private void end(Runnable whenClosed) {
        if (ended.compareAndSet(false, true)) {
            try {
                intake.close();
            } finally {
                whenClosed.run();
            }
        }
    }
}
