package io.trafilo.bench;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Collects latencies from many threads, each into histograms of its own. Off until {@link #begin}. Recording allocates
 * nothing after a thread's first time. What came together is asked for when all that record have ended.
 */
final class LatencyRecorder {
    private static final long MAX_NANOS = 60_000_000_000L;
    private static final int DIGITS = 3;

    private final Queue<OfThread> threads = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<OfThread> mine = ThreadLocal.withInitial(this::register);
    private final boolean lookedAtMeanwhile;
    private volatile boolean recording;

    private static final class OfThread {
        final Histogram sinceReceipt = new Histogram(MAX_NANOS, DIGITS);
        final Histogram sinceDue = new Histogram(MAX_NANOS, DIGITS);

        /** Since its thread was last asked. */
        final @Nullable SingleWriterRecorder lately;

        OfThread(boolean lookedAtMeanwhile) {
            lately = lookedAtMeanwhile ? new SingleWriterRecorder(MAX_NANOS, DIGITS) : null;
        }
    }

    /** {@code lookedAtMeanwhile} tells whether {@link #sinceLastTime} is going to be called. */
    LatencyRecorder(boolean lookedAtMeanwhile) {
        this.lookedAtMeanwhile = lookedAtMeanwhile;
    }

    private OfThread register() {
        OfThread created = new OfThread(lookedAtMeanwhile);
        threads.add(created);
        return created;
    }

    void begin() {
        recording = true;
    }

    /** Records the times from when a datagram was to be sent, and from its receipt, to now. */
    void record(long dueNanos, long receiptNanos, long nowNanos) {
        if (!recording) {
            return;
        }
        OfThread of = mine.get();
        of.sinceReceipt.recordValue(within(nowNanos - receiptNanos));
        of.sinceDue.recordValue(within(nowNanos - dueNanos));
        if (of.lately != null) {
            of.lately.recordValue(within(nowNanos - receiptNanos));
        }
    }

    private static long within(long nanos) {
        return Math.min(Math.max(nanos, 0), MAX_NANOS);
    }

    /** From receipt to the handler. */
    Histogram sinceReceipt() {
        return merged(of -> of.sinceReceipt);
    }

    /** From when the datagram was to be sent to the handler: what a stalled sender cannot hide. */
    Histogram sinceDue() {
        return merged(of -> of.sinceDue);
    }

    /** From receipt to the handler, since the last call. May be asked for while threads record. */
    Histogram sinceLastTime() {
        Histogram all = new Histogram(MAX_NANOS, DIGITS);
        for (OfThread of : threads) {
            if (of.lately != null) {
                all.add(of.lately.getIntervalHistogram());
            }
        }
        return all;
    }

    private Histogram merged(Function<OfThread, Histogram> which) {
        Histogram all = new Histogram(MAX_NANOS, DIGITS);
        for (OfThread of : threads) {
            all.add(which.apply(of));
        }
        return all;
    }
}
