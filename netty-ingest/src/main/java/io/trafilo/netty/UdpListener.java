package io.trafilo.netty;

import static java.util.Objects.requireNonNull;

import io.trafilo.Trafilo;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Receives UDP datagrams and publishes them into the ring of an engine, each as one message.
 *
 * <p>Threading: each socket has one thread, which reads and publishes; where {@code localhost} stands for two addresses, a
 * thread has a socket at each. The threads are named {@code trafilo-udp-0} and so
 * on, after the engine. Any thread may call any method.
 *
 * <p>Counters: the engine's {@link Trafilo#ledger} counts every datagram. The listener drops datagrams from sources outside
 * {@link UdpListenerBuilder#allow}, empty ones, and those longer than {@link UdpListenerBuilder#maxDatagramBytes}. It adds
 * the kernel's drops to {@code kernelDropped} every 100 ms, or
 * so rarely that it takes a hundredth of the thread's time, even while it waits for the ring, and once more when it closes.
 * With {@link UdpListenerBuilder#runToCompletion} it adds them between two batches. Linux tells the drops at the socket
 * ({@code SO_MEMINFO}) or in {@code /proc/net/udp}. Where it tells neither, and on other systems, a warning is logged and
 * {@code kernelDropped} is not {@linkplain io.trafilo.Ledger#isKnown known}.
 * With {@link UdpListenerBuilder#gro} one drop can stand for many datagrams.
 *
 * <p>Overload: with the policy {@code BLOCK} a full ring makes the listener's thread wait. It reads nothing meanwhile, and
 * the kernel drops what its receive buffer cannot hold. With {@code DROP_NEWEST} it never waits.
 *
 * <p>Failure: errors of an open socket go to the engine's error listener, and reading continues after a pause of 10 ms.
 */
public final class UdpListener implements AutoCloseable {
    private final ListenerSockets sockets;
    private final Duration closeTimeout;

    UdpListener(ListenerSockets sockets, Duration closeTimeout) {
        this.sockets = sockets;
        this.closeTimeout = closeTimeout;
    }

    /**
     * {@return a builder with all settings at their defaults}
     *
     * @param engine takes the datagrams. It must be running when the listener starts, and closes the listener when it closes
     */
    public static UdpListenerBuilder builder(Trafilo<?> engine) {
        return new UdpListenerBuilder(requireNonNull(engine, "engine"));
    }

    /**
     * {@return the address of the sockets, with the port that the system chose if 0 was requested}
     *
     * <p>The first one, if {@code localhost} stands for two: see {@link #addresses}.
     */
    public InetSocketAddress address() {
        return sockets.address();
    }

    /** {@return all addresses of the sockets, on the same port: two for {@code localhost}, else one; unmodifiable} */
    public List<InetSocketAddress> addresses() {
        return sockets.addresses();
    }

    /** {@return how the sockets are read} */
    public Transport transport() {
        return sockets.transport().kind();
    }

    /**
     * {@return the receive buffer that the kernel granted each socket, in bytes}
     *
     * <p>Less than {@link UdpListenerBuilder#receiveBufferBytes} if {@code net.core.rmem_max} limits it. Linux reports twice
     * this value.
     */
    public int receiveBufferBytes() {
        return sockets.receiveBufferBytes();
    }

    /**
     * Closes the listener: stops accepting datagrams, reads and publishes what the sockets hold, counts the kernel's drops once
     * more, closes the sockets and ends the threads. NIO cannot shut senders out: datagrams that arrive after the last read
     * are lost without a count. What cannot be published in time is counted as {@code discardedAtClose}. The engine keeps
     * running and can get a new listener.
     *
     * <p>Idempotent; a second caller waits for the same close. Blocks for {@link UdpListenerBuilder#closeTimeout} at most,
     * plus 250 ms if a thread must be freed from waiting for the ring. On a thread of the listener itself, in a callback
     * with {@link UdpListenerBuilder#runToCompletion}, it returns at once and the close continues. A callback on a worker
     * should call {@link Trafilo#shutdown} instead: a full ring may wait for that very worker.
     */
    @Override
    public void close() {
        sockets.close(closeTimeout);
    }

    ListenerSockets sockets() {
        return sockets;
    }

    @Override
    public String toString() {
        return "UdpListener[" + ListenerException.text(address()) + ", " + transport() + "]";
    }
}
