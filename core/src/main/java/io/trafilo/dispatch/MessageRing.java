package io.trafilo.dispatch;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutException;
import com.lmax.disruptor.WaitStrategy;
import io.trafilo.Counter;
import io.trafilo.ledger.CounterRow;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The bounded ring between publishers and workers: Disruptor's multi-producer ring, with a gate that closes in two steps.
 * Thread-safe.
 */
public final class MessageRing {
    /*
     * Closing. A publisher checks the gate before it claims, to leave a closing ring alone, and again afterwards. The claim
     * and the change of the gate are both volatile writes, each followed by a read of the other. So if a publisher still
     * finds the gate open after its claim, the closing thread sees that claim in the ring's cursor. If a publisher finds the
     * gate closed after its claim, it must publish all the same, because the ring cannot take back a sequence. It then
     * publishes an empty slot.
     *
     * An offer runs on a thread of the application, whose stack may overflow anywhere in it: at the entry of a method, that
     * is, so never between the claim's compare-and-set and its return. The offer then marks the slot, which takes no call,
     * and a thread of the engine publishes it. Only that thread can, so nothing is published twice.
     */

    /** Everyone may publish. */
    private static final int OPEN = 0;

    /** Listeners may publish what they have read; offers are refused. */
    private static final int LISTENERS_ONLY = 1;

    /** Nobody may publish. */
    private static final int SEALED = 2;

    private final RingBuffer<MessageSlot> ring;
    private final SequenceBarrier barrier;
    private final WorkCursor cursor;
    private final CounterRow counters;
    private final Parking parking;

    /** The ring's slots, to be reached without a call. */
    private final MessageSlot[] slots;

    private volatile boolean anyUnpublished;
    private volatile int gate = OPEN;

    /** {@code counters} is the row that counts offered messages. */
    public MessageRing(int capacity, WorkCursor cursor, Parking parking, int lookAhead, CounterRow counters) {
        this.counters = counters;
        this.cursor = cursor;
        this.ring = RingBuffer.createMultiProducer(MessageSlot::new, capacity, new LookAhead(parking, lookAhead));
        this.barrier = ring.newBarrier();
        ring.addGatingSequences(cursor);
        this.parking = parking;
        this.slots = new MessageSlot[capacity];
        Arrays.setAll(slots, ring::get);
    }

    public int capacity() {
        return ring.getBufferSize();
    }

    /** Roughly how many messages are in the ring. */
    public long fill() {
        return Math.min(Math.max(0, ring.getCursor() - cursor.get()), capacity());
    }

    // ---- publishers

    /** Puts a copy of a message into the ring. False, with nothing taken, if the ring is full or no longer open. */
    public boolean offer(byte[] message, int offset, int length, long receiptNanos) {
        if (gate != OPEN) {
            return false;
        }
        long sequence = -1;
        boolean taken = false;
        boolean published = false;
        try {
            sequence = tryClaim(1);
            if (sequence >= 0) {
                taken = fill(ring.get(sequence), message, offset, length, receiptNanos);
                ring.publish(sequence);
                published = true;
            }
            return taken;
        } finally {
            if (sequence >= 0 && !published) { // no calls here: the stack may be used up
                MessageSlot slot = slots[(int) sequence & (slots.length - 1)];
                slot.unpublishedTaken = taken;
                slot.unpublished = sequence;
                anyUnpublished = true;
            }
        }
    }

    private boolean fill(MessageSlot slot, byte[] message, int offset, int length, long receiptNanos) {
        if (gate != OPEN) {
            slot.clear();
            return false;
        }
        slot.copy(message, offset, length, receiptNanos);
        counters.addShared(Counter.OFFERED, 1); // before a worker can handle it
        return true;
    }

    /**
     * Publishes what an offer has claimed and could not publish, because its thread had no stack left, or no memory. For
     * threads of the engine that find nothing to do. Never blocks for long.
     */
    public void publishForOthers() {
        if (anyUnpublished) {
            publishUnpublished();
        }
    }

    private synchronized void publishUnpublished() {
        anyUnpublished = false; // before looking
        long last = ring.getCursor();
        for (long sequence = cursor.claimed() + 1; sequence <= last; sequence++) {
            MessageSlot slot = ring.get(sequence);
            boolean marked = slot.unpublished == sequence && !ring.isAvailable(sequence);
            if (marked && cursor.claimed() < sequence) { // not a lap further, so only this thread can publish it
                if (!slot.unpublishedTaken) {
                    slot.clear();
                }
                ring.publish(sequence);
            }
        }
        parking.wakeAll(); // an offer may have failed between publication and wake-up, or within the wake-up
    }

    /** Claims {@code count} slots for a listener and returns the last sequence, or -1 if there is no room. */
    long tryClaim(int count) {
        if (!ring.hasAvailableCapacity(count)) {
            return -1;
        }
        try {
            return ring.tryNext(count);
        } catch (InsufficientCapacityException full) { // taken by another publisher since; the exception is a constant
            return -1;
        }
    }

    long remainingCapacity() {
        return ring.remainingCapacity();
    }

    void publish(long first, long last) {
        ring.publish(first, last);
    }

    boolean sealed() {
        return gate == SEALED;
    }

    // ---- workers

    MessageSlot slot(long sequence) {
        return ring.get(sequence);
    }

    /**
     * The highest published sequence after the claimed ones, limited by the look-ahead of a claim; the last claimed one if
     * there is none.
     */
    long available() {
        long claimed = cursor.claimed();
        try {
            return Math.max(claimed, barrier.waitFor(claimed + 1));
        } catch (AlertException | InterruptedException | TimeoutException never) {
            throw new IllegalStateException("the barrier is never alerted and its wait strategy never waits", never);
        }
    }

    /** The highest sequence that a publisher has claimed; it may not be published yet. */
    long lastClaimedByPublishers() {
        return ring.getCursor();
    }

    boolean hasWork() {
        return available() > cursor.claimed();
    }

    // ---- closing

    public synchronized void refuseOffers() {
        if (gate == OPEN) {
            gate = LISTENERS_ONLY;
        }
    }

    public synchronized void seal() {
        gate = SEALED;
    }

    /** Whether a sealed ring has nothing left to claim. */
    public boolean drained() {
        if (gate != SEALED) {
            return false;
        }
        VarHandle.fullFence(); // gate before cursor
        return cursor.claimed() >= ring.getCursor();
    }

    /**
     * Looks for work without waiting, and no further than a claim can use: Disruptor checks each slot up to the sequence
     * returned here.
     */
    private record LookAhead(Parking parking, int distance) implements WaitStrategy {
        @Override
        public long waitFor(long sequence, Sequence cursor, Sequence dependent, SequenceBarrier barrier) {
            return Math.min(cursor.get(), sequence - 1 + distance);
        }

        @Override
        public void signalAllWhenBlocking() {
            parking.wakeOneIfNoneLooks();
        }
    }
}
