package io.trafilo.bench;

import io.trafilo.Key;
import io.trafilo.WindowSink;
import io.trafilo.WindowView;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes a line for each window. Workers share it: lines are written whole, under a lock, and reach the reader within a tenth
 * of a second. If nobody reads, workers wait; if the reader has gone, the program is asked to stop.
 */
final class WindowPrinter implements WindowSink<Object> {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final long FLUSH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LAST_FLUSH_MILLIS = 2_000;
    private static final double MEDIAN = 0.5;
    private static final double P99 = 0.99;

    private final PrintStream target;
    private final BufferedOutputStream out;
    private final boolean json;
    private final boolean values;
    private final Runnable onBroken;
    private final StringBuilder line = new StringBuilder();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread flusher = new Thread(this::flushRegularly, "trafilo-bench-flush");
    private volatile boolean broken;

    private record Line(String key, @Nullable String keyHex, long count, long startNanos, long endNanos, long total) {}

    /** A window that is asked for the values of its events. */
    private record ValueLine(
            String key,
            @Nullable String keyHex,
            long count,
            long startNanos,
            long endNanos,
            long total,
            double weightedCount,
            double sum,
            double mean,
            double min,
            double max,
            double p50,
            double p99,
            long distinct) {}

    /**
     * @param values whether windows have the aggregates of values
     * @param onBroken is called, once, when the reader has gone
     */
    WindowPrinter(PrintStream target, boolean json, boolean values, Runnable onBroken) {
        this.target = target;
        this.out = new BufferedOutputStream(target, BUFFER_BYTES);
        this.json = json;
        this.values = values;
        this.onBroken = onBroken;
        flusher.setDaemon(true);
    }

    void start() {
        flusher.start();
    }

    @Override
    public void onWindow(WindowView window, Object state) {
        try {
            synchronized (out) {
                line.setLength(0);
                if (json) {
                    appendJson(window);
                } else {
                    appendText(window);
                }
                out.write(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private void appendJson(WindowView window) {
        String key = window.key().toString();
        // a key that is not UTF-8, most likely: different ones may look the same
        String keyHex = key.indexOf('\ufffd') < 0
                ? null
                : HexFormat.of().formatHex(window.key().toBytes());
        line.append(Json.line(values ? valueLine(window, key, keyHex) : line(window, key, keyHex)));
    }

    private static Line line(WindowView window, String key, @Nullable String keyHex) {
        return new Line(key, keyHex, window.count(), window.startNanos(), window.endNanos(), window.total());
    }

    private static ValueLine valueLine(WindowView window, String key, @Nullable String keyHex) {
        return new ValueLine(
                key,
                keyHex,
                window.count(),
                window.startNanos(),
                window.endNanos(),
                window.total(),
                window.weightedCount(),
                window.sum(),
                window.mean(),
                window.min(),
                window.max(),
                window.quantile(MEDIAN),
                window.quantile(P99),
                window.distinct());
    }

    private void appendText(WindowView window) {
        line.append(instant(window.endNanos()));
        line.append("  ").append(Key.printable(window.key().toString()));
        line.append("  count ").append(window.count());
        line.append("  total ").append(window.total());
        if (values) {
            appendValues(window);
        }
        if (window.isTruncated()) {
            line.append("  truncated");
        }
        if (window.lossDuringWindow() > 0) {
            line.append("  lost meanwhile ").append(window.lossDuringWindow());
        }
    }

    /** A key whose events carry no values has the number of its distinct items instead, the members of a set. */
    private void appendValues(WindowView window) {
        if (window.count() > 0 && Double.isNaN(window.mean())) {
            line.append("  distinct ").append(window.distinct());
        } else if (window.count() > 0) {
            line.append(Console.format(
                    "  sum %.6g  mean %.6g  min %.6g  max %.6g  p50 %.3g  p99 %.3g",
                    window.sum(),
                    window.mean(),
                    window.min(),
                    window.max(),
                    window.quantile(MEDIAN),
                    window.quantile(P99)));
        }
    }

    private static Instant instant(long epochNanos) {
        return Instant.ofEpochMilli(Math.floorDiv(epochNanos, 1_000_000L));
    }

    private void flushRegularly() {
        try {
            while (!broken && !closing.await(FLUSH_NANOS, TimeUnit.NANOSECONDS)) {
                flush();
            }
            flush();
        } catch (InterruptedException unexpected) {
            Thread.currentThread().interrupt();
        }
    }

    private void flush() {
        synchronized (out) {
            try {
                out.flush();
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }
        // a print stream does not throw, it remembers
        if (target.checkError()) {
            broken = true;
            onBroken.run();
        }
    }

    /** Flushes for the last time, and does not wait for a reader that reads no more. */
    void finish() {
        closing.countDown();
        try {
            flusher.join(LAST_FLUSH_MILLIS);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether all was written. For after {@link #finish}. */
    boolean complete() {
        return !broken && !flusher.isAlive();
    }
}
