package io.trafilo.netty;

import io.netty.buffer.ByteBuf;
import io.trafilo.spi.Intake;
import io.trafilo.spi.Senders;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An intake that keeps a copy of what is published, and gives every buffer back. For one thread. */
final class CollectingIntake implements Intake<ByteBuf> {
    private final List<byte[]> published = new ArrayList<>();
    private long empty;
    private long oversized;
    private long filtered;

    @Override
    public long epochNanos() {
        return 1;
    }

    @Override
    public int publish(ByteBuf[] buffers, @Nullable Senders senders, int count, long receiptNanos) {
        for (int i = 0; i < count; i++) {
            ByteBuf buffer = buffers[i];
            byte[] bytes = new byte[ByteBufAccess.INSTANCE.length(buffer)];
            ByteBufAccess.INSTANCE.copyTo(buffer, bytes, 0);
            ByteBufAccess.INSTANCE.release(buffer);
            published.add(bytes);
        }
        Arrays.fill(buffers, 0, count, null);
        return count;
    }

    @Override
    public void countEmpty() {
        empty++;
    }

    @Override
    public void countOversized() {
        oversized++;
    }

    @Override
    public void countFiltered() {
        filtered++;
    }

    @Override
    public void countKernelDropped(long count) {}

    @Override
    public void kernelDropsKnown(boolean known) {}

    @Override
    public void cutOff() {}

    @Override
    public void close() {}

    long empty() {
        return empty;
    }

    long oversized() {
        return oversized;
    }

    long filtered() {
        return filtered;
    }

    /** Checks that these were published, in this order. */
    void requirePublished(List<byte[]> expected) {
        if (published.size() != expected.size()) {
            throw new AssertionError("published: " + published.size() + " (expected: " + expected.size() + ")");
        }
        for (int i = 0; i < expected.size(); i++) {
            if (!Arrays.equals(published.get(i), expected.get(i))) {
                throw new AssertionError("datagram " + i + " is not what was sent");
            }
        }
    }
}
