package io.trafilo.dispatch;

/** Waiting for another actor, in turns; fails when it takes longer than any scheduler explains, so that no test hangs. */
final class Patience {
    private static final long LIMIT_NANOS = 20_000_000_000L;

    private final long startNanos = System.nanoTime();

    void turn() {
        if (System.nanoTime() - startNanos > LIMIT_NANOS) {
            throw new IllegalStateException("no end in sight after 20 s");
        }
        Thread.yield();
    }
}
