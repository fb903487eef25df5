package io.trafilo.dispatch;

import io.trafilo.EventCollector;
import java.util.Arrays;

/** The events that the parser found in one message, kept until the parser has returned. Belongs to one worker. */
final class EventBatch implements EventCollector {
    private static final int FIELDS = 4;

    private final int maxKeyLength;
    private final int maxEvents;
    private int[] slices = new int[16 * FIELDS];
    private long[] timestamps = new long[16];
    private int count;
    private int rejected;
    private int messageStart;
    private int messageEnd;
    private long receiptNanos;

    EventBatch(int maxKeyLength, int maxEvents) {
        this.maxKeyLength = maxKeyLength;
        this.maxEvents = maxEvents;
    }

    /** Starts over with another message. */
    void clear(int messageOffset, int messageLength, long newReceiptNanos) {
        count = 0;
        rejected = 0;
        messageStart = messageOffset;
        messageEnd = messageOffset + messageLength;
        receiptNanos = newReceiptNanos;
    }

    @Override
    public void event(int keyOffset, int keyLength, int payloadOffset, int payloadLength) {
        event(keyOffset, keyLength, payloadOffset, payloadLength, receiptNanos);
    }

    @Override
    public void event(int keyOffset, int keyLength, int payloadOffset, int payloadLength, long timestampNanos) {
        checkSlice("key", keyOffset, keyLength);
        checkSlice("payload", payloadOffset, payloadLength);
        if (keyLength == 0 || keyLength > maxKeyLength || count == maxEvents) {
            rejected++;
            return;
        }
        if (count == timestamps.length) {
            grow();
        }
        int i = count * FIELDS;
        slices[i] = keyOffset;
        slices[i + 1] = keyLength;
        slices[i + 2] = payloadOffset;
        slices[i + 3] = payloadLength;
        timestamps[count++] = timestampNanos;
    }

    @Override
    public void reject() {
        rejected++;
    }

    private void checkSlice(String what, int offset, int length) {
        if (offset < messageStart || length < 0 || length > messageEnd - offset) {
            throw new IndexOutOfBoundsException(what + ": offset " + offset + ", length " + length
                    + " (expected: within the message, " + messageStart + " to " + messageEnd + ")");
        }
    }

    private void grow() {
        int capacity = Math.min(2 * timestamps.length, Math.max(maxEvents, timestamps.length + 1));
        slices = Arrays.copyOf(slices, capacity * FIELDS);
        timestamps = Arrays.copyOf(timestamps, capacity);
    }

    int count() {
        return count;
    }

    int rejected() {
        return rejected;
    }

    int keyOffset(int index) {
        return slices[index * FIELDS];
    }

    int keyLength(int index) {
        return slices[index * FIELDS + 1];
    }

    int payloadOffset(int index) {
        return slices[index * FIELDS + 2];
    }

    int payloadLength(int index) {
        return slices[index * FIELDS + 3];
    }

    long timestampNanos(int index) {
        return timestamps[index];
    }
}
