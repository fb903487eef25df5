package io.trafilo.dispatch;

import io.trafilo.EventCollector;
import io.trafilo.state.KeyHash;
import java.util.Arrays;

/** The events that the parser found in a few messages, in order, with the hashes of their keys. Belongs to one thread. */
final class EventBatch implements EventCollector {
    private static final int FIELDS = 4;

    private final int maxKeyLength;
    private final int maxEvents;
    private int[] slices = new int[16 * FIELDS];
    private long[] timestamps = new long[16];
    private long[] receipts = new long[16];
    private long[] hashes = new long[16];

    /** For the first event of each message how many it has, 0 for the others. */
    private int[] messageEvents = new int[16];

    private int count;
    private int messageFirst;
    private int rejected;
    private int messageStart;
    private int messageEnd;
    private long receiptNanos;

    EventBatch(int maxKeyLength, int maxEvents) {
        this.maxKeyLength = maxKeyLength;
        this.maxEvents = maxEvents;
    }

    /** Forgets all events. */
    void clear() {
        count = 0;
    }

    /** Begins a message; what is collected from now on belongs to it. */
    void beginMessage(int offset, int length, long newReceiptNanos) {
        messageFirst = count;
        rejected = 0;
        messageStart = offset;
        messageEnd = offset + length;
        receiptNanos = newReceiptNanos;
    }

    /** Ends a message and gives the number of its events. */
    int endMessage(byte[] scratch, KeyHash keyHash) {
        int events = count - messageFirst;
        for (int i = messageFirst; i < count; i++) {
            hashes[i] = keyHash.hash(scratch, keyOffset(i), keyLength(i));
        }
        if (events > 0) {
            messageEvents[messageFirst] = events;
        }
        return events;
    }

    /** Takes back the events of the message begun last. */
    void dropMessage() {
        count = messageFirst;
    }

    @Override
    public void event(int keyOffset, int keyLength, int payloadOffset, int payloadLength) {
        event(keyOffset, keyLength, payloadOffset, payloadLength, receiptNanos);
    }

    @Override
    public void event(int keyOffset, int keyLength, int payloadOffset, int payloadLength, long timestampNanos) {
        checkSlice("key", keyOffset, keyLength);
        checkSlice("payload", payloadOffset, payloadLength);
        if (keyLength == 0 || keyLength > maxKeyLength || count - messageFirst == maxEvents) {
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
        receipts[count] = receiptNanos;
        messageEvents[count] = 0;
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
        int capacity = 2 * timestamps.length;
        slices = Arrays.copyOf(slices, capacity * FIELDS);
        timestamps = Arrays.copyOf(timestamps, capacity);
        receipts = Arrays.copyOf(receipts, capacity);
        hashes = Arrays.copyOf(hashes, capacity);
        messageEvents = Arrays.copyOf(messageEvents, capacity);
    }

    int count() {
        return count;
    }

    /** How many events of the message begun last were rejected. */
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

    long receiptNanos(int index) {
        return receipts[index];
    }

    /** If the event is the first of its message the number of the message's events, else 0. */
    int messageEvents(int index) {
        return messageEvents[index];
    }

    /** The hashes of the keys, by event. The array is replaced when it grows. */
    long[] hashes() {
        return hashes;
    }
}
