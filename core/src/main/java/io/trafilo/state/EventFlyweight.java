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
    private int keyOffset;
    private int keyLength;
    private int payloadOffset;
    private int payloadLength;
    private long timestampNanos;
    private long receiptNanos;
    private boolean late;
    private @Nullable Key key;

    /** Points this at the slices of an event whose key is not looked up yet. */
    public void wrap(
            byte[] buffer,
            int keyOffset,
            int keyLength,
            int payloadOffset,
            int payloadLength,
            long timestampNanos,
            long receiptNanos) {
        this.buffer = buffer;
        this.keyOffset = keyOffset;
        this.keyLength = keyLength;
        this.payloadOffset = payloadOffset;
        this.payloadLength = payloadLength;
        this.timestampNanos = timestampNanos;
        this.receiptNanos = receiptNanos;
        this.key = null;
    }

    boolean keyEquals(Key other) {
        return other.contentEquals(buffer, keyOffset, keyLength);
    }

    Key copyKey() {
        return Key.of(buffer, keyOffset, keyLength);
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
