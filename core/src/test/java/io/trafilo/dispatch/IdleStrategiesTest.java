package io.trafilo.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.WaitMode;
import org.agrona.concurrent.IdleStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IdleStrategiesTest {
    private int sleeps;

    private IdleStrategy strategy(WaitMode mode) {
        return IdleStrategies.of(mode, () -> sleeps++);
    }

    private static void idle(IdleStrategy strategy, int times) {
        for (int i = 0; i < times; i++) {
            strategy.idle();
        }
    }

    @Test
    void shouldSleepEachTimeWhenItHasSpunInVain() {
        IdleStrategy park = strategy(WaitMode.PARK);
        idle(park, IdleStrategies.SPINS);
        assertThat(sleeps).isZero();
        idle(park, 3);
        assertThat(sleeps).isEqualTo(3);
    }

    @Test
    void shouldSpinAgainWhenThereWasWork() {
        IdleStrategy park = strategy(WaitMode.PARK);
        for (int i = 1; i <= 5; i++) {
            idle(park, IdleStrategies.SPINS + 1);
            assertThat(sleeps).isEqualTo(i);
            park.reset();
        }
        idle(park, IdleStrategies.SPINS);
        park.idle(1);
        park.idle(0);
        assertThat(sleeps).isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource(names = {"YIELD", "BUSY_SPIN"})
    void shouldNotSleepUntilWokenWhenTheModeSaysSo(WaitMode mode) {
        idle(strategy(mode), 100 * IdleStrategies.SPINS);
        assertThat(sleeps).isZero();
    }

    /** Strategies that count belong to one thread. */
    @ParameterizedTest
    @EnumSource(names = {"PARK", "YIELD"})
    void shouldGiveEachWorkerAStrategyOfItsOwn(WaitMode mode) {
        assertThat(strategy(mode)).isNotSameAs(strategy(mode));
    }
}
