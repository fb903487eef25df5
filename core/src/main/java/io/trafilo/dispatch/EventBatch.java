package io.trafilo.dispatch;

import io.trafilo.EventCollector;
import io.trafilo.EventDetails;
import io.trafilo.KeyBuilder;
import io.trafilo.Sender;
import io.trafilo.state.KeyHash;
import io.trafilo.state.SenderFlyweight;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;

/** The events of a few messages, in order, with the hashes of their keys. Belongs to one thread. */
final class EventBatch implements EventCollector, EventDetails, KeyBuilder {
    private static final int FIELDS = 6;
    private static final int KEY = 0;
    private static final int PAYLOAD = 2;
    private static final int ITEM = 4;

    private final int maxKeyLength;
    private final int maxEvents;
    private final Consumer<RuntimeException> onReject;
    private final BuiltKeys built;
    private final SenderFlyweight sender = new SenderFlyweight();

    /** Offset and length of key, payload and item. The key of a negative offset is one of {@link #built}, at its complement. */
    private int[] slices = new int[16 * FIELDS];

    private long[] timestamps = new long[16];
    private long[] hashes = new long[16];
    private double[] values = new double[16];
    private double[] weights = new double[16];

    /** The index of the message of each event. */
    private int[] messages = new int[16];

    /** The number of events of a message, stored at its first event; 0 at the others. */
    private int[] messageEvents = new int[16];

    private int count;
    private int message;
    private int messageFirst;
    private int rejected;
    private int messageStart;
    private int messageEnd;
    private long receiptNanos;
    private long correctionNanos;

    /** The event that details are for, -1 if the last one was rejected. */
    private int last = -1;

    /** {@code onReject} is told why a part was rejected, if the parser says so. */
    EventBatch(int maxKeyLength, int maxEvents, Consumer<RuntimeException> onReject) {
        this.maxKeyLength = maxKeyLength;
        this.maxEvents = maxEvents;
        this.onReject = onReject;
        this.built = new BuiltKeys(maxKeyLength);
    }

    void clear() {
        count = 0;
        built.clear();
    }

    /** Sets what to add to the times that the parser gives. */
    void correctBy(long nanos) {
        correctionNanos = nanos;
    }

    /** Whether the keys that another message puts together find room. */
    boolean hasRoom() {
        return built.hasRoom();
    }

    /** Begins a message, which has this index in its batch. Events collected from now on belong to it. */
    void beginMessage(int index, int offset, int length, long newReceiptNanos) {
        message = index;
        messageFirst = count;
        rejected = 0;
        last = -1;
        messageStart = offset;
        messageEnd = offset + length;
        receiptNanos = newReceiptNanos;
        built.beginMessage();
    }

