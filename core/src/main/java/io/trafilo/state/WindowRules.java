package io.trafilo.state;

/**
 * When a window moves and when it is emitted. All times in nanoseconds.
 *
 * @param followsEvents the time basis EVENT: a key's current time is its newest event time
 * @param idleNanos 0 for keys that are never forgotten
 */
public record WindowRules(
        long sizeNanos, long slideNanos, boolean followsEvents, boolean emitWhenQuiet, long idleNanos) {

    /** Whether a key that falls quiet still emits, in an engine with a sink. */
    boolean emitsWhenQuiet() {
        return emitWhenQuiet && !followsEvents;
    }

    /** The shortest delay after which a key's timer can be due; 0 if there are no timers. */
    long shortestDelayNanos() {
        long decayNanos = followsEvents ? 0 : emitWhenQuiet ? Math.min(slideNanos, sizeNanos) : sizeNanos;
        if (decayNanos == 0 || idleNanos == 0) {
            return decayNanos + idleNanos;
        }
        return Math.min(decayNanos, idleNanos);
    }
}
