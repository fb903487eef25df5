package io.trafilo;

import static io.trafilo.testing.TestEngine.SLIDE;
import static io.trafilo.testing.TestEngine.START_NANOS;
import static io.trafilo.testing.TestEngine.WINDOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.engine.AnchoredClock;
import io.trafilo.testing.ManualClock;
import io.trafilo.testing.TestEngine;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clocks that are set, wrap around, stand still or go back; beside what {@link TimeSemanticsTest} has of them. */
class ClockFaultSystemTest {
    private static final Duration HALF_SLIDE = SLIDE.dividedBy(2);

    /** Sends an event each half slide and checks every window: those of the last five seconds, both ends included. */
    private static void checkWindows(TestEngine test, ManualClock monotonic, long startNanos) {
        for (int i = 0; i < 30; i++) {
            test.send("key ");
            monotonic.advance(HALF_SLIDE);
        }
        assertThat(test.windows("key")).hasSize(15);
        for (int n = 0; n < 15; n++) {
            WindowResult window = test.windows("key").get(n);
            int count = Math.min(2 * n + 1, 11);
            long endNanos = startNanos + n * SLIDE.toNanos();
            assertThat(window.count()).isEqualTo(count);
            assertThat(window.endNanos()).isEqualTo(endNanos);
            assertThat(window.newestNanos()).isEqualTo(endNanos);
            assertThat(window.oldestNanos()).isEqualTo(endNanos - (count - 1) * HALF_SLIDE.toNanos());
            assertThat(window.lossDuringWindow()).isZero();
        }
        assertThat(test.ledger().count(Counter.LATE)).isZero();
        assertThat(test.ledger().count(Counter.SKEWED)).isZero();
    }

    @Test
    void shouldNotCareWhenTheWallClockIsSetForwardAndBack() {
        AtomicLong wallNanos = new AtomicLong(START_NANOS);
        ManualClock monotonic = new ManualClock(-77);
        EngineClock clock = new AnchoredClock(wallNanos::get, monotonic::epochNanos);
        wallNanos.addAndGet(TimeUnit.HOURS.toNanos(1));
        try (TestEngine test = TestEngine.start(builder -> builder.clock(clock).emitWhenQuiet(false))) {
            checkWindows(test, monotonic, START_NANOS);
            wallNanos.addAndGet(TimeUnit.HOURS.toNanos(-2));
            assertThat(clock.epochNanos()).isEqualTo(START_NANOS + 30 * HALF_SLIDE.toNanos());
        }
    }

    @Test
    void shouldNotCareWhenTheSystemsMonotonicClockWrapsAround() {
        ManualClock monotonic = new ManualClock(Long.MAX_VALUE - 3 * SLIDE.toNanos());
        EngineClock clock = new AnchoredClock(() -> START_NANOS, monotonic::epochNanos);
        try (TestEngine test = TestEngine.start(builder -> builder.clock(clock).emitWhenQuiet(false))) {
            checkWindows(test, monotonic, START_NANOS);
            assertThat(monotonic.epochNanos()).isNegative();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2_500_000_000L, 7_000_000_000L})
    void shouldNotCareWhenItsOwnTimeWrapsAround(long beforeTheWrapNanos) {
        long startNanos = Long.MAX_VALUE - beforeTheWrapNanos;
        ManualClock clock = new ManualClock(startNanos);
        try (TestEngine test = TestEngine.start(builder -> builder.clock(clock).emitWhenQuiet(false))) {
            checkWindows(test, clock, startNanos);
        }
    }

    @Test
    void shouldDecayAndForgetWhileItsTimeWrapsAround() {
        ManualClock clock = new ManualClock(Long.MAX_VALUE - 2 * SLIDE.toNanos());
        try (TestEngine test = TestEngine.start(builder -> builder.clock(clock).idleTimeout(WINDOW.multipliedBy(2)))) {
            test.send("key ");
            for (int slides = 1; slides <= 6; slides++) {
                clock.advance(SLIDE);
                test.awaitWindows("key", 1 + slides);
            }
            assertThat(test.counts("key")).containsExactly(1L, 1L, 1L, 1L, 1L, 1L, 0L);
            assertThat(test.knows("key")).isTrue();
            clock.advance(WINDOW);
            TestEngine.until(() -> test.disposed.contains(Key.of("key")));
            assertThat(test.counts("key")).hasSize(7);
        }
    }

    /** Often enough for the ring not to be full. */
    private static void awaitAtTimes(TestEngine test, int sent) {
        if (sent % 500 == 0) {
            test.awaitHandled();
        }
    }

    @Test
    void shouldCountEachOfManyEventsWithTheSameStamp() {
        try (TestEngine test = TestEngine.start(builder -> builder.emitWhenQuiet(false))) {
            for (int i = 0; i < 5_000; i++) {
                test.offer("key @" + START_NANOS);
                awaitAtTimes(test, i);
            }
            test.awaitHandled();
            test.clock.advance(WINDOW);
            test.send("key ");
            assertThat(test.lastWindow("key").count()).isEqualTo(5_001);
            test.clock.advance(SLIDE); // past the stamp, and past the slide
            test.send("key ");
            assertThat(test.lastWindow("key").count()).isEqualTo(2);
            assertThat(test.ledger().count(Counter.EXPIRED)).isEqualTo(5_000);
        }
    }

    @Test
    void shouldCountEachOfManyEventsWhoseStampsGoBack() {
        try (TestEngine test = TestEngine.start(builder -> builder.emitWhenQuiet(false))) {
            int events = 2_000;
            long stepNanos = WINDOW.toNanos() / events;
            for (int i = 0; i <= events + 100; i++) { // the last hundred are older than the window
                test.offer("key @" + (START_NANOS - i * stepNanos));
                awaitAtTimes(test, i);
            }
            test.awaitHandled();
            assertThat(test.ledger().count(Counter.LATE)).isEqualTo(100);
            test.clock.advance(WINDOW.dividedBy(2));
            test.send("key ");
            assertThat(test.lastWindow("key").count()).isEqualTo(events / 2 + 2);
            assertThat(test.lastWindow("key").oldestNanos()).isEqualTo(START_NANOS - events / 2 * stepNanos);
        }
    }
}
