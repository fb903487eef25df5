package io.trafilo.bench;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a blaster did in one run.
 *
 * @param sent datagrams that the kernel took
 * @param seconds how long the run took
 * @param skipped datagrams that were due and never handed to the kernel
 * @param failed datagrams that the kernel refused
 * @param sendErrors the same, by error
 * @param stopped true if it was told to stop before its time was over, else not there
 */
record BlastResult(
        long sent,
        double seconds,
        double achievedRate,
        long skipped,
        long failed,
        Map<String, Long> sendErrors,
        @Nullable Boolean stopped) {
    static final BlastResult NONE = of(0, 0, 0, Map.of());

    static BlastResult of(long sent, long elapsedNanos, long skipped, Map<String, Long> sendErrors) {
        double seconds = elapsedNanos / 1e9;
        long failed = sendErrors.values().stream().mapToLong(Long::longValue).sum();
        return new BlastResult(
                sent, seconds, elapsedNanos == 0 ? 0 : sent / seconds, skipped, failed, sendErrors, null);
    }

    BlastResult stoppedEarly() {
        return new BlastResult(sent, seconds, achievedRate, skipped, failed, sendErrors, true);
    }

    boolean isStopped() {
        return Boolean.TRUE.equals(stopped);
    }
}
