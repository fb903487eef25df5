package io.trafilo.bench.plain;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Receives datagrams in a thread of its own and queues a copy of each. While the queue is full it waits, and the kernel drops.
 * Thread-safe.
 */
public final class PlainUdpListener implements AutoCloseable {
    private final DatagramSocket socket;
    private final PlainEngine engine;
    private final Thread thread;
    private final DatagramPacket packet;
    private final AtomicLong received = new AtomicLong();
    private volatile boolean closing;

    /** Binds to a free port of the loopback address and starts to receive. */
    public PlainUdpListener(PlainEngine engine, int receiveBufferBytes, int maxDatagramBytes) throws IOException {
        this.engine = engine;
        this.packet = new DatagramPacket(new byte[maxDatagramBytes], maxDatagramBytes);
        this.socket = DatagramChannel.open(StandardProtocolFamily.INET).socket(); // cheaper than one for IPv6 as well
        socket.setReceiveBufferSize(receiveBufferBytes);
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
        this.thread = new Thread(this::receive, "plain-udp");
        thread.start();
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** How much the kernel holds for the socket. */
    public int receiveBufferBytes() throws IOException {
        return socket.getReceiveBufferSize();
    }

    /** How many datagrams were received. */
    public long received() {
        return received.get();
    }

    private void receive() {
        byte[] buffer = packet.getData();
        try {
            while (!closing) {
                packet.setLength(buffer.length);
                socket.receive(packet);
                received.lazySet(received.get() + 1);
                engine.put(Arrays.copyOf(buffer, packet.getLength()));
            }
        } catch (IOException | InterruptedException end) {
            if (!closing) {
                throw new IllegalStateException("the receiving thread ended", end);
            }
        }
    }

    /** Stops receiving; what was received is in the engine's queue then. */
    @Override
    public void close() {
        closing = true;
        socket.close();
        try {
            thread.join();
        } catch (InterruptedException hurried) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
