package io.trafilo.bench;

import io.trafilo.Ledger;
import io.trafilo.Trafilo;
import java.io.PrintStream;
import java.util.Locale;

/** Prints a line a second while a load test runs. */
final class LiveLine {
    private static final long LEAST_NANOS = 500_000_000;

    private final PrintStream out;
    private final Trafilo<?> engine;
    private final String phase;
    private final long startNanos = System.nanoTime();
    private Ledger last;
    private long lastNanos = startNanos;

    LiveLine(PrintStream out, Trafilo<?> engine, String phase) {
        this.out = out;
        this.engine = engine;
        this.phase = phase;
        this.last = engine.ledger();
    }

    /** Prints what came since the last line, unless that was a moment ago. */
    void print() {
        Ledger now = engine.ledger();
        long nowNanos = System.nanoTime();
        if (nowNanos - lastNanos < LEAST_NANOS) {
            return;
        }
        double seconds = (nowNanos - lastNanos) / 1e9;
        out.printf(
                Locale.ROOT,
                "%-8s %3d s  received %,9.0f/s  handled %,9.0f/s  ring %,6d/%,d  lost %,d%n",
                phase,
                Math.round((nowNanos - startNanos) / 1e9),
                (now.received() - last.received()) / seconds,
                (now.handled() - last.handled()) / seconds,
                engine.ringFill(),
                engine.ringCapacity(),
                LoadPhase.lost(now) - LoadPhase.lost(last));
        out.flush();
        last = now;
        lastNanos = nowNanos;
    }
}
