package io.trafilo.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints a line a second while a load test runs, and keeps what it printed. */
final class LiveLine {
    private static final long LEAST_NANOS = 500_000_000;

    private final PrintStream out;
    private final LoadTarget target;
    private final String phase;
    private final long startNanos = System.nanoTime();
    private final List<LoadSample> samples = new ArrayList<>();
    private LoadCounts last;
    private long lastNanos = startNanos;

    LiveLine(PrintStream out, LoadTarget target, String phase) {
        this.out = out;
        this.target = target;
        this.phase = phase;
        this.last = target.counts();
    }

    /** Prints what came since the last line, unless that was a moment ago. */
    void print() {
        LoadCounts now = target.counts();
        long nowNanos = System.nanoTime();
        if (nowNanos - lastNanos < LEAST_NANOS) {
            return;
        }
        double seconds = (nowNanos - lastNanos) / 1e9;
        LoadSample sample = new LoadSample(
                (nowNanos - startNanos) / 1e9,
                (now.received() - last.received()) / seconds,
                (now.handled() - last.handled()) / seconds,
                (now.lost() - last.lost()) / seconds,
                target.ringFill());
        samples.add(sample);
        out.printf(
                Locale.ROOT,
                "%-8s %3d s  received %,9.0f/s  handled %,9.0f/s  ring %3s %%  lost %,d%n",
                phase,
                Math.round(sample.seconds()),
                sample.receivedPerSecond(),
                sample.handledPerSecond(),
                Double.isNaN(sample.ringFill()) ? "-" : Long.toString(Math.round(100 * sample.ringFill())),
                now.lost() - last.lost());
        out.flush();
        last = now;
        lastNanos = nowNanos;
    }

    List<LoadSample> samples() {
        return List.copyOf(samples);
    }
}
