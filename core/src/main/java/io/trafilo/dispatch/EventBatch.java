package io.trafilo.dispatch;

import io.trafilo.EventCollector;
import io.trafilo.state.KeyHash;
import java.util.Arrays;

/** The events of a few messages, in order, with the hashes of their keys. Belongs to one thread. */
final class EventBatch implements EventCollector {
    private static final int FIELDS = 4;

    private final int maxKeyLength;
    private final int maxEvents;
    private int[] slices = new int[16 * FIELDS];
    private long[] timestamps = new long[16];
    private long[] receipts = new long[16];
    private long[] hashes = new long[16];

    /** The number of events of a message, stored at its first event; 0 at the others. */
    private int[] messageEvents = new int[16];

    private int count;
    private int messageFirst;
    private int rejected;
    private int messageStart;
    private int messageEnd;
    private long receiptNanos;
    private long correctionNanos;

    EventBatch(int maxKeyLength, int maxEvents) {
        this.maxKeyLength = maxKeyLength;
        this.maxEvents = maxEvents;
    }

    void clear() {
        count = 0;
    }

    /** Sets what to add to the times that the parser gives. */
    void correctBy(long nanos) {
        correctionNanos = nanos;
    }

    /** Begins a message. Events collected from now on belong to it. */
    void beginMessage(int offset, int length, long newReceiptNanos) {
        messageFirst = count;
        rejected = 0;
        messageStart = offset;
        messageEnd = offset + length;
        receiptNanos = newReceiptNanos;
    }

    /** Ends a message and returns the number of its events. */
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

    /** Drops the events of the current message. */
    void dropMessage() {
        count = messageFirst;
    }

    @Override
    public void event(int keyOffset, int keyLength, int payloadOffset, int payloadLength) {
        add(keyOffset, keyLength, payloadOffset, payloadLength, receiptNanos);
    }

    @Override
    public void event(int keyOffset, int keyLength, int payloadOffset, int payloadLength, long timestampNanos) {
        add(keyOffset, keyLength, payloadOffset, payloadLength, corrected(timestampNanos));
    }

    private long corrected(long timestampNanos) {
        long sum = timestampNanos + correctionNanos;
        boolean overflows = ((timestampNanos ^ sum) & (correctionNanos ^ sum)) < 0;
        return overflows ? timestampNanos : sum; // as far off as any time can be
    }

    private void add(int keyOffset, int keyLength, int payloadOffset, int payloadLength, long timestampNanos) {
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

    /** How many events of the current message were rejected. */
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

    /** The number of events of the message if this is its first event, or else 0. */
    int messageEvents(int index) {
        return messageEvents[index];
    }

    /** The hashes of the keys, by event. Growth replaces the array. */
    long[] hashes() {
        return hashes;
    }
}
