package io.trafilo.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/** Sends with the JDK's own channel: one system call per datagram. */
final class NioSender implements DatagramSender {
    private final MessageSet messages;
    private final KeySequence sequence;
    private final @Nullable ByteBuffer[] views;
    private final boolean stamped;
    private final SendTally tally = new SendTally();
    private final DatagramChannel channel;

    NioSender(InetSocketAddress target, MessageSet messages, KeySequence sequence, boolean stamped) throws IOException {
        this.messages = messages;
        this.sequence = sequence;
        this.stamped = stamped;
        this.views = new ByteBuffer[messages.keyCount()];
        this.channel = DatagramChannel.open();
        try {
            channel.connect(target);
        } catch (IOException | RuntimeException refused) {
            channel.close();
            throw refused;
        }
    }

    @Override
    public void send(int count, Schedule schedule) {
        for (int i = 0; i < count; i++) {
            int key = sequence.next();
            ByteBuffer message = view(key).rewind();
            if (stamped) {
                message.putLong(MessageSet.payloadOffset(key), schedule.dueNanos(i));
            }
            try {
                channel.write(message);
                tally.addSent(1);
            } catch (IOException refused) {
                tally.addFailed(1, refused);
            }
        }
    }

    private ByteBuffer view(int key) {
        ByteBuffer view = views[key];
        if (view == null) {
            view = messages.message(key);
            views[key] = view;
        }
        return view;
    }

    @Override
    public SendTally tally() {
        return tally;
    }

    @Override
    public String transport() {
        return "nio";
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }
}
