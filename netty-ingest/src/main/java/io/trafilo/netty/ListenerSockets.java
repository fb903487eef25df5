package io.trafilo.netty;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.trafilo.Trafilo;
import io.trafilo.spi.ListenerHandle;
import io.trafilo.spi.ListenerHost;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The sockets of one listener and the threads that read them. They start together and close together. Thread-safe. */
final class ListenerSockets {
    /*
     * Closing needs no thread of its own. The first caller makes the event loops begin. Each loop drains its socket, closes
     * it and its intake, and the last one ends the group. Every caller waits for that within its own time, and cuts the
     * intakes off when most of it has passed, which frees a loop that waits for room in the ring. If the caller is an event
     * loop, in a callback, another thread waits in its place.
     */

    /** The last part of the timeout, reserved to count what can no longer be published. */
    private static final long RESERVE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** Added if less than that was left. */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** How long the sockets are still read, and the datagrams counted as discarded, if there was no time at all. */
    private static final long LAST_READ_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    private static final Duration FAILED_START_TIMEOUT = Duration.ofSeconds(1);

    private final Trafilo<?> engine;
    private final ListenerHost host;
    private final String name;
    private final ListenerSettings settings;
    private final NettyTransport transport;
    private final List<InetSocketAddress> addresses; // as requested
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final EventLoopGroup group;
    private final ListenerHandle handle = new Handle(); // one object: the engine identifies the listener by it
    private final List<UdpSocket> sockets = new CopyOnWriteArrayList<>();
    private final CountDownLatch started = new CountDownLatch(1);
    private final AtomicBoolean warnedOfUnknownDrops = new AtomicBoolean();
    private final AtomicBoolean finishing = new AtomicBoolean();
    private final AtomicInteger open = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Creates the event loops. Leaves nothing behind if it throws. */
    ListenerSockets(
            Trafilo<?> engine, ListenerSettings settings, NettyTransport transport, List<InetSocketAddress> addresses) {
        this.engine = engine;
        this.host = ListenerHost.of(engine);
        this.name = engine.settings().name();
        this.settings = settings;
        this.transport = transport;
        this.addresses = addresses;
        try {
            group = new MultiThreadIoEventLoopGroup(settings.threads(), threadFactory(), transport.ioHandlers());
        } catch (IllegalStateException | OutOfMemoryError | LinkageError e) {
            throw ListenerException.bind(addresses.get(0), e);
        }
    }

    private ThreadFactory threadFactory() {
        AtomicInteger next = new AtomicInteger();
        return task -> {
            Thread thread = new FastThreadLocalThread(task, name + "-udp-" + next.getAndIncrement());
            thread.setDaemon(true); // the engine keeps the JVM alive; a callback that hangs here must not
            threads.add(thread);
            return thread;
        };
    }

    NettyTransport transport() {
        return transport;
    }

    List<UdpSocket> all() {
        return sockets;
    }

    UdpSocket first() {
        return sockets.get(0);
    }

    InetSocketAddress address() {
        return first().address();
    }

    /** One for each address, whatever the threads. */
    List<InetSocketAddress> addresses() {
        return sockets.stream().map(UdpSocket::address).distinct().toList();
    }

    int receiveBufferBytes() {
        return first().receiveBufferBytes();
    }

    List<Long> datagrams() {
        return sockets.stream().map(UdpSocket::datagrams).toList();
    }

    /** Binds all sockets, then starts reading. Leaves nothing behind if it throws. */
    void start() {
        boolean done = false;
        try {
            int port = addresses.get(0).getPort();
            for (InetSocketAddress address : addresses) {
                for (int i = 0; i < settings.threads(); i++) {
                    UdpSocket socket = newSocket();
                    socket.bind(new InetSocketAddress(address.getAddress(), port));
                    port = socket.address().getPort(); // the others take the port that the first one got
                }
            }
            warnIfBufferSmall();
            warnIfUnrestricted();
            sockets.forEach(UdpSocket::startReading);
            done = true;
        } finally {
            open.set(sockets.size());
            started.countDown();
            if (!done || !engine.isRunning()) { // a close of the engine from now on closes this as well
                close(FAILED_START_TIMEOUT);
            }
        }
        if (!engine.isRunning()) {
            throw new IllegalStateException("start: the engine was closed while the listener started");
        }
    }

    private UdpSocket newSocket() {
        var intake = host.openIntake(ByteBufAccess.INSTANCE, handle);
        try {
            UdpSocket socket = new UdpSocket(host, settings, transport, group.next(), intake, this::warnOfUnknownDrops);
            sockets.add(socket);
            return socket;
        } catch (Throwable error) {
            intake.close();
            throw error;
        }
    }

    private void warnIfBufferSmall() {
        int granted = receiveBufferBytes();
        int asked = settings.receiveBufferBytes();
        if (granted < asked) {
            NettyTransport.LOGGER.log(
                    Level.WARNING,
                    "receiveBufferBytes: " + asked + " bytes requested, " + granted
                            + " granted; the kernel drops bursts beyond that. Its limit is net.core.rmem_max; raise it"
                            + " with: sysctl -w net.core.rmem_max=" + asked);
        }
    }

