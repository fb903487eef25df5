package io.trafilo.bench;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * Collects latencies from many threads, each into a histogram of its own. Off until {@link #begin}. Recording allocates
 * nothing after a thread's first time.
 */
final class LatencyRecorder {
    private static final long MAX_NANOS = 60_000_000_000L;
    private static final int DIGITS = 3;

    private final Queue<OfThread> threads = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<OfThread> mine = ThreadLocal.withInitial(this::register);
    private volatile boolean recording;

    private static final class OfThread {
        final SingleWriterRecorder recorder = new SingleWriterRecorder(MAX_NANOS, DIGITS);
        // read when the writer has ended
        long firstNanos;
        long lastNanos;
        boolean any;
    }

    private OfThread register() {
        OfThread created = new OfThread();
        threads.add(created);
        return created;
    }

    void begin() {
        recording = true;
    }

    /** Records the time from receipt to now. */
    void record(long receiptNanos, long nowNanos) {
        if (!recording) {
            return;
        }
        OfThread of = mine.get();
        of.recorder.recordValue(Math.min(Math.max(nowNanos - receiptNanos, 0), MAX_NANOS));
        if (!of.any) {
            of.any = true;
            of.firstNanos = nowNanos;
        }
        of.lastNanos = nowNanos;
    }

    /** All latencies in one histogram. For when all writers have ended. */
    Histogram merged() {
        Histogram all = new Histogram(MAX_NANOS, DIGITS);
        for (OfThread of : threads) {
            all.add(of.recorder.getIntervalHistogram());
        }
        return all;
    }

    /** From the first to the last record of any thread. For when all writers have ended. */
    long spanNanos() {
        boolean any = false;
        long first = 0;
        long last = 0;
        for (OfThread of : threads) {
            if (of.any) {
                first = any && first - of.firstNanos < 0 ? first : of.firstNanos;
                last = any && last - of.lastNanos > 0 ? last : of.lastNanos;
                any = true;
            }
        }
        return last - first;
    }
}
