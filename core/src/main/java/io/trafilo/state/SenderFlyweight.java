package io.trafilo.state;

import io.trafilo.Sender;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Objects;

/** A sender, as the numbers of {@link io.trafilo.spi.Senders}. One per thread, reset for each message. */
public final class SenderFlyweight implements Sender {
    private static final int PORT_BITS = 16;
    private static final int PORT_MASK = (1 << PORT_BITS) - 1;

    private long high;
    private long low;
    private int end;

    /** Points this at a sender; with {@code end} 0, at an unknown one. */
    public void wrap(long newHigh, long newLow, int newEnd) {
        high = newHigh;
        low = newLow;
        end = newEnd;
    }

    @Override
    public boolean isKnown() {
        return end != 0;
    }

    @Override
    public int port() {
        return end & PORT_MASK;
    }

    @Override
    public int addressLength() {
        return end >>> PORT_BITS;
    }

    @Override
    public byte addressByte(int index) {
        int fromEnd = addressLength() - 1 - Objects.checkIndex(index, addressLength());
        long half = fromEnd < Long.BYTES ? low : high;
        return (byte) (half >>> (fromEnd * Byte.SIZE)); // a shift by 64 is a shift by 0
    }

    @Override
    public InetSocketAddress toSocketAddress() {
        if (!isKnown()) {
            throw new IllegalStateException("sender: unknown (expected: isKnown())");
        }
        byte[] address = new byte[addressLength()];
        for (int i = 0; i < address.length; i++) {
            address[i] = addressByte(i);
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port());
        } catch (UnknownHostException never) {
            throw new IllegalStateException("every length that is set is one of an address", never);
        }
    }

    /** For messages of the log. */
    @Override
    public String toString() {
        return isKnown() ? toSocketAddress().toString() : "unknown";
    }
}
