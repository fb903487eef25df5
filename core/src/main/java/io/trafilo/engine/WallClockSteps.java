package io.trafilo.engine;

import io.trafilo.Counter;
import io.trafilo.failures.Failures;
import io.trafilo.ledger.CounterRow;
import java.time.Duration;
import java.util.function.LongConsumer;

/** Counts the steps of the wall clock that an engine's event times follow, and logs the large ones. */
final class WallClockSteps implements LongConsumer {
    private static final long LOGGED_NANOS = 100_000_000;

    private final EngineLog log = new EngineLog(1);
    private final String engine;
    private final CounterRow shared;
    private final Failures failures;

    WallClockSteps(String engine, CounterRow shared, Failures failures) {
        this.engine = engine;
        this.shared = shared;
        this.failures = failures;
    }

    @Override
    public void accept(long stepNanos) {
        shared.addShared(Counter.CLOCK_CORRECTIONS, 1);
        if (Math.abs(stepNanos) >= LOGGED_NANOS) {
            failures.callLater(() -> log.warn(0, () -> text(stepNanos), null)); // a log may block
        }
    }

    private String text(long stepNanos) {
        return engine + ": the wall clock was set " + (stepNanos < 0 ? "back" : "forward") + " by "
                + Checks.text(Duration.ofMillis(Math.abs(stepNanos) / 1_000_000))
                + "; event times from the parser follow it, times of receipt do not";
    }
}
