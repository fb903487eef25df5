package io.trafilo.simulation;

/** Comparisons that cost nothing when they hold. */
final class Expect {
    private Expect() {}

    static void equal(String what, Object actual, Object expected) {
        if (!actual.equals(expected)) {
            throw new AssertionError(what + ": " + actual + " (expected: " + expected + ")");
        }
    }
}
