package io.trafilo.failures;

import static io.trafilo.testing.TestEngine.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.ledger.CounterRow;
import io.trafilo.testing.OnPurpose;
import io.trafilo.testing.Parts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When the guard looks, and what becomes of an error in that. */
@Timeout(60)
class GuardTest {
    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);

    private volatile boolean reliefFails;
    private final List<Throwable> heard = new CopyOnWriteArrayList<>();
    private final AtomicInteger stops = new AtomicInteger();
    private final List<Long> askedUntil = new ArrayList<>();
    private StallWatch watch;
    private Failures failures;
    private Guard guard;
    private long startNanos;

    @BeforeEach
    void make() {
        CounterRow shared = new CounterRow();
        failures = new Failures(
                (stage, key, error) -> {
                    assertThat(stage).isEqualTo(Stage.ENGINE);
                    heard.add(error);
                },
                shared,
                error -> stops.incrementAndGet(),
                new Reporter(new EngineThreads(), "guard-reporter", shared));
        startNanos = System.nanoTime();
        watch = new StallWatch(4 * INTERVAL_NANOS, startNanos, stall -> {});
        guard = new Guard(watch, this::relieve, failures);
    }

    private void relieve() {
        if (reliefFails) {
            throw new OnPurpose();
        }
    }

    private long lookedNanos() {
        try {
            return (long) Parts.partOf(watch, "lookedNanos");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until the time asked for, so many times; then it has come. */
    private boolean await(long untilNanos, int times) {
        askedUntil.add(untilNanos);
        while (System.nanoTime() - untilNanos < 0) {
            LockSupport.parkNanos(untilNanos - System.nanoTime());
        }
        return askedUntil.size() == times;
    }

    @Test
    void shouldGiveWhatTheWaitSays() {
        assertThat(guard.await(untilNanos -> true, System.nanoTime() + HOUR_NANOS))
                .isTrue();
        for (boolean comes : new boolean[] {true, false}) {
            askedUntil.clear();
            boolean came = guard.await(
                    untilNanos -> {
                        askedUntil.add(untilNanos);
                        return comes;
                    },
                    startNanos - 1);
            assertThat(came).isEqualTo(comes);
            assertThat(askedUntil).containsExactly(startNanos - 1);
        }
    }

    @Test
    void shouldLookAtEachInterval() {
        long endNanos = System.nanoTime();
        assertThat(guard.await(untilNanos -> await(untilNanos, 4), startNanos + HOUR_NANOS))
                .isTrue();
        assertThat(askedUntil.get(0)).isBetween(startNanos + INTERVAL_NANOS, endNanos + INTERVAL_NANOS);
        for (int i = 1; i < 4; i++) {
            assertThat(askedUntil.get(i) - askedUntil.get(i - 1)).isGreaterThanOrEqualTo(INTERVAL_NANOS);
        }
        assertThat(lookedNanos()).isGreaterThanOrEqualTo(askedUntil.get(2));
    }

    @Test
    void shouldNotLookBeforeThatWhenTheWaitReturnsEarly() {
        Guard patient = new Guard(new StallWatch(HOUR_NANOS, startNanos, stall -> {}), this::relieve, failures);
        List<Long> looked = new ArrayList<>();
        patient.await(
                untilNanos -> {
                    looked.add(lookedNanos());
                    return looked.size() == 10;
                },
                startNanos + HOUR_NANOS);
        assertThat(looked).hasSize(10).containsOnly(startNanos);
    }

    /** Like workers, it outlives sixteen errors in a row. */
    @Test
    void shouldReportErrorsAndStopTheEngineWhenTheyDoNotEnd() {
        reliefFails = true;
        int outlived = FailureBudget.MAX_FAILURES;
        guard.await(untilNanos -> await(untilNanos, outlived + 1), startNanos + HOUR_NANOS);
        assertThat(stops).hasValue(0);
        until(() -> heard.size() == outlived);
        assertThat(heard).hasOnlyElementsOfType(OnPurpose.class);
        guard.await(untilNanos -> await(untilNanos, outlived + 3), startNanos + HOUR_NANOS);
        assertThat(stops).hasPositiveValue();
        until(() -> heard.size() > outlived);
    }
}
