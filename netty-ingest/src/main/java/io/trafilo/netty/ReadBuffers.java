package io.trafilo.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import java.net.SocketException;

/**
 * Sizes the buffers of one channel, as many slots as the last reads could fill, and tells which datagrams keep too much of
 * them. For the channel's event loop.
 */
final class ReadBuffers extends DefaultMaxMessagesRecvByteBufAllocator {
    /*
     * Each slot offered to recvmmsg costs time, filled or not, and every datagram that waits in the ring keeps the whole
     * buffer it was read into. So the number of slots follows the load: a read that fills all of them doubles it, one that
     * fills less than a quarter halves it. What a read left almost empty is better given back at once and its few datagrams
     * copied out.
     */

    /** Netty reads with recvmmsg from two slots on. */
    private static final int MIN_SLOTS = 2;

    /** So that a buffer is a small part of the pool's 4 MiB chunks. */
    private static final int MAX_BUFFER_BYTES = 1 << 18;

    private static final int WASTE_BYTES = 1 << 14;

    private final int slotBytes;
    private final int minSlots;
    private final int maxSlots;
    private final boolean shared;
    private int slots;
    private boolean wasteful;

    private ReadBuffers(int slotBytes, int minSlots, int maxSlots, boolean shared, int maxDatagramsPerLoop) {
        super(maxDatagramsPerLoop);
        this.slotBytes = slotBytes;
        this.minSlots = minSlots;
        this.maxSlots = maxSlots;
        this.shared = shared;
        this.slots = minSlots;
    }

    /** For reads of several datagrams of up to {@code slotBytes}. */
    static ReadBuffers slotted(int slotBytes, int maxSlots, int maxDatagramsPerLoop) {
        int fitting = Math.max(MIN_SLOTS, Math.min(maxSlots, MAX_BUFFER_BYTES / slotBytes));
        return new ReadBuffers(slotBytes, MIN_SLOTS, fitting, true, maxDatagramsPerLoop);
    }

    /** For reads of what the kernel joined. */
    static ReadBuffers joined(int bytes, int maxDatagramsPerLoop) {
        return new ReadBuffers(bytes, 1, 1, true, maxDatagramsPerLoop);
    }

    /** For reads of one datagram. */
    static ReadBuffers single(int bytes, int maxDatagramsPerLoop) {
        return new ReadBuffers(bytes, 1, 1, false, maxDatagramsPerLoop);
    }

    /** Whether a datagram just delivered keeps a buffer that it and those read with it leave almost empty. */
    boolean keepsTooMuch(ByteBuf datagram) {
        return shared ? wasteful : isWasteful(datagram.readableBytes(), datagram.capacity());
    }

    private static boolean isWasteful(int bytes, int capacity) {
        return isPoor(bytes, capacity) && capacity - bytes > WASTE_BYTES;
    }

    private static boolean isPoor(int bytes, int capacity) {
        return bytes < capacity / 4;
    }

    int slots() {
        return slots;
    }

    @Override
    @SuppressWarnings("deprecation") // of calls, not of implementations
    public Handle newHandle() {
        return new SlotHandle();
    }

    /** Throws what the signature of an allocation does not allow for. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E undeclared(Exception exception) throws E {
        throw (E) exception;
    }

    private static final class ShortOfMemory extends SocketException {
        private static final long serialVersionUID = 1;

        ShortOfMemory(OutOfMemoryError error) {
            super("no buffer for a read");
            initCause(error);
        }
    }

    private final class SlotHandle extends MaxMessageHandle {
        @Override
        public int guess() {
            return slots * slotBytes;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            try {
                return super.allocate(allocator);
            } catch (OutOfMemoryError error) {
                if (!ListenerException.isShortOfDirectMemory(error)) {
                    throw error;
                }
                slots = minSlots;
                // of all that a read can throw, Netty's channels survive this one everywhere
                throw ReadBuffers.<RuntimeException>undeclared(new ShortOfMemory(error));
            }
        }

        @Override
        public void lastBytesRead(int bytes) {
            super.lastBytesRead(bytes);
            if (bytes <= 0) {
                return;
            }
            int offered = attemptedBytesRead();
            wasteful = isWasteful(bytes, offered);
            if (bytes >= offered) {
                slots = Math.min(maxSlots, slots * 2);
            } else if (isPoor(bytes, offered)) {
                slots = Math.max(minSlots, slots / 2);
            }
        }
    }
}
