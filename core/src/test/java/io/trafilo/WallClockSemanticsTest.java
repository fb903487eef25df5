package io.trafilo;

import static io.trafilo.testing.TestEngine.SLIDE;
import static io.trafilo.testing.TestEngine.START_NANOS;
import static io.trafilo.testing.TestEngine.WINDOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.engine.AnchoredClock;
import io.trafilo.engine.FollowingClock;
import io.trafilo.testing.SystemClocks;
import io.trafilo.testing.TestEngine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of events and windows when the wall clock is set while the engine runs. */
class WallClockSemanticsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SystemClocks clocks = new SystemClocks(START_NANOS);
    private final FollowingClock clock = clocks.engineClock();
    private final List<Long> times = new CopyOnWriteArrayList<>();

    private TestEngine start(Consumer<TrafiloBuilder<AtomicLong>> settings) {
        return TestEngine.start(builder -> {
            builder.clock(clock).handler((event, state) -> times.add(event.timestampNanos()));
            settings.accept(builder);
        });
    }

    private TestEngine start() {
        return start(builder -> {});
    }

    /** As a sender does whose clock was set as well. */
    private void sendStamped(TestEngine test) {
        test.send("key @" + clocks.wallNanos());
    }

    private static void assertNeitherLateNorSkewed(TestEngine test) {
        assertThat(test.ledger().count(Counter.LATE)).isZero();
        assertThat(test.ledger().count(Counter.SKEWED)).isZero();
    }

    /** The largest: a machine that was suspended for a day. */
    @ParameterizedTest
    @ValueSource(longs = {60_000, -60_000, 3_600_000, -3_600_000, 86_400_000, 2, -2})
    void shouldTakeEventTimesAsSetAfterASecond(long stepMillis) {
        try (TestEngine test = start(builder -> builder.emitWhenQuiet(false))) {
            sendStamped(test);
            clocks.setWall(Duration.ofMillis(stepMillis));
            clocks.pass(SECOND);
            sendStamped(test);
            assertThat(times).containsExactly(START_NANOS, START_NANOS + SECOND.toNanos());
            WindowResult window = test.lastWindow("key");
            assertThat(window.count()).isEqualTo(2);
            assertThat(window.newestNanos()).isEqualTo(window.endNanos()).isEqualTo(START_NANOS + SECOND.toNanos());
            assertThat(test.ledger().count(Counter.CLOCK_CORRECTIONS)).isEqualTo(1);
            assertNeitherLateNorSkewed(test);
        }
    }

    @Test
    void shouldFollowEachTimeTheClockIsSet() {
        try (TestEngine test = start(builder -> builder.emitWhenQuiet(false))) {
            for (int i = 1; i <= 20; i++) {
                clocks.setWall(Duration.ofSeconds(i % 3 == 0 ? -90 : 30));
                clocks.pass(SECOND);
                sendStamped(test);
                assertThat(times).last().isEqualTo(START_NANOS + i * SECOND.toNanos());
                assertThat(test.lastWindow("key").count()).isEqualTo(Math.min(i, 6));
            }
            assertThat(test.ledger().count(Counter.CLOCK_CORRECTIONS)).isEqualTo(20);
            assertNeitherLateNorSkewed(test);
        }
    }

    /** The first message after a silence is the one that finds out. */
    @Test
    void shouldFollowBeforeTheFirstEventAfterASilence() {
        try (TestEngine test = start(builder -> builder.emitWhenQuiet(false))) {
            sendStamped(test);
            clocks.pass(Duration.ofHours(3));
            clocks.setWall(Duration.ofHours(-1));
            sendStamped(test);
            assertThat(times).last().isEqualTo(START_NANOS + Duration.ofHours(3).toNanos());
            assertNeitherLateNorSkewed(test);
        }
    }

    @Test
    void shouldMoveNoWindowOfTimesOfReceipt() {
        Duration half = SLIDE.dividedBy(2);
        try (TestEngine test = start(builder -> builder.emitWhenQuiet(false))) {
            for (int i = 0; i < 30; i++) {
                clocks.setWall(Duration.ofMinutes(i % 2 == 0 ? 61 : -60));
                test.send("key ");
                clocks.pass(half);
            }
            assertThat(test.windows("key")).hasSize(15);
            for (int n = 0; n < 15; n++) {
                WindowResult window = test.windows("key").get(n);
                assertThat(window.count()).isEqualTo(Math.min(2 * n + 1, 11));
                assertThat(window.endNanos()).isEqualTo(START_NANOS + n * SLIDE.toNanos());
                assertThat(window.newestNanos()).isEqualTo(window.endNanos());
            }
            assertThat(test.ledger().count(Counter.CLOCK_CORRECTIONS)).isPositive();
            assertNeitherLateNorSkewed(test);
        }
    }

    @Test
    void shouldDecayAndForgetByItsOwnTime() {
        try (TestEngine test = start(builder -> builder.idleTimeout(WINDOW.multipliedBy(2)))) {
            sendStamped(test);
            clocks.setWall(Duration.ofDays(1));
            for (int slides = 1; slides <= 6; slides++) {
                clocks.pass(SLIDE);
                test.awaitWindows("key", 1 + slides);
            }
            assertThat(test.counts("key")).containsExactly(1L, 1L, 1L, 1L, 1L, 1L, 0L);
            assertThat(test.knows("key")).isTrue();
        }
    }

    @Test
    void shouldLeaveEventTimesAsTheyAreWhenTheClocksAgree() {
        try (TestEngine test = start(builder -> builder.emitWhenQuiet(false))) {
            clocks.setWall(Duration.ofNanos(-400_000));
            for (int i = 0; i < 10; i++) {
                clocks.pass(SECOND);
                long nanos = clocks.wallNanos();
                test.send("key @" + nanos);
                assertThat(times).last().isEqualTo(nanos);
            }
            assertThat(test.ledger().count(Counter.CLOCK_CORRECTIONS)).isZero();
        }
    }

    @Test
    void shouldStillTakeATimeAheadOfTheWallClockAsNow() {
        try (TestEngine test = start()) {
            clocks.setWall(Duration.ofMinutes(1));
            clocks.pass(SECOND);
            test.send("key @" + (clocks.wallNanos() + 1));
            assertThat(times).containsExactly(START_NANOS + SECOND.toNanos());
            assertThat(test.ledger().count(Counter.SKEWED)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {60, -60})
    void shouldTakeAnyTimeThatAParserGives(long stepSeconds) {
        try (TestEngine test = start()) {
            clocks.setWall(Duration.ofSeconds(stepSeconds));
            clocks.pass(SECOND);
            test.send("key @" + Long.MAX_VALUE, "key @" + Long.MIN_VALUE, "key @" + (Long.MIN_VALUE + 1));
            assertThat(test.ledger().count(Counter.SKEWED)).isEqualTo(1);
            assertThat(test.ledger().count(Counter.LATE)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {60, -60})
    void shouldKeepEventTimesOnTheTimeBasisEvent(long stepSeconds) {
        try (TestEngine test = start(builder -> builder.timeBasis(TimeBasis.EVENT))) {
            clocks.setWall(Duration.ofSeconds(stepSeconds));
            clocks.pass(SECOND);
            long nanos = clocks.wallNanos();
            sendStamped(test);
            assertThat(times).containsExactly(nanos);
            assertThat(test.lastWindow("key").endNanos()).isEqualTo(nanos);
            assertNeitherLateNorSkewed(test);

            test.send("key @" + (nanos + 7)); // ahead of the wall clock
            assertThat(times).containsExactly(nanos, nanos);
            assertThat(test.ledger().count(Counter.SKEWED)).isEqualTo(1);
        }
    }

    @Test
    void shouldFollowUnlessToldNotTo() {
        TrafiloBuilder<Void> builder = Trafilo.<Void>builder().handler((event, none) -> {});
        assertThat(builder.settings().clock()).isInstanceOf(FollowingClock.class);
        assertThat(builder.followWallClock(false).settings().clock()).isInstanceOf(AnchoredClock.class);
        assertThat(builder.followWallClock(true).clock(clock).settings().clock())
                .isSameAs(clock);
    }
}
