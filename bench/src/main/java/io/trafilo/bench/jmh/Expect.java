package io.trafilo.bench.jmh;

/** What a benchmark checks when it is over: that it has done what it was to measure. */
final class Expect {
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private Expect() {}

    static void same(String what, long seen, long expected) {
        between(what, seen, expected, expected);
    }

    /** For a loop that waits: fails when it has waited for far too long. */
    static void within(long startNanos) {
        if (System.nanoTime() - startNanos > PATIENCE_NANOS) {
            throw new IllegalStateException("waited for " + PATIENCE_NANOS + " ns: something is lost");
        }
    }

    static void between(String what, long seen, long least, long most) {
        if (seen < least || seen > most) {
            throw new IllegalStateException(
                    what + ": " + seen + " (expected: " + (least == most ? least : least + " to " + most) + ")");
        }
    }
}
