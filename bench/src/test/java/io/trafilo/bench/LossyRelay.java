package io.trafilo.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;

/** Passes datagrams on, all but the first few. */
final class LossyRelay {
    private final DatagramChannel channel;
    private final InetSocketAddress address;

    private LossyRelay(DatagramChannel channel) throws IOException {
        this.channel = channel;
        this.address = (InetSocketAddress) channel.getLocalAddress();
    }

    static LossyRelay to(InetSocketAddress target, int lost) throws IOException {
        DatagramChannel channel =
                DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread relay = new Thread(() -> pass(channel, target, lost), "lossy-relay");
        relay.setDaemon(true);
        relay.start();
        return new LossyRelay(channel);
    }

    private static void pass(DatagramChannel channel, InetSocketAddress target, int lost) {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        try {
            for (long count = 0; ; count++) {
                channel.receive(buffer.clear());
                if (count >= lost) {
                    channel.send(buffer.flip(), target);
                }
            }
        } catch (ClosedChannelException end) {
            // as it should end
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    InetSocketAddress address() {
        return address;
    }

    void close() {
        try {
            channel.close();
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
