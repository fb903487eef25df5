package io.trafilo.bench.jmh;

/** What a benchmark checks when it is over: that it has done what it was to measure. */
final class Expect {
    private Expect() {}

    static void same(String what, long seen, long expected) {
        between(what, seen, expected, expected);
    }

    static void between(String what, long seen, long least, long most) {
        if (seen < least || seen > most) {
            throw new IllegalStateException(
                    what + ": " + seen + " (expected: " + (least == most ? least : least + " to " + most) + ")");
        }
    }
}
