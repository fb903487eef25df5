package io.trafilo;

/** What a listener does when the ring is full. */
public enum OverloadPolicy {
    /**
     * It waits for room and reads nothing meanwhile: the kernel's socket buffer fills, and the kernel drops. The default.
     */
    BLOCK,
    /** It drops and counts what it has read, and never waits. */
    DROP_NEWEST
}
