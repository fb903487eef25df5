package io.trafilo.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.Counter;
import io.trafilo.EventParser;
import io.trafilo.Trafilo;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.junit.jupiter.api.Test;

class AnchoredClockTest {
    private static final long WALL_NANOS = 1_700_000_000_123_456_789L;
    private static final int EVENTS = 5_000;

    /** Each reading of the wall clock takes a while, but for one of them. */
    private static final class SlowWall {
        long monotonicNanos = Long.MAX_VALUE - 5_000; // wraps on the way
        int readings;

        long wallNanos() {
            readings++;
            long delayNanos = readings == 7 ? 20 : 1_000_000;
            monotonicNanos += delayNanos / 2;
            long now = WALL_NANOS + monotonicNanos;
            monotonicNanos += delayNanos - delayNanos / 2;
            return now;
        }

        long monotonicNanos() {
            return monotonicNanos;
        }
    }

    @Test
    void shouldTakeTheTightestOfSeveralReadings() {
        SlowWall system = new SlowWall();
        AnchoredClock clock = new AnchoredClock(system::wallNanos, system::monotonicNanos);
        assertThat(system.readings).isGreaterThanOrEqualTo(16);
        assertThat(clock.epochNanos()).isEqualTo(WALL_NANOS + system.monotonicNanos);
    }

    /** A pause within a reading, which no other reading has, must not count. */
    @Test
    void shouldNotBeFooledByAPauseInOneReading() {
        long[] monotonicNanos = {0};
        int[] readings = {0};
        AnchoredClock clock = new AnchoredClock(
                () -> {
                    long now = WALL_NANOS + monotonicNanos[0];
                    monotonicNanos[0] += readings[0]++ == 0 ? TimeUnit.SECONDS.toNanos(1) : 10;
                    return now;
                },
                () -> monotonicNanos[0]);
        assertThat(clock.epochNanos() - WALL_NANOS - monotonicNanos[0]).isBetween(-10L, 10L);
    }

    /**
     * As a sender on the same machine does, whose clock is right. Each event is handled before the next one is stamped: under a
     * backlog the clock would be ahead of the stamps, however wrong.
     */
    @Test
    void shouldFindNoEventAheadOfItWhenStampedByTheWallClock() {
        EventParser stamped = (buffer, offset, length, out) -> {
            long nanos = 0;
            for (int i = 0; i < Long.BYTES; i++) {
                nanos = (nanos << 8) | (buffer[offset + 1 + i] & 0xff);
            }
            out.event(offset, 1, offset, 0).at(nanos);
        };
        AtomicInteger handled = new AtomicInteger();
        Trafilo<Void> engine = Trafilo.<Void>builder()
                .parser(stamped)
                .handler((event, none) -> handled.incrementAndGet())
                .build();
        try (engine) {
            engine.start();
            byte[] message = new byte[1 + Long.BYTES];
            for (int sent = 0; sent < EVENTS; sent++) {
                long nanos = SystemEpochNanoClock.INSTANCE.nanoTime();
                message[0] = (byte) sent;
                for (int i = 0; i < Long.BYTES; i++) {
                    message[1 + i] = (byte) (nanos >> (8 * (Long.BYTES - 1 - i)));
                }
                assertThat(engine.offer(message, 0, message.length)).isTrue();
                while (handled.get() <= sent && engine.failure().isEmpty()) {
                    Thread.onSpinWait();
                }
            }
        }
        assertThat(engine.ledger().count(Counter.HANDLED)).isEqualTo(EVENTS);
        assertThat(engine.ledger().count(Counter.SKEWED)).isZero();
        assertThat(engine.ledger().count(Counter.LATE)).isZero();
    }
}
