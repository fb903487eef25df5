package io.trafilo.window;

import static io.trafilo.window.TimerWheel.DISARM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimerWheelTest {

    private static final long START = 1_000_000;
    private static final long TICK = 1L << 20;
    private static final long REVOLUTION = TICK * TimerWheel.SPOKES;

    private final TimerWheel wheel = new TimerWheel(TICK * 32, START);
    private final List<Integer> fired = new ArrayList<>();
    private final TimerWheel.Handler<TestEntry> recorder = (entry, now) -> {
        fired.add(entry.id);
        return DISARM;
    };

    @Test
    void shouldRefuseDelayWhenNotPositive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TimerWheel(0, START))
                .withMessage("shortestDelay: 0 ns (expected: > 0)");
    }

    @Test
    void shouldSayNothingIsScheduledWhenEmpty() {
        assertThat(wheel.nextNanos()).isEqualTo(DISARM);
        assertThat(wheel.poll(START + REVOLUTION, 10, recorder)).isZero();
        assertThat(wheel.nextNanos()).isEqualTo(DISARM);
    }

    @Test
    void shouldRefuseEntryWhenArmed() {
        TestEntry entry = schedule(1, START + 5);

        assertThat(wheel.isArmed(entry)).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> wheel.schedule(entry, START + 6));
        assertThat(wheel.nextNanos()).isEqualTo(START + 5);
    }

    @Test
    void shouldFireAtDeadlineButNotBefore() {
        TestEntry entry = schedule(1, START + 12_345);

        assertThat(wheel.nextNanos()).isEqualTo(START + 12_345);
        assertThat(wheel.poll(START + 12_344, 10, recorder)).isZero();
        assertThat(wheel.poll(START + 12_345, 10, recorder)).isEqualTo(1);
        assertThat(wheel.isArmed(entry)).isFalse();
    }

    @Test
    void shouldWaitForItsRevolutionWhenDeadlineIsFar() {
        schedule(1, START + 3 * REVOLUTION + 7);

        assertThat(wheel.nextNanos()).isEqualTo(START + REVOLUTION);
        for (long now = START; now < START + 3 * REVOLUTION; now += TICK / 2) {
            assertThat(wheel.poll(now, 10, recorder)).isZero();
        }
        assertThat(wheel.nextNanos()).isEqualTo(START + 3 * REVOLUTION + 7);
        assertThat(wheel.poll(START + 3 * REVOLUTION + 7, 10, recorder)).isEqualTo(1);
    }

    @Test
    void shouldNameEndOfTickWhenSpokeIsLong() {
        for (int i = 1; i <= TimerWheel.EXACT_LIMIT; i++) {
            schedule(i, START + TICK + i);
        }
        assertThat(wheel.nextNanos()).isEqualTo(START + TICK + 1);
        wheel.poll(START + 1, 10, recorder);
        schedule(0, START + TICK + 5);
        wheel.poll(START + 2, 10, recorder);

        assertThat(wheel.nextNanos()).isEqualTo(START + 2 * TICK);
        assertThat(wheel.poll(START + 2 * TICK, 100, recorder)).isEqualTo(TimerWheel.EXACT_LIMIT + 1);
    }

    @Test
    void shouldFireOverdueOnesFirstWhenLimitWasHit() {
        for (int i = 0; i < 5; i++) {
            schedule(i, START + TICK * i);
        }
        long now = START + TICK * 10;

        assertThat(wheel.poll(now, 2, recorder)).isEqualTo(2);
        assertThat(wheel.nextNanos()).isLessThanOrEqualTo(now);
        schedule(5, START);
        assertThat(wheel.poll(now, 2, recorder)).isEqualTo(2);
        assertThat(wheel.poll(now, 2, recorder)).isEqualTo(2);

        assertThat(fired).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(wheel.nextNanos()).isEqualTo(DISARM);
    }

    @Test
    void shouldFireEachOnceWhenClockJumpsHours() {
        for (int i = 0; i < 1_000; i++) {
            schedule(i, START + i * TICK / 3);
        }

        assertThat(wheel.poll(START + TimeUnit.HOURS.toNanos(9), 10_000, (TestEntry entry, long now) -> START + 1))
                .isEqualTo(1_000);
    }

    @Test
    void shouldFireAgainWhenHandlerNamesNextDeadline() {
        schedule(1, START + 10);

        wheel.poll(START + 10, 10, (TestEntry entry, long now) -> now + TICK);

        assertThat(wheel.nextNanos()).isEqualTo(START + 10 + TICK);
        assertThat(wheel.poll(START + 9 + TICK, 10, recorder)).isZero();
        assertThat(wheel.poll(START + 10 + TICK, 10, recorder)).isEqualTo(1);
    }

    @Test
    void shouldKeepItsTimeWhenPollIsBehind() {
        wheel.poll(START + TICK, 10, recorder);
        schedule(1, START + TICK - 5);

        List<Long> times = new ArrayList<>();
        wheel.poll(START, 10, (TestEntry entry, long now) -> {
            times.add(now);
            return DISARM;
        });

        assertThat(times).containsExactly(START + TICK);
    }

    @Test
    void shouldKeepTheRestWhenHandlerThrows() {
        TestEntry first = schedule(1, START + 1);
        schedule(2, START + TICK);
        TestEntry third = schedule(3, START + REVOLUTION);
        IllegalArgumentException failure = new IllegalArgumentException("on purpose");

        assertThatThrownBy(() -> wheel.poll(START + 2 * TICK, 10, (TestEntry entry, long now) -> {
                    throw failure;
                }))
                .isSameAs(failure);

        assertThat(wheel.isArmed(first)).isFalse();
        assertThat(wheel.isArmed(third)).isTrue();
        assertThat(wheel.nextNanos()).isLessThanOrEqualTo(START + 2 * TICK);
        wheel.poll(START + 2 * REVOLUTION, 10, recorder);
        assertThat(fired).containsExactly(2, 3);
    }

    @Test
    void shouldFireOnTimeWhenClockValuesWrap() {
        long start = Long.MAX_VALUE - 100;
        TimerWheel wrapping = new TimerWheel(TICK * 32, start);
        wrapping.schedule(new TestEntry(1), start + 150);
        wrapping.schedule(new TestEntry(2), start + REVOLUTION + 150);

        assertThat(wrapping.nextNanos()).isEqualTo(start + 150);
        assertThat(wrapping.poll(start + 149, 10, recorder)).isZero();
        assertThat(wrapping.poll(start + 150, 10, recorder)).isEqualTo(1);
        assertThat(wrapping.poll(start + REVOLUTION + 149, 10, recorder)).isZero();
        assertThat(wrapping.poll(start + REVOLUTION + 150, 10, recorder)).isEqualTo(1);
    }

    @Test
    void shouldNotSayEmptyWhenDeadlineLooksLikeDisarm() {
        long start = Long.MAX_VALUE - 100;
        TimerWheel wrapping = new TimerWheel(TICK * 32, start);
        wrapping.schedule(new TestEntry(1), DISARM);

        assertThat(wrapping.nextNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(wrapping.poll(DISARM, 10, recorder)).isEqualTo(1);
    }

    @Test
    void shouldAllocateNothingWhenEntriesAreRearmed() {
        for (int i = 0; i < 500; i++) {
            schedule(i, START + i * 10_000L);
        }
        TimerWheel.Handler<TestEntry> rearm = (entry, now) -> now + TICK * 3 + entry.id;
        turn(rearm, 0, 2_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        threads.getCurrentThreadAllocatedBytes();
        long before = threads.getCurrentThreadAllocatedBytes();

        turn(rearm, 2_000, 20_000);

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1_000);
    }

    @Test
    void shouldGetAlongWithTheBlocksReservedWhenBacklogGrowsByMoreThanOneBlockAtTime() {
        int step = TimerBlock.CAPACITY + 1;
        for (int i = 0; i < 200; i++) {
            for (int k = 0; k < step; k++) {
                schedule(i * step + k, START + (i + 1) * TICK);
            }
            assertThat(wheel.poll(START + (i + 1) * TICK, 0, recorder)).isZero();
        }

        assertThat(wheel.poll(START + 201 * TICK, Integer.MAX_VALUE, recorder)).isEqualTo(200 * step);
        assertThat(fired).doesNotHaveDuplicates();
    }

    private void turn(TimerWheel.Handler<TestEntry> handler, int from, int to) {
        for (int i = from; i < to; i++) {
            wheel.poll(START + i * TICK / 4, 100, handler);
            wheel.nextNanos();
        }
    }

    @Test
    void shouldFireAtTheEarlierTimeWhenBroughtForward() {
        TestEntry far = schedule(1, START + 50 * TICK);
        TestEntry neighbour = schedule(2, START + 50 * TICK + 1);

        assertThat(wheel.scheduleNoLater(far, START + 60 * TICK)).isFalse();
        assertThat(wheel.scheduleNoLater(far, START + 2 * TICK)).isTrue();
        assertThat(wheel.nextNanos()).isEqualTo(START + 2 * TICK);

        wheel.poll(START + 2 * TICK, 10, (entry, now) -> DISARM);
        assertThat(wheel.isArmed(far)).isFalse();
        assertThat(wheel.isArmed(neighbour)).isTrue();
        assertThat(wheel.scheduleNoLater(far, START + 3 * TICK)).isTrue();
    }

    private TestEntry schedule(int id, long deadlineNanos) {
        TestEntry entry = new TestEntry(id);
        wheel.schedule(entry, deadlineNanos);
        return entry;
    }
}
