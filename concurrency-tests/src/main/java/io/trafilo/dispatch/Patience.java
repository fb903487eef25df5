package io.trafilo.dispatch;

/** Waits for another actor by yielding. Fails after longer than any scheduler explains, so that no test hangs. */
final class Patience {
    private static final long LIMIT_NANOS = 20_000_000_000L;

    private final long startNanos = System.nanoTime();

    void yieldOnce() {
        if (System.nanoTime() - startNanos > LIMIT_NANOS) {
            throw new IllegalStateException("the other actor has not finished within 20 s");
        }
        Thread.yield();
    }
}
