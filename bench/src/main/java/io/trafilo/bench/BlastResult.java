package io.trafilo.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a blaster did in one go: datagrams that the kernel took, how long it went on, datagrams that were due and not handed to
 * the kernel, and those it refused, by error.
 */
record BlastResult(long sent, long elapsedNanos, long skipped, Map<String, Long> sendErrors) {
    double seconds() {
        return elapsedNanos / 1e9;
    }

    double achievedRate() {
        return elapsedNanos == 0 ? 0 : sent / seconds();
    }

    long failed() {
        return sendErrors.values().stream().mapToLong(Long::longValue).sum();
    }

    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("sent", sent);
        map.put("seconds", seconds());
        map.put("achievedRate", achievedRate());
        map.put("skipped", skipped);
        map.put("failed", failed());
        map.put("sendErrors", sendErrors);
        return map;
    }
}
