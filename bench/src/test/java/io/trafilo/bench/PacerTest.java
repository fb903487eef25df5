package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Drives a pacer through simulated time. */
class PacerTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final long START = Long.MAX_VALUE - 5 * SECOND; // the clock may wrap

    private record Take(long atNanos, int count) {}

    private static final class Simulation {
        final List<Take> takes = new ArrayList<>();
        final Pacer pacer;
        long nowNanos = START;

        Simulation(long rate, Duration duration, int unit) {
            pacer = new Pacer(rate, duration, unit, START);
        }

        /** A sender that takes what is due, waits as told, and wakes up late by as much as the random number says. */
        void run(SplittableRandom lateness, long maxLateNanos, long stallAtNanos, long stallNanos) {
            boolean stalled = false;
            while (!pacer.finished(nowNanos)) {
                int count = pacer.take(nowNanos);
                if (count > 0) {
                    takes.add(new Take(nowNanos - START, count));
                } else {
                    nowNanos += Math.max(pacer.waitNanos(nowNanos), 1) + lateness.nextLong(maxLateNanos + 1);
                }
                if (!stalled && nowNanos - START >= stallAtNanos) {
                    stalled = true;
                    nowNanos += stallNanos;
                }
            }
        }

        long taken() {
            return takes.stream().mapToLong(Take::count).sum();
        }

        int largest() {
            return takes.stream().mapToInt(Take::count).max().orElse(0);
        }

        long takenBetween(long fromNanos, long toNanos) {
            return takes.stream()
                    .filter(take -> take.atNanos() >= fromNanos && take.atNanos() < toNanos)
                    .mapToLong(Take::count)
                    .sum();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 7, 100, 1_999, 5_000, 99_999, 100_000, 1_234_567, 100_000_000})
    void shouldHandOutExactlyTheRateWhenSenderIsALittleLate(long rate) {
        long seed = System.nanoTime();
        Simulation simulation = new Simulation(rate, Duration.ofMillis(2_500), 1);
        simulation.run(new SplittableRandom(seed), MILLI / 5, Long.MAX_VALUE, 0);
        assertThat(simulation.taken()).as("seed %d", seed).isEqualTo(rate * 5 / 2);
        assertThat(simulation.pacer.skipped()).isZero();
        assertThat(simulation.largest()).isLessThanOrEqualTo((int) Math.max(1, rate / 1_000));
    }

    @Test
    void shouldSpreadEvenlyWhenSenderIsInTime() {
        Simulation simulation = new Simulation(100_000, Duration.ofSeconds(1), 1);
        simulation.run(new SplittableRandom(1), 0, Long.MAX_VALUE, 0);
        for (long at = 0; at < SECOND; at += 5 * MILLI) {
            assertThat(simulation.takenBetween(at, at + 5 * MILLI)).isBetween(450L, 550L);
        }
    }

    @ParameterizedTest
    @CsvSource({"100000, 1", "100000, 32", "1000000, 64", "3000, 1"})
    void shouldMakeUpSlowlyWhenSenderStallsForAMoment(long rate, int unit) {
        Simulation simulation = new Simulation(rate, Duration.ofSeconds(2), unit);
        simulation.run(new SplittableRandom(1), 0, SECOND / 2, 80 * MILLI);
        long maxBurst = Math.max(unit, rate / 1_000);
        assertThat(simulation.largest()).isEqualTo((int) maxBurst);
        assertThat(simulation.taken()).isEqualTo(2 * rate);
        assertThat(simulation.pacer.skipped()).isZero();
        for (Take take : simulation.takes) {
            long in20Millis = simulation.takenBetween(take.atNanos(), take.atNanos() + 20 * MILLI);
            assertThat(in20Millis).isLessThanOrEqualTo(rate * 20 / 1_000 * 5 / 4 + maxBurst);
        }
    }

    @Test
    void shouldSkipAndCountWhenSenderStallsForLong() {
        Simulation simulation = new Simulation(100_000, Duration.ofSeconds(2), 1);
        simulation.run(new SplittableRandom(1), 0, SECOND / 2, 400 * MILLI);
        assertThat(simulation.pacer.skipped()).isBetween(29_900L, 30_100L);
        assertThat(simulation.taken() + simulation.pacer.skipped()).isEqualTo(200_000);
        assertThat(simulation.largest()).isEqualTo(100);
    }

    @Test
    void shouldEndInTimeWhenSenderStallsAtTheEnd() {
        Simulation simulation = new Simulation(100_000, Duration.ofSeconds(1), 1);
        simulation.run(new SplittableRandom(1), 0, SECOND - 10 * MILLI, 150 * MILLI);
        assertThat(simulation.nowNanos - START).isLessThan(SECOND + 200 * MILLI);
        assertThat(simulation.taken() + simulation.pacer.skipped()).isEqualTo(100_000);
        assertThat(simulation.pacer.skipped()).isPositive();
    }

    @Test
    void shouldGiveWholeUnitsWhenUnitIsLargerThanABurst() {
        Simulation simulation = new Simulation(1_000, Duration.ofSeconds(1), 32);
        simulation.run(new SplittableRandom(1), 0, Long.MAX_VALUE, 0);
        assertThat(simulation.taken()).isEqualTo(1_000);
        List<Take> takes = simulation.takes;
        assertThat(takes.subList(0, takes.size() - 1)).allMatch(take -> take.count() == 32);
        assertThat(takes.get(takes.size() - 1).count()).isEqualTo(1_000 % 32);
    }

    @Test
    void shouldNeverWaitWhenRateIsZero() {
        Pacer pacer = new Pacer(0, Duration.ofSeconds(1), 1, START);
        assertThat(pacer.take(START)).isPositive();
        assertThat(pacer.waitNanos(START)).isZero();
        assertThat(pacer.finished(START + SECOND - 1)).isFalse();
        assertThat(pacer.finished(START + SECOND)).isTrue();
        assertThat(pacer.take(START + SECOND)).isZero();
        assertThat(pacer.skipped()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"100000, 1", "100000, 16", "7, 1", "3000, 64"})
    void shouldTellWhenEachWasDueWhenSenderIsLate(long rate, int unit) {
        Pacer pacer = new Pacer(rate, Duration.ofSeconds(2), unit, START);
        long handedOut = 0;
        for (long now = START; !pacer.finished(now); now += Math.max(pacer.waitNanos(now), MILLI / 10)) {
            int count = pacer.take(now);
            for (int i = 0; i < count; i++) {
                handedOut++;
                long due = START + (handedOut * SECOND + rate - 1) / rate;
                assertThat(pacer.dueNanos(i)).as("datagram %d", handedOut).isEqualTo(due);
            }
        }
        assertThat(handedOut).isEqualTo(2 * rate);
    }

    @Test
    void shouldCountTheTimesOfWhatItSkippedWhenItGoesOn() {
        Pacer pacer = new Pacer(1_000, Duration.ofSeconds(2), 1, START);
        assertThat(pacer.take(START + SECOND)).isEqualTo(1);
        assertThat(pacer.skipped()).isEqualTo(900);
        assertThat(pacer.dueNanos(0)).isEqualTo(START + 901 * MILLI);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "100, 1", "100000, 1", "100000, 64", "100000000, 1"})
    void shouldNotExceedTheBurstItNames(long rate, int unit) {
        Pacer pacer = new Pacer(rate, Duration.ofSeconds(10), unit, START);
        assertThat(pacer.take(START + SECOND)).isLessThanOrEqualTo(Pacer.maxBurst(rate, unit));
    }
}