    /** Ends a message and returns the number of its events. */
    int endMessage(byte[] scratch, KeyHash keyHash) {
        int events = count - messageFirst;
        for (int i = messageFirst; i < count; i++) {
            hashes[i] = keyHash.hash(keyBytes(i, scratch), keyOffset(i), keyLength(i));
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

    // ---- for the parser

    @Override
    public EventDetails event(int keyOffset, int keyLength, int payloadOffset, int payloadLength) {
        checkSlice("key", keyOffset, keyLength);
        return add(keyOffset, keyLength, payloadOffset, payloadLength);
    }

    @Override
    public KeyBuilder key() {
        built.begin();
        return this;
    }

    /** The sender of the current message, which the worker sets. */
    @Override
    public SenderFlyweight sender() {
        return sender;
    }

    @Override
    public long receiptNanos() {
        return receiptNanos;
    }

    @Override
    public void reject() {
        rejected++;
    }

    @Override
    public void reject(RuntimeException cause) {
        rejected++;
        onReject.accept(cause);
    }

    @Override
    public KeyBuilder append(byte next) {
        built.append(next);
        return this;
    }

    @Override
    public KeyBuilder append(byte[] source, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.length);
        built.append(source, offset, length);
        return this;
    }

    @Override
    public KeyBuilder append(Sender from) {
        AddressText.append(from, this);
        return this;
    }

    @Override
    public int length() {
        return built.length();
    }

    @Override
    public EventDetails event(int payloadOffset, int payloadLength) {
        int keyLength = built.length();
        add(~built.start(), keyLength, payloadOffset, payloadLength);
        if (last >= 0) {
            built.keep();
        }
        return this;
    }

    private EventDetails add(int keyOffset, int keyLength, int payloadOffset, int payloadLength) {
        checkSlice("payload", payloadOffset, payloadLength);
        if (keyLength == 0 || keyLength > maxKeyLength || count - messageFirst == maxEvents) {
            rejected++;
            last = -1;
            return this;
        }
        if (count == timestamps.length) {
            grow();
        }
        last = count++;
        setSlice(KEY, keyOffset, keyLength);
        setSlice(PAYLOAD, payloadOffset, payloadLength);
        setSlice(ITEM, payloadOffset, payloadLength);
        messages[last] = message;
        messageEvents[last] = 0;
        timestamps[last] = receiptNanos;
        values[last] = Double.NaN;
        weights[last] = 1;
        return this;
    }

    private void setSlice(int field, int offset, int length) {
        slices[last * FIELDS + field] = offset;
        slices[last * FIELDS + field + 1] = length;
    }

    @Override
    public EventDetails at(long timestampNanos) {
        if (last >= 0) {
            timestamps[last] = corrected(timestampNanos);
        }
        return this;
    }

    private long corrected(long timestampNanos) {
        long sum = timestampNanos + correctionNanos;
        boolean overflows = ((timestampNanos ^ sum) & (correctionNanos ^ sum)) < 0;
        return overflows ? timestampNanos : sum; // as far off as any time can be
    }

    @Override
    public EventDetails value(double value) {
        if (!Double.isFinite(value)) {
            rejectLast();
        } else if (last >= 0) {
            values[last] = value;
        }
        return this;
    }

    @Override
    public EventDetails weight(double weight) {
        if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
            rejectLast();
        } else if (last >= 0) {
            weights[last] = weight;
        }
        return this;
    }

    /** The event for which details are given is always the newest one. */
    private void rejectLast() {
        if (last >= 0) {
            count = last;
            last = -1;
            rejected++;
        }
    }

    @Override
    public EventDetails item(int offset, int length) {
        checkSlice("item", offset, length);
        if (last >= 0) {
            setSlice(ITEM, offset, length);
        }
        return this;
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
        hashes = Arrays.copyOf(hashes, capacity);
        values = Arrays.copyOf(values, capacity);
        weights = Arrays.copyOf(weights, capacity);
        messages = Arrays.copyOf(messages, capacity);
        messageEvents = Arrays.copyOf(messageEvents, capacity);
    }

    // ---- for the worker

    int count() {
        return count;
    }

    /** How many events of the current message were rejected. */
    int rejected() {
        return rejected;
    }

    /** Where the key of an event is: in the worker's scratch array, or among the built ones. */
    byte[] keyBytes(int index, byte[] scratch) {
        return slices[index * FIELDS + KEY] < 0 ? built.bytes() : scratch;
    }

    int keyOffset(int index) {
        int offset = slices[index * FIELDS + KEY];
        return offset < 0 ? ~offset : offset;
    }

    int keyLength(int index) {
        return slices[index * FIELDS + KEY + 1];
    }

    int payloadOffset(int index) {
        return slices[index * FIELDS + PAYLOAD];
    }

    int payloadLength(int index) {
        return slices[index * FIELDS + PAYLOAD + 1];
    }

    int itemOffset(int index) {
        return slices[index * FIELDS + ITEM];
    }

    int itemLength(int index) {
        return slices[index * FIELDS + ITEM + 1];
    }

    long timestampNanos(int index) {
        return timestamps[index];
    }

    double value(int index) {
        return values[index];
    }

    double weight(int index) {
        return weights[index];
    }

    /** The index of the event's message in its batch. */
    int message(int index) {
        return messages[index];
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
