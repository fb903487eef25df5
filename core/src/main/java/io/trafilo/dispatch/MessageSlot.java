package io.trafilo.dispatch;

import io.trafilo.Counter;
import io.trafilo.ledger.CounterRow;
import io.trafilo.spi.BufferAccess;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One place in the ring: a foreign buffer with the way to read it, or, for a message put in by hand, a copy of its bytes.
 * Owned by the publisher from claim to publication, then by the worker that claims it.
 */
final class MessageSlot {
    private static final byte[] NONE = {};
    private static final int GRAIN = 64;

    @Nullable
    Object buffer;

    @Nullable
    BufferAccess<Object> access;

    byte[] bytes = NONE;

    /** The length of the message in {@link #bytes}; 0 for a slot whose publication was called off. */
    int length;

    long receiptNanos;

    void hold(Object newBuffer, BufferAccess<Object> newAccess, long newReceiptNanos) {
        buffer = newBuffer;
        access = newAccess;
        receiptNanos = newReceiptNanos;
    }

    /** How long an array is made for a message: in steps, so that it is made anew a few times only. */
    static int arrayLength(int messageLength) {
        return (messageLength + GRAIN - 1) & -GRAIN;
    }

    /** Copies a message in; the array grows to the largest message seen and stays. */
    void copy(byte[] message, int offset, int newLength, long newReceiptNanos) {
        if (bytes.length < newLength) {
            bytes = new byte[arrayLength(newLength)];
        }
        System.arraycopy(message, offset, bytes, 0, newLength);
        length = newLength;
        receiptNanos = newReceiptNanos;
    }

    /** Counts the message that the slot holds, if there is one, as abandoned and releases it; tells {@code onError} if that fails. */
    void abandon(CounterRow row, Consumer<Throwable> onError) {
        BufferAccess<Object> heldAccess = access;
        Object held = buffer;
        if (held != null || length > 0) {
            row.increment(Counter.ABANDONED); // before anything can be thrown
        }
        callOff();
        if (heldAccess != null && held != null) {
            try {
                heldAccess.release(held);
            } catch (Throwable error) {
                onError.accept(error);
            }
        }
    }

    void callOff() {
        buffer = null;
        access = null;
        length = 0;
    }
}