    private void warnIfUnrestricted() {
        if (address().getAddress().isAnyLocalAddress() && settings.allowed().isEmpty()) {
            NettyTransport.LOGGER.log(
                    Level.WARNING,
                    "bind: " + ListenerException.text(address()) + " accepts datagrams from anyone who can reach this"
                            + " machine (expected: an address that only the senders can reach, or their networks in"
                            + " allow)");
        }
    }

    /** On an event loop. */
    private void warnOfUnknownDrops() {
        if (!name.equals(WarmUp.NAME) && warnedOfUnknownDrops.compareAndSet(false, true)) {
            NettyTransport.LOGGER.log(
                    Level.WARNING,
                    "kernelDropped: unknown, since this system does not tell what it drops at a socket (expected:"
                            + " SO_MEMINFO, or a readable /proc/net/udp). Datagrams can be lost without a count");
        }
    }

    // ---- closing

    /**
     * Closes all sockets and ends the threads. Waits for that, if necessary a quarter of a second longer than requested,
     * unless called by one of these threads.
     */
    void close(Duration timeout) {
        long timeoutNanos = timeout.toNanos();
        long deadlineNanos = System.nanoTime() + timeoutNanos;
        if (!await(started, deadlineNanos)) {
            return; // start() will find the engine closed
        }
        beginClose();
        if (sockets.stream().anyMatch(UdpSocket::isOwnThread)) {
            finishOnThread(timeoutNanos, deadlineNanos);
        } else {
            finishClose(timeoutNanos, deadlineNanos);
        }
    }

    /** For a caller that must not wait, because the close may wait for it. */
    private void finishOnThread(long timeoutNanos, long deadlineNanos) {
        if (!finishing.compareAndSet(false, true)) {
            return; // a callback may call this again for each message
        }
        try {
            Thread thread = new Thread(() -> finishClose(timeoutNanos, deadlineNanos), name + "-udp-closer");
            thread.setDaemon(true);
            thread.start();
        } catch (OutOfMemoryError noThread) {
            finishing.set(false);
            host.reportError(noThread);
        }
    }

    private void finishClose(long timeoutNanos, long deadlineNanos) {
        if (!await(closed, deadlineNanos - Math.min(timeoutNanos / 4, RESERVE_NANOS))) {
            long readUntilNanos = Math.max(deadlineNanos, System.nanoTime() + LAST_READ_NANOS);
            sockets.forEach(socket -> socket.cutOff(readUntilNanos));
        }
        long lastNanos = Math.max(deadlineNanos, System.nanoTime() + GRACE_NANOS);
        if (!await(closed, lastNanos) || !awaitThreads(lastNanos)) {
            host.reportError(new ListenerException("close: a thread of the listener did not end within "
                    + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms"));
        }
    }

    private void beginClose() {
        if (sockets.isEmpty()) {
            end();
        }
        for (UdpSocket socket : sockets) {
            try {
                socket.beginClose(this::socketClosed);
            } catch (Throwable error) { // the others must still close
                host.reportError(error);
            }
        }
    }

    private void socketClosed() {
        if (open.decrementAndGet() == 0) {
            end();
        }
    }

    private void end() {
        for (EventExecutor loop : group) {
            try {
                var unused = loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
            } catch (Throwable error) {
                // the loop never had a thread and counts as ended, or it has one, which is awaited
            }
        }
        closed.countDown();
    }

    private boolean awaitThreads(long deadlineNanos) {
        // Netty reports the end of a thread slightly before its end
        for (Thread thread : threads) {
            awaitUninterruptibly(nanos -> join(thread, nanos), deadlineNanos);
        }
        return threads.stream().noneMatch(Thread::isAlive);
    }

    private static boolean join(Thread thread, long nanos) throws InterruptedException {
        TimeUnit.NANOSECONDS.timedJoin(thread, nanos);
        return !thread.isAlive();
    }

    private static boolean await(CountDownLatch latch, long deadlineNanos) {
        return awaitUninterruptibly(nanos -> latch.await(nanos, TimeUnit.NANOSECONDS), deadlineNanos);
    }

    /** One wait of limited time. */
    @FunctionalInterface
    private interface Wait {
        boolean await(long nanos) throws InterruptedException;
    }

    private static boolean awaitUninterruptibly(Wait wait, long deadlineNanos) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return wait.await(Math.max(0, deadlineNanos - System.nanoTime()));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final class Handle implements ListenerHandle {
        @Override
        public void close(Duration timeout) {
            ListenerSockets.this.close(timeout);
        }

        @Override
        public void catchUp(Runnable whenRead) {
            List<UdpSocket> asked = List.copyOf(sockets); // some may still be added, which hold nothing yet
            AtomicInteger left = new AtomicInteger(asked.size());
            if (asked.isEmpty()) {
                whenRead.run();
            }
            for (UdpSocket socket : asked) {
                socket.catchUp(() -> {
                    if (left.decrementAndGet() == 0) {
                        whenRead.run();
                    }
                });
            }
        }

        /** Never runs while sockets are being added: none is read by then. */
        @Override
        public void whileWaiting() {
            for (UdpSocket socket : sockets) {
                if (socket.isOwnThread()) {
                    socket.pollDrops();
                }
            }
        }

        @Override
        public boolean runsToCompletion() {
            return settings.runToCompletion();
        }
    }
}
