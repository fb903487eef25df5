package io.trafilo.state;

import io.trafilo.EventView;
import io.trafilo.Key;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The event that a thread is handling: slices of its scratch array. One per thread, reset for each event. */
public final class EventFlyweight implements EventView {
    private byte[] buffer = new byte[0];
    private ByteBuffer view = ByteBuffer.wrap(buffer).asReadOnlyBuffer();
    private byte[] viewed = buffer;
    private final SenderFlyweight sender = new SenderFlyweight();
    private byte[] keyBuffer = buffer;
    private int keyOffset;
    private int keyLength;
    private int payloadOffset;
    private int payloadLength;
    private long timestampNanos;
    private long receiptNanos;
    private double value = Double.NaN;
    private double weight = 1;
    private int itemOffset;
    private int itemLength;
    private boolean late;
    private @Nullable Key key;

    /**
     * Points this at the slices of an event whose key is not looked up yet. It has no value, and its sender is unknown, until
     * {@link #carry} and {@link #sender()} say otherwise.
     */
    public void wrap(
            byte[] keyBuffer,
            int keyOffset,
            int keyLength,
            byte[] buffer,
            int payloadOffset,
            int payloadLength,
            long timestampNanos,
            long receiptNanos) {
        this.keyBuffer = keyBuffer;
        this.buffer = buffer;
        this.keyOffset = keyOffset;
        this.keyLength = keyLength;
        this.payloadOffset = payloadOffset;
        this.payloadLength = payloadLength;
        this.timestampNanos = timestampNanos;
        this.receiptNanos = receiptNanos;
        this.key = null;
        carry(Double.NaN, 1, payloadOffset, payloadLength);
        sender.wrap(0, 0, 0);
    }

    /** Sets what the event carries: a value or NaN, its weight, and the item that it counts for. */
    public void carry(double newValue, double newWeight, int newItemOffset, int newItemLength) {
        value = newValue;
        weight = newWeight;
        itemOffset = newItemOffset;
        itemLength = newItemLength;
    }

    long itemHash(KeyHash hash) {
        return hash.hash(buffer, itemOffset, itemLength);
    }

    boolean keyEquals(Key other) {
        return other.contentEquals(keyBuffer, keyOffset, keyLength);
    }

    Key copyKey() {
        return Key.of(keyBuffer, keyOffset, keyLength);
    }

    void resolve(Key resolvedKey, long effectiveNanos, boolean isLate) {
        key = resolvedKey;
        timestampNanos = effectiveNanos;
        late = isLate;
    }

    @Nullable
    Key resolvedKey() {
        return key;
    }

    @Override
    public Key key() {
        return Objects.requireNonNull(key);
    }

    @Override
    public long timestampNanos() {
        return timestampNanos;
    }

    @Override
    public long receiptNanos() {
        return receiptNanos;
    }

    @Override
    public boolean hasValue() {
        return !Double.isNaN(value);
    }

    @Override
    public double value() {
        return value;
    }

    @Override
    public double weight() {
        return weight;
    }

    @Override
    public SenderFlyweight sender() {
        return sender;
    }

    @Override
    public boolean isLate() {
        return late;
    }

    @Override
    public int payloadLength() {
        return payloadLength;
    }

    @Override
    public byte payloadByte(int index) {
        return buffer[payloadOffset + Objects.checkIndex(index, payloadLength)];
    }

    @Override
    public ByteBuffer payload() {
        if (viewed != buffer) { // once per thread, since its scratch array never changes
            viewed = buffer;
            view = ByteBuffer.wrap(buffer).asReadOnlyBuffer();
        }
        return view.slice(payloadOffset, payloadLength); // big-endian, whatever the order of the view
    }

    @Override
    public int copyPayload(byte[] destination, int offset) {
        System.arraycopy(buffer, payloadOffset, destination, offset, payloadLength);
        return payloadLength;
    }

    @Override
    public String payloadText() {
        return new String(buffer, payloadOffset, payloadLength, StandardCharsets.UTF_8);
    }
}
