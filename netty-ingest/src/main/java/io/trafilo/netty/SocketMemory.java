package io.trafilo.netty;

import io.netty.channel.Channel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads the drops that Linux counts at the socket itself, from {@code SO_MEMINFO}. */
final class SocketMemory implements KernelDrops {
    private static final int SOL_SOCKET = 1;
    private static final int SO_MEMINFO = 55;
    private static final int WORDS = 9;
    private static final int DROPS_WORD = 8;
    private static final RawUnixChannelOption OPTION =
            new RawUnixChannelOption("SO_MEMINFO", SOL_SOCKET, SO_MEMINFO, WORDS * Integer.BYTES);

    private final Channel channel;

    SocketMemory(Channel channel) {
        this.channel = channel;
    }

    @Override
    public long read() throws IOException {
        ByteBuffer words;
        try {
            words = channel.config().getOption(OPTION);
        } catch (RuntimeException e) {
            throw new IOException("SO_MEMINFO cannot be read", e);
        }
        return Integer.toUnsignedLong(words.order(ByteOrder.nativeOrder()).getInt(DROPS_WORD * Integer.BYTES));
    }
}
