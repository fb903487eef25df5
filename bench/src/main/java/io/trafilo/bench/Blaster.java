package io.trafilo.bench;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Sends datagrams at a pace. For one thread, except {@link #stop}. */
final class Blaster {
    /** So that a stop is heeded soon. */
    private static final long MAX_WAIT_NANOS = 50_000_000;

    private final DatagramSender sender;
    private final int unit;
    private volatile boolean stopped;

    /** @param unit how many datagrams the sender sends best at a time, at least */
    Blaster(DatagramSender sender, int unit) {
        this.sender = sender;
        this.unit = unit;
    }

    /** Sends until the time is over, or stopped. */
    BlastResult run(long rate, Duration duration) {
        sender.countFromZero();
        long startNanos = System.nanoTime();
        Pacer pacer = new Pacer(rate, duration, unit, startNanos);
        long nowNanos = startNanos;
        while (!stopped && !pacer.finished(nowNanos)) {
            int count = pacer.take(nowNanos);
            if (count > 0) {
                sender.send(count, pacer::dueNanos);
            } else {
                LockSupport.parkNanos(Math.min(pacer.waitNanos(nowNanos), MAX_WAIT_NANOS));
            }
            nowNanos = System.nanoTime();
        }
        BlastResult result = BlastResult.of(sender.sent(), nowNanos - startNanos, pacer.skipped(), sender.errors());
        return stopped ? result.stoppedEarly() : result;
    }

    /** Ends the run under way. For any thread. */
    void stop() {
        stopped = true;
    }
}
