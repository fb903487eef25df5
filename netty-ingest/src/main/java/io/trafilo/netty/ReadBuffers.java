package io.trafilo.netty;

import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * Sizes the buffers of one channel: as many slots as the last reads could fill. All datagrams of one read share its buffer.
 */
final class ReadBuffers extends DefaultMaxMessagesRecvByteBufAllocator {
    /*
     * Each slot offered to recvmmsg costs time, filled or not, and every datagram that waits in the ring keeps the whole
     * buffer it was read into. So the number of slots follows the load: a read that fills all of them doubles it, one that
     * fills less than a quarter halves it; and a datagram that would keep many times its share is better copied out, which
     * isSparse tells.
     */

    /** Netty reads with recvmmsg from two slots on. */
    private static final int MIN_SLOTS = 2;

    /** So that a buffer is a small part of the pool's 4 MiB chunks. */
    private static final int MAX_BUFFER_BYTES = 1 << 18;

    private static final int WASTE_BYTES = 1 << 14;

    private final int slotBytes;
    private final int minSlots;
    private final int maxSlots;
    private int slots;
    private boolean sparse;

    private ReadBuffers(int slotBytes, int minSlots, int maxSlots, int maxDatagramsPerLoop) {
        super(maxDatagramsPerLoop);
        this.slotBytes = slotBytes;
        this.minSlots = minSlots;
        this.maxSlots = maxSlots;
        this.slots = minSlots;
    }

    /** For reads of several datagrams of up to {@code slotBytes}. */
    static ReadBuffers slotted(int slotBytes, int maxSlots, int maxDatagramsPerLoop) {
        int fitting = Math.max(MIN_SLOTS, Math.min(maxSlots, MAX_BUFFER_BYTES / slotBytes));
        return new ReadBuffers(slotBytes, MIN_SLOTS, fitting, maxDatagramsPerLoop);
    }

    /** For reads of one buffer. */
    static ReadBuffers single(int bytes, int maxDatagramsPerLoop) {
        return new ReadBuffers(bytes, 1, 1, maxDatagramsPerLoop);
    }

    /** Whether the read whose datagrams are being delivered left most of its buffer unused. For the event loop. */
    boolean isSparse() {
        return sparse;
    }

    int slots() {
        return slots;
    }

    @Override
    @SuppressWarnings("deprecation") // of calls, not of implementations
    public Handle newHandle() {
        return new SlotHandle();
    }

    private final class SlotHandle extends MaxMessageHandle {
        @Override
        public int guess() {
            return slots * slotBytes;
        }

        @Override
        public void lastBytesRead(int bytes) {
            super.lastBytesRead(bytes);
            if (bytes <= 0) {
                return;
            }
            int offered = attemptedBytesRead();
            boolean poor = bytes < offered / 4;
            sparse = poor && offered - bytes > WASTE_BYTES;
            if (bytes >= offered) {
                slots = Math.min(maxSlots, slots * 2);
            } else if (poor) {
                slots = Math.max(minSlots, slots / 2);
            }
        }
    }
}
