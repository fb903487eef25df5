package io.trafilo.bench.jmh;

import java.util.function.BooleanSupplier;

/** What a benchmark checks when it is over: that it has done what it was to measure. */
final class Expect {
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private Expect() {}

    static void same(String what, long seen, long expected) {
        between(what, seen, expected, expected);
    }

    /** Waits, yielding, and fails when it has waited for far too long. */
    static void await(BooleanSupplier condition) {
        long startNanos = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - startNanos > PATIENCE_NANOS) {
                throw new IllegalStateException("waited for " + PATIENCE_NANOS + " ns: something is lost");
            }
            Thread.yield();
        }
    }

    static void between(String what, long seen, long least, long most) {
        if (seen < least || seen > most) {
            throw new IllegalStateException(
                    what + ": " + seen + " (expected: " + (least == most ? least : least + " to " + most) + ")");
        }
    }
}
