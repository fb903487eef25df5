package io.trafilo.dispatch;

import io.trafilo.Counter;
import io.trafilo.ledger.CounterRow;
import io.trafilo.spi.BufferAccess;
import io.trafilo.spi.Senders;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A slot of the ring. Holds a foreign buffer and the access to read it, or a copy of the bytes of an offered message. Owned
 * by the publisher from claim to publication, then by the worker that claims it.
 */
final class MessageSlot {
    private static final byte[] NONE = {};
    private static final int GRAIN = 64;

    @Nullable
    Object buffer;

    @Nullable
    BufferAccess<Object> access;

    byte[] bytes = NONE;

    /** The length of the message in {@link #bytes}; 0 if the slot holds no offered message. */
    int length;

    long receiptNanos;

    // Who sent the message, as the numbers of Senders; senderEnd is 0 if nobody knows.
    long senderHigh;
    long senderLow;
    int senderEnd;

    /** The sequence that an offer claimed and could not publish, -1 if there is none. See {@link MessageRing#publishForOthers}. */
    volatile long unpublished = -1;

    /** Whether that offer had taken its message. Published by {@link #unpublished}. */
    boolean unpublishedTaken;

    void set(Object newBuffer, BufferAccess<Object> newAccess, long newReceiptNanos) {
        buffer = newBuffer;
        access = newAccess;
        receiptNanos = newReceiptNanos;
        senderEnd = 0;
    }

    /** Sets who sent the message that was just set. */
    void sender(Senders senders, int index) {
        senderHigh = senders.high(index);
        senderLow = senders.low(index);
        senderEnd = senders.end(index);
    }

    /** The length of the array for a message, rounded up so that it is reallocated only a few times. */
    static int arrayLength(int messageLength) {
        return (messageLength + GRAIN - 1) & -GRAIN;
    }

    /** Copies a message in. The array grows to the largest message seen and stays. */
    void copy(byte[] message, int offset, int newLength, long newReceiptNanos) {
        if (bytes.length < newLength) {
            bytes = new byte[arrayLength(newLength)];
        }
        System.arraycopy(message, offset, bytes, 0, newLength);
        length = newLength;
        receiptNanos = newReceiptNanos;
        senderEnd = 0;
    }

    /**
     * Releases the message in the slot, if any, and counts it as abandoned. An error of the release goes to {@code onError}.
     */
    void abandon(CounterRow row, Consumer<Throwable> onError) {
        BufferAccess<Object> heldAccess = access;
        Object held = buffer;
        if (held != null || length > 0) {
            row.increment(Counter.ABANDONED); // before anything can throw
        }
        clear();
        if (heldAccess != null && held != null) {
            try {
                heldAccess.release(held);
            } catch (Throwable error) {
                onError.accept(error);
            }
        }
    }

    void clear() {
        buffer = null;
        access = null;
        length = 0;
    }
}
