package io.trafilo.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.trafilo.Trafilo;
import io.trafilo.testing.SystemClocks;
import io.trafilo.testing.TestEngine;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class FollowingClockTest {
    private static final long WALL_NANOS = 1_700_000_000_123_456_789L;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final SystemClocks clocks = new SystemClocks(WALL_NANOS);
    private final List<Long> steps = new ArrayList<>();

    private FollowingClock following() {
        FollowingClock clock = clocks.engineClock();
        clock.onStep(steps::add);
        return clock;
    }

    @Test
    void shouldLookOnceASecond() {
        FollowingClock clock = following();
        clocks.setWall(MINUTE);
        clocks.pass(SECOND.minusNanos(1));
        assertThat(clock.epochNanos()).isEqualTo(WALL_NANOS + 999_999_999);
        assertThat(clock.correctionNanos()).isZero();
        clocks.pass(Duration.ofNanos(1));
        assertThat(clock.epochNanos()).isEqualTo(WALL_NANOS + 1_000_000_000);
        assertThat(clock.correctionNanos()).isEqualTo(-MINUTE.toNanos());
        clocks.setWall(MINUTE.negated());
        clocks.pass(SECOND);
        clock.epochNanos();
        assertThat(clock.correctionNanos()).isZero();
        assertThat(steps).containsExactly(MINUTE.toNanos(), -MINUTE.toNanos());
    }

    /** Whatever part of a millisecond the wall clock is in. */
    @Test
    void shouldNoticeWhatIsMoreThanOneAndAHalfMillisecondsAndNothingBelowHalfAOne() {
        for (long phase = 0; phase < 1_000_000; phase += 9_973) {
            for (long off : new long[] {-1_500_002, -499_999, 0, 499_999, 1_500_002}) {
                steps.clear();
                FollowingClock clock = following();
                clocks.setWall(Duration.ofNanos(off));
                clocks.pass(SECOND.plusNanos(phase));
                clock.epochNanos();
                assertThat(steps).hasSize(Math.abs(off) > 1_000_000 ? 1 : 0);
                assertThat(clock.correctionNanos()).isEqualTo(steps.isEmpty() ? 0 : -off);
            }
        }
    }

    /** A clock that drifts by a hundred millionths. */
    @Test
    void shouldStayCloseToAWallClockThatDrifts() {
        FollowingClock clock = following();
        for (int second = 0; second < 3_600; second++) {
            clocks.setWall(Duration.ofNanos(100_000));
            clocks.pass(SECOND);
            long offNanos = clock.epochNanos() - clock.correctionNanos() - clocks.wallNanos();
            assertThat(offNanos).isBetween(-1_600_000L, 1_600_000L);
        }
    }

    @Test
    void shouldNotBeFooledByAPauseBetweenTheReadings() {
        long[] nanos = {WALL_NANOS};
        FollowingClock clock =
                new FollowingClock(() -> (nanos[0] += MINUTE.toNanos()) / 1_000_000, () -> nanos[0], () -> nanos[0]);
        clock.onStep(steps::add);
        nanos[0] += SECOND.toNanos();
        clock.epochNanos();
        assertThat(nanos[0])
                .as("it looked")
                .isEqualTo(WALL_NANOS + SECOND.plus(MINUTE).toNanos());
        assertThat(clock.correctionNanos()).isZero();
        assertThat(steps).isEmpty();
    }

    @Test
    void shouldIgnoreAYearThatNanosecondsDoNotReach() {
        long[] nanos = {0};
        FollowingClock clock = new FollowingClock(
                () -> Long.MAX_VALUE / 1_000_000,
                () -> {
                    if (nanos[0] > 0) {
                        throw new ArithmeticException("long overflow");
                    }
                    return 0;
                },
                () -> nanos[0]);
        nanos[0] = SECOND.toNanos();
        assertThat(clock.epochNanos()).isEqualTo(SECOND.toNanos());
        assertThat(clock.correctionNanos()).isZero();
    }

    @Test
    void shouldAllocateNothingWhileTheClocksAgree() {
        long[] monotonic = {0};
        FollowingClock clock =
                new FollowingClock(() -> monotonic[0] / 1_000_000, () -> monotonic[0], () -> monotonic[0]);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        threads.getThreadAllocatedBytes(thread);
        long before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < 10_000; i++) {
            monotonic[0] += TimeUnit.SECONDS.toNanos(1);
            clock.epochNanos();
        }
        assertThat(threads.getThreadAllocatedBytes(thread) - before).isLessThan(10_000);
    }

    @Test
    void shouldLogALargeStepAndNoSmallOne() {
        List<String> logged = new CopyOnWriteArrayList<>();
        Handler capture = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                logged.add(entry.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("io.trafilo");
        logger.addHandler(capture);
        FollowingClock clock = clocks.engineClock();
        Trafilo<Void> engine = Trafilo.<Void>builder()
                .name("watch")
                .clock(clock)
                .handler((event, none) -> {})
                .build();
        try (engine) {
            clocks.setWall(Duration.ofMillis(50));
            clocks.pass(SECOND);
            clock.epochNanos();
            clocks.setWall(Duration.ofMillis(-12_300));
            clocks.pass(SECOND);
            clock.epochNanos();
            TestEngine.until(() -> !logged.isEmpty());
        } finally {
            logger.removeHandler(capture);
        }
        assertThat(logged)
                .containsExactly(
                        "watch: the wall clock was set back by 12300 ms; event times from the parser follow it,"
                                + " times of receipt do not");
    }
}
