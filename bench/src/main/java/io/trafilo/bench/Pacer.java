package io.trafilo.bench;

import java.time.Duration;

/**
 * Says how many datagrams are due. Time is given to it, so that a test can drive it.
 *
 * <p>The rule: a datagram is due each {@code 1 s / rate}, and datagrams are handed out in bursts of about half a millisecond's
 * worth. Who comes late is given at most one millisecond's worth in one go (or one unit, if that is more) and may come back
 * after 4/5 of that burst's time: a backlog is made good at 5/4 of the rate, never at once. A backlog of more than 100 ms is
 * given up and counted as skipped, and so is what is not sent 100 ms after the end. So handed out + skipped = rate * duration.
 *
 * <p>Not thread-safe.
 */
final class Pacer {
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final long MILLI_NANOS = 1_000_000;
    static final long MAX_BACKLOG_NANOS = 100 * MILLI_NANOS;
    private static final int UNPACED_BURST = 64;
    static final long MAX_RATE = 100_000_000;

    private final long rate;
    private final long durationNanos;
    private final long startNanos;
    private final long plannedTotal;
    private final long usualBurst;
    private final long maxBurst;
    private final long maxBacklog;

    private long released;
    private long lastTaken;
    private long skipped;
    private long notBeforeNanos;

    /**
     * @param rate datagrams per second, 0 for no pace
     * @param unit the least number handed out at a time, the last burst aside
     */
    Pacer(long rate, Duration duration, int unit, long startNanos) {
        this.rate = rate;
        this.durationNanos = duration.toNanos();
        this.startNanos = startNanos;
        this.plannedTotal = planned(durationNanos);
        this.usualBurst = Math.max(unit, rate / 2_000);
        this.maxBurst = rate == 0 ? Math.max(unit, UNPACED_BURST) : Math.max(unit, rate / 1_000);
        this.maxBacklog = Math.max(maxBurst, rate * MAX_BACKLOG_NANOS / SECOND_NANOS);
        this.notBeforeNanos = startNanos;
    }

    /** The most that {@link #take} gives for these values. */
    static int maxBurst(long rate, int unit) {
        return (int) new Pacer(rate, Duration.ZERO, unit, 0).maxBurst;
    }

    /** How many datagrams are to be sent now; they count as handed out. 0 means {@linkplain #waitNanos wait}. */
    int take(long nowNanos) {
        long elapsedNanos = nowNanos - startNanos;
        boolean over = elapsedNanos >= durationNanos;
        if (rate == 0) {
            return over ? 0 : handOut(maxBurst, nowNanos);
        }
        long backlog = planned(Math.min(elapsedNanos, durationNanos)) - released - skipped;
        long givenUp = elapsedNanos - durationNanos >= MAX_BACKLOG_NANOS ? backlog : Math.max(0, backlog - maxBacklog);
        skipped += givenUp;
        backlog -= givenUp;
        if (nowNanos - notBeforeNanos < 0 || (backlog < usualBurst && !over)) {
            return 0;
        }
        return handOut(Math.min(backlog, maxBurst), nowNanos);
    }

    private int handOut(long count, long nowNanos) {
        released += count;
        lastTaken = count;
        notBeforeNanos = rate == 0 ? nowNanos : nowNanos + count * SECOND_NANOS / rate * 4 / 5;
        return (int) count;
    }

    /** When one of the datagrams that {@link #take} gave last was due; without a rate, the time they were taken. */
    long dueNanos(int index) {
        return rate == 0 ? notBeforeNanos : startNanos + timeOf(released + skipped - lastTaken + index + 1);
    }

    /** How long nothing is due. */
    long waitNanos(long nowNanos) {
        if (rate == 0) {
            return 0;
        }
        long next = Math.min(released + skipped + usualBurst, plannedTotal);
        long dueNanos = startNanos + Math.min(timeOf(next), durationNanos);
        return Math.max(0, Math.max(dueNanos - nowNanos, notBeforeNanos - nowNanos));
    }

    /** Whether the time is over and all that was due is handed out or skipped. */
    boolean finished(long nowNanos) {
        return nowNanos - startNanos >= durationNanos && (rate == 0 || released + skipped >= plannedTotal);
    }

    long skipped() {
        return skipped;
    }

    private long planned(long elapsedNanos) {
        long seconds = elapsedNanos / SECOND_NANOS;
        return seconds * rate + elapsedNanos % SECOND_NANOS * rate / SECOND_NANOS;
    }

    /** The time after which a count is due, rounded up. */
    private long timeOf(long count) {
        return count / rate * SECOND_NANOS + (count % rate * SECOND_NANOS + rate - 1) / rate;
    }
}
