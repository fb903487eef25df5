package io.trafilo.dispatch;

import io.trafilo.spi.BufferAccess;

/** A publisher that has claimed a slot and is held up before it publishes. */
public final class StuckPublisher {
    private final MessageRing ring;
    private final long sequence;

    public StuckPublisher(MessageRing ring) {
        this.ring = ring;
        this.sequence = ring.tryClaim(1);
        if (sequence < 0) {
            throw new IllegalStateException("the ring is full");
        }
    }

    /** Goes on as a listener's thread does. */
    @SuppressWarnings("unchecked") // buffer and access belong together
    public <B> void publish(B buffer, BufferAccess<B> access) {
        ring.slot(sequence).set(buffer, (BufferAccess<Object>) access, 1);
        ring.publish(sequence, sequence);
    }

    /** Publishes a slot with which a worker fails in the middle of taking its run. */
    public void publishUnreadable() {
        ring.slot(sequence).length = Integer.MAX_VALUE;
        ring.publish(sequence, sequence);
    }

    /** Goes on: publishes a message of one byte. */
    public void publish() {
        ring.slot(sequence).copy(new byte[] {'k'}, 0, 1, 1);
        ring.publish(sequence, sequence);
    }
}
