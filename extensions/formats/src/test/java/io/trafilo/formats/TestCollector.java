package io.trafilo.formats;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.trafilo.EventCollector;
import io.trafilo.EventDetails;
import io.trafilo.EventParser;
import io.trafilo.KeyBuilder;
import io.trafilo.Sender;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Keeps what a parser finds in a message, which lies in a longer array. Checks that each slice is within the message. */
final class TestCollector implements EventCollector, EventDetails, KeyBuilder {
    static final long RECEIPT_NANOS = 42;

    final List<Found> events = new ArrayList<>();
    int rejected;

    private final byte[] buffer;
    private final int start;
    private final int end;
    private ByteArrayOutputStream key = new ByteArrayOutputStream();

    /** An event, with what the parser said of it. */
    static final class Found {
        String key;
        int keyOffset;
        int payloadOffset;
        int payloadLength;
        String payload;
        String item;
        double value = Double.NaN;
        double weight = 1;
        long at = RECEIPT_NANOS;
    }

    private TestCollector(byte[] buffer, int start, int end) {
        this.buffer = buffer;
        this.start = start;
        this.end = end;
    }

    static TestCollector parse(EventParser parser, String message) {
        return parse(parser, message.getBytes(UTF_8), 3, (byte) '1');
    }

    /** {@code around} stands before and behind the message, so that a look beyond it finds something. */
    static TestCollector parse(EventParser parser, byte[] message, int offset, byte around) {
        byte[] buffer = new byte[offset + message.length + 3];
        Arrays.fill(buffer, around);
        System.arraycopy(message, 0, buffer, offset, message.length);
        byte[] before = buffer.clone();
        TestCollector collector = new TestCollector(buffer, offset, offset + message.length);
        parser.parse(buffer, offset, message.length, collector);
        if (!Arrays.equals(buffer, before)) {
            throw new AssertionError("the parser has changed the message");
        }
        return collector;
    }

    byte[] buffer() {
        return buffer;
    }

    /** The events as text, without what is as usual. */
    List<String> texts() {
        return events.stream().map(TestCollector::text).toList();
    }

    private static String text(Found event) {
        return event.key
                + (Double.isNaN(event.value) ? "" : " " + event.value)
                + (event.weight == 1 ? "" : " *" + event.weight)
                + (event.at == RECEIPT_NANOS ? "" : " at " + event.at)
                + (event.item.equals(event.payload) ? "" : " item " + event.item);
    }

    @Override
    public EventDetails event(int keyOffset, int keyLength, int payloadOffset, int payloadLength) {
        return add(slice(keyOffset, keyLength), keyOffset, payloadOffset, payloadLength);
    }

    private EventDetails add(String text, int keyOffset, int payloadOffset, int payloadLength) {
        if (text.isEmpty()) {
            throw new AssertionError("an empty key");
        }
        Found event = new Found();
        event.key = text;
        event.keyOffset = keyOffset;
        event.payloadOffset = payloadOffset;
        event.payloadLength = payloadLength;
        event.payload = slice(payloadOffset, payloadLength);
        event.item = event.payload;
        events.add(event);
        return this;
    }

    private String slice(int offset, int length) {
        if (offset < start || length < 0 || length > end - offset) {
            throw new AssertionError("offset " + offset + ", length " + length + " of " + start + " to " + end);
        }
        return new String(buffer, offset, length, UTF_8);
    }

    @Override
    public KeyBuilder key() {
        key = new ByteArrayOutputStream();
        return this;
    }

    @Override
    public Sender sender() {
        throw new AssertionError("not asked for here");
    }

    @Override
    public long receiptNanos() {
        return RECEIPT_NANOS;
    }

    @Override
    public void reject() {
        rejected++;
    }

    @Override
    public void reject(RuntimeException cause) {
        throw new AssertionError(cause);
    }

    @Override
    public KeyBuilder append(byte next) {
        key.write(next);
        return this;
    }

    @Override
    public KeyBuilder append(byte[] source, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.length);
        key.write(source, offset, length);
        return this;
    }

    @Override
    public KeyBuilder append(Sender sender) {
        throw new AssertionError("not asked for here");
    }

    @Override
    public int length() {
        return key.size();
    }

    @Override
    public EventDetails event(int payloadOffset, int payloadLength) {
        return add(key.toString(UTF_8), -1, payloadOffset, payloadLength);
    }

    private Found last() {
        return events.get(events.size() - 1);
    }

    @Override
    public EventDetails at(long timestampNanos) {
        last().at = timestampNanos;
        return this;
    }

    @Override
    public EventDetails value(double value) {
        if (!Double.isFinite(value)) {
            throw new AssertionError("value " + value);
        }
        last().value = value;
        return this;
    }

    @Override
    public EventDetails weight(double weight) {
        if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new AssertionError("weight " + weight);
        }
        last().weight = weight;
        return this;
    }

    @Override
    public EventDetails item(int offset, int length) {
        last().item = slice(offset, length);
        return this;
    }
}
