package io.trafilo.spi;

import java.util.Objects;

/**
 * Who sent each message of a batch, as numbers, so that no object is kept for a message. A listener fills in one of these beside its
 * array of buffers, and uses it again for the next batch. Not thread-safe.
 */
public final class Senders {
    private static final int V4_BYTES = 4;
    private static final int V6_BYTES = 16;
    private static final int PORT_BITS = 16;
    private static final int MAX_PORT = (1 << PORT_BITS) - 1;

    /** The upper 32 bits of the lower half of an IPv4 address that is mapped into IPv6; its upper half is 0. */
    private static final long MAPPED = 0xFFFF;

    private final long[] high;
    private final long[] low;
    private final int[] ends;

    /**
     * Makes room for a batch, all of whose senders are unknown.
     *
     * @param capacity the most messages of a batch
     */
    public Senders(int capacity) {
        high = new long[capacity];
        low = new long[capacity];
        ends = new int[capacity];
    }

    /**
     * Sets the sender of a message. An IPv4 address that is mapped into IPv6 becomes one of IPv4.
     *
     * @param index the index of the message in its batch
     * @param address the IP address in network order, 4 or 16 bytes
     * @param port 0 to 65,535
     * @throws IllegalArgumentException if it is none of these
     */
    public void set(int index, byte[] address, int port) {
        if ((address.length != V4_BYTES && address.length != V6_BYTES) || port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("sender: " + address.length + " bytes, port " + port
                    + " (expected: an address of 4 or 16 bytes and a port from 0 to " + MAX_PORT + ")");
        }
        if (address.length == V4_BYTES) {
            set(index, 0, read(address, 0, V4_BYTES), (V4_BYTES << PORT_BITS) | port);
            return;
        }
        long upper = read(address, 0, Long.BYTES);
        long lower = read(address, Long.BYTES, Long.BYTES);
        boolean mapped = upper == 0 && lower >>> Integer.SIZE == MAPPED;
        set(index, upper, mapped ? lower & 0xFFFF_FFFFL : lower, ((mapped ? V4_BYTES : V6_BYTES) << PORT_BITS) | port);
    }

    /**
     * For the engine: copies a sender of another batch.
     *
     * @param index the index of the message in this batch
     * @param newHigh see {@link #high}
     * @param newLow see {@link #low}
     * @param newEnd see {@link #end}
     */
    public void set(int index, long newHigh, long newLow, int newEnd) {
        high[index] = newHigh;
        low[index] = newLow;
        ends[index] = newEnd;
    }

    private static long read(byte[] address, int offset, int length) {
        long value = 0;
        for (int i = 0; i < length; i++) {
            value = (value << Byte.SIZE) | (address[offset + i] & 0xFF);
        }
        return value;
    }

    /**
     * Says that the sender of a message is not known.
     *
     * @param index the index of the message in its batch
     */
    public void setUnknown(int index) {
        ends[Objects.checkIndex(index, ends.length)] = 0;
    }

    /**
     * For the engine: the upper half of an IPv6 address.
     *
     * @param index the index of the message
     * @return 64 bits; 0 for IPv4
     */
    public long high(int index) {
        return high[index];
    }

    /**
     * For the engine: the lower half of an IPv6 address, or an IPv4 address.
     *
     * @param index the index of the message
     * @return 64 bits, or 32 for IPv4
     */
    public long low(int index) {
        return low[index];
    }

    /**
     * For the engine: the length of the address and the port.
     *
     * @param index the index of the message
     * @return the length in the upper 16 bits, the port in the lower ones; 0 for an unknown sender
     */
    public int end(int index) {
        return ends[index];
    }
}
