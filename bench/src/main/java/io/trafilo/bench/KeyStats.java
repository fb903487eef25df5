package io.trafilo.bench;

/** The state of a key in the load test: its events, and its last window. Guarded by the key's lock. */
final class KeyStats {
    long events;
    long windowCount;
    long windowStartNanos;
    long windowEndNanos;
}
