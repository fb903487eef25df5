package io.trafilo.bench;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Prints a line a second while a load test runs. */
final class LiveLine {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final PrintStream out;
    private final LoadTarget target;
    private final String phase;
    private final long startNanos = System.nanoTime();
    private LoadCounts last;
    private long lastNanos = startNanos;

    LiveLine(PrintStream out, LoadTarget target, String phase) {
        this.out = out;
        this.target = target;
        this.phase = phase;
        this.last = target.counts();
    }

    /** Prints what came since the last line, when a second is over. */
    void print() {
        print(PERIOD_NANOS);
    }

    /** Prints what came since the last line, unless that was a moment ago. */
    void end() {
        print(PERIOD_NANOS / 2);
    }

    private void print(long leastNanos) {
        long nowNanos = System.nanoTime();
        if (nowNanos - lastNanos < leastNanos) {
            return;
        }
        LoadCounts now = target.counts();
        double seconds = (nowNanos - lastNanos) / 1e9;
        double ringFill = target.ringFill();
        out.printf(
                Locale.ROOT,
                "%-8s %3d s  received %,9.0f/s  handled %,9.0f/s  ring %3s %%  lost %,d%n",
                phase,
                Math.round((nowNanos - startNanos) / 1e9),
                (now.received() - last.received()) / seconds,
                (now.handled() - last.handled()) / seconds,
                Double.isNaN(ringFill) ? "-" : Long.toString(Math.round(100 * ringFill)),
                now.lost() - last.lost());
        out.flush();
        last = now;
        lastNanos = nowNanos;
    }
}
