package io.trafilo.dispatch;

import io.trafilo.spi.BufferAccess;
import io.trafilo.spi.Senders;
import io.trafilo.state.SenderFlyweight;
import org.jspecify.annotations.Nullable;

/**
 * A run of messages copied out of the ring, back to back in the worker's scratch array. All of them are copied before any
 * application code runs, which releases the network's buffers and the ring's slots early.
 */
final class MessageBatch {
    final byte[] scratch;

    private final int maxMessageLength;
    private final int[] offsets;
    private final long[] receiptNanos;
    private final Senders senders;
    private int count;
    private int failed;
    private @Nullable Throwable failure;

    MessageBatch(int maxMessages, int maxMessageLength) {
        this.maxMessageLength = maxMessageLength;
        this.scratch = new byte[Math.multiplyExact(maxMessages, maxMessageLength)];
        this.offsets = new int[maxMessages + 1];
        this.receiptNanos = new long[maxMessages];
        this.senders = new Senders(maxMessages);
    }

    void clear() {
        count = 0;
        failed = 0;
        failure = null;
    }

    /** Copies the message of a slot and releases its buffer. */
    void take(MessageSlot slot) {
        BufferAccess<Object> access = slot.access;
        Object buffer = slot.buffer;
        if (access == null || buffer == null) {
            takeBytes(slot);
            return;
        }
        slot.clear();
        senders.set(count, slot.senderHigh, slot.senderLow, slot.senderEnd);
        copy(buffer, access, slot.receiptNanos);
    }

    /** Copies a message and releases its buffer. {@code index} is that of its sender, if there are any. */
    void take(Object buffer, BufferAccess<Object> access, @Nullable Senders from, int index, long receipt) {
        if (from == null) {
            senders.setUnknown(count);
        } else {
            senders.set(count, from.high(index), from.low(index), from.end(index));
        }
        copy(buffer, access, receipt);
    }

    private void copy(Object buffer, BufferAccess<Object> access, long receipt) {
        try {
            int start = offsets[count];
            int length = access.length(buffer);
            if (length <= 0 || length > maxMessageLength) {
                throw new IllegalArgumentException("published message: " + length
                        + " bytes (expected: 1 to maxMessageLength " + maxMessageLength + ")");
            }
            access.copyTo(buffer, scratch, start);
            append(start + length, receipt);
        } catch (Throwable error) {
            failed++;
            failure = error;
        } finally {
            release(access, buffer);
        }
    }

    private void release(BufferAccess<Object> access, Object buffer) {
        try {
            access.release(buffer);
        } catch (Throwable error) {
            failure = error;
        }
    }

    private void takeBytes(MessageSlot slot) {
        if (slot.length == 0) {
            return; // left empty by its publisher
        }
        int start = offsets[count];
        System.arraycopy(slot.bytes, 0, scratch, start, slot.length);
        senders.set(count, slot.senderHigh, slot.senderLow, slot.senderEnd);
        append(start + slot.length, slot.receiptNanos);
        slot.length = 0;
    }

    private void append(int end, long receipt) {
        receiptNanos[count] = receipt;
        offsets[++count] = end;
    }

    int count() {
        return count;
    }

    int offset(int index) {
        return offsets[index];
    }

    int length(int index) {
        return offsets[index + 1] - offsets[index];
    }

    long receiptNanos(int index) {
        return receiptNanos[index];
    }

    /** Points a view at the sender of a message. */
    void wrapSender(int index, SenderFlyweight view) {
        view.wrap(senders.high(index), senders.low(index), senders.end(index));
    }

    /** How many messages could not be read. Resets the count. */
    int takeFailed() {
        int count = failed;
        failed = 0;
        return count;
    }

    /** Why the last of them could not be read, or why a buffer could not be released; null if nothing failed. */
    @Nullable
    Throwable failure() {
        return failure;
    }
}
