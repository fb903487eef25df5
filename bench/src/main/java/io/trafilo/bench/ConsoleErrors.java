package io.trafilo.bench;

import io.trafilo.ErrorListener;
import io.trafilo.Key;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Says on a line what went wrong inside an engine, at most once a second, and how often it did since. Thread-safe. */
final class ConsoleErrors implements ErrorListener {
    private static final long PAUSE_NANOS = 1_000_000_000;

    private final Consumer<String> line;
    private long lastNanos = System.nanoTime() - PAUSE_NANOS;
    private long leftOut;

    /** @param line takes what is said */
    ConsoleErrors(Consumer<String> line) {
        this.line = line;
    }

    @Override
    public synchronized void onError(Stage stage, @Nullable Key key, Throwable error) {
        long nowNanos = System.nanoTime();
        if (nowNanos - lastNanos < PAUSE_NANOS) {
            leftOut++;
            return;
        }
        String more = leftOut == 0 ? "" : " (and " + leftOut + " more errors)";
        line.accept(Key.printable(stage + " failed: " + error + more));
        lastNanos = nowNanos;
        leftOut = 0;
    }
}
