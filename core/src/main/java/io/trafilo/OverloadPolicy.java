package io.trafilo;

/** What a listener does when the ring is full. */
public enum OverloadPolicy {
    /**
     * The listener waits for room and reads nothing meanwhile. The kernel's socket buffer fills up, and the kernel drops
     * datagrams. The default.
     */
    BLOCK,
    /** The listener drops and counts what it has read. It never waits. */
    DROP_NEWEST
}
