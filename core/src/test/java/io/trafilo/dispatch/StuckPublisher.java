package io.trafilo.dispatch;

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

    /** Goes on: publishes a message of one byte. */
    public void publish() {
        ring.slot(sequence).copy(new byte[] {'k'}, 0, 1, 1);
        ring.publish(sequence, sequence);
    }
}
