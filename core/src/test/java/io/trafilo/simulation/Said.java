package io.trafilo.simulation;

/** What a callback was called with. */
sealed interface Said {
    record Parsed(String message) implements Said {}

    record Created(String key) implements Said {}

    record Handled(String key, String payload, long timeNanos, long receiptNanos, boolean late) implements Said {}

    /** What a window tells of its events' values. */
    record Values(double sum, double min, double max, double weightedCount) {
        static final Values NONE = new Values(0, 0, 0, 0);
    }

    record Window(
            String key,
            long count,
            long startNanos,
            long endNanos,
            long oldestNanos,
            long newestNanos,
            long total,
            boolean truncated,
            Values values)
            implements Said {}

    record Disposed(String key, long total) implements Said {}
}
