package io.trafilo.netty;

import io.trafilo.Counter;
import io.trafilo.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** A UDP client on a socket of its own. */
final class Sender implements AutoCloseable {
    private static final int FAR_AHEAD = 200;

    private final DatagramChannel channel;
    private final InetSocketAddress to;
    private long sent;

    Sender(InetSocketAddress to) {
        this.to = to;
        try {
            channel = DatagramChannel.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends from an address of this machine, on a free port. */
    Sender(String from, InetSocketAddress to) {
        this(to);
        try {
            channel.bind(new InetSocketAddress(from, 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same port at another address, for a listener at all addresses. */
    static InetSocketAddress at(String host, InetSocketAddress listener) {
        return new InetSocketAddress(host, listener.getPort());
    }

    long sent() {
        return sent;
    }

    int port() {
        return channel.socket().getLocalPort();
    }

    void send(byte[] datagram) {
        try {
            channel.send(ByteBuffer.wrap(datagram), to); // a connected channel would not send an empty one
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sent++;
    }

    void send(String datagram) {
        send(datagram.getBytes(StandardCharsets.US_ASCII));
    }

    void sendMany(int count) {
        for (int i = 0; i < count; i++) {
            send("key" + i % 10 + " 1");
        }
    }

    void sendInStep(int count, Supplier<Ledger> receiver) {
        sendInStep(count, receiver, i -> "key" + i % 10 + " 1");
    }

    /** Keeps so close to the receiver that no socket buffer overflows. */
    void sendInStep(int count, Supplier<Ledger> receiver, IntFunction<String> message) {
        long before = receiver.get().count(Counter.RECEIVED);
        for (int i = 0; i < count; i++) {
            while (i % 64 == 0 && i - (receiver.get().count(Counter.RECEIVED) - before) > FAR_AHEAD) {
                Thread.yield();
            }
            send(message.apply(i));
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
