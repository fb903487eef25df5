package io.trafilo.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import java.net.SocketException;

/**
 * Sizes the read buffers of one channel, with as many slots as recent reads could fill. Also reports which datagrams keep
 * too much of a buffer. For the channel's event loop.
 */
final class ReadBuffers extends DefaultMaxMessagesRecvByteBufAllocator {
    /*
     * Each slot passed to recvmmsg costs time, filled or not, and every datagram that waits in the ring keeps the whole
     * buffer it was read into. So the number of slots follows the load: a read that fills all of them doubles it, and one
     * that fills less than a quarter halves it. If a read leaves its buffer almost empty, it is better to copy the few
     * datagrams out and release the buffer at once.
     */

    /** With two or more slots Netty reads with recvmmsg. */
    private static final int MIN_SLOTS = 2;

    /** Keeps a buffer a small part of the pool's 4 MiB chunks. */
    private static final int MAX_BUFFER_BYTES = 1 << 18;

    private static final int WASTE_BYTES = 1 << 14;

    private final int slotBytes;
    private final boolean shared;
    private int minSlots;
    private int maxSlots;
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

    /** For reads of datagrams that the kernel joined. */
    static ReadBuffers joined(int bytes, int maxDatagramsPerLoop) {
        return new ReadBuffers(bytes, 1, 1, true, maxDatagramsPerLoop);
    }

    /** For reads of one datagram. */
    static ReadBuffers single(int bytes, int maxDatagramsPerLoop) {
        return new ReadBuffers(bytes, 1, 1, false, maxDatagramsPerLoop);
    }

    /** Whether a datagram just delivered keeps a buffer that the last read left almost empty. */
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

    /** Offers room for one datagram from now on, so that Netty reads without recvmmsg. False if it already does. */
    boolean readOneByOne() {
        boolean changed = maxSlots > 1;
        minSlots = 1;
        maxSlots = 1;
        slots = 1;
        return changed;
    }

    @Override
    @SuppressWarnings("deprecation") // calls are deprecated, implementations are not
    public Handle newHandle() {
        return new SlotHandle();
    }

    /** Throws an exception that the signature of an allocation does not declare. */
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
                // of everything a read can throw, all of Netty's channels survive this one
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
