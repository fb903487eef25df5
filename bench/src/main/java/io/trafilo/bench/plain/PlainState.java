package io.trafilo.bench.plain;

import java.util.ArrayDeque;

/** One key's counts and the timestamps in its window. Guarded by its own monitor. */
final class PlainState {
    final ArrayDeque<Long> timestamps = new ArrayDeque<>();
    long events;
    boolean emitted;
    long lastEmissionNanos;
}
