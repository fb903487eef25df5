package io.trafilo.failures;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailureBudgetTest {
    private static final long START_NANOS = Long.MAX_VALUE - 1_000; // the clock may wrap round

    private final FailureBudget budget = new FailureBudget();

    @Test
    void shouldRefuseTheSeventeenthFailureWithinThePeriod() {
        for (int i = 0; i < 16; i++) {
            assertThat(budget.tryTake(START_NANOS + i)).isTrue();
        }
        assertThat(budget.tryTake(START_NANOS + FailureBudget.PERIOD_NANOS)).isFalse();
    }

    @Test
    void shouldAllowAnyNumberOfFailuresThatAreFarEnoughApart() {
        long eachNanos = FailureBudget.PERIOD_NANOS / 16 + 1;
        for (int i = 0; i < 1_000; i++) {
            assertThat(budget.tryTake(START_NANOS + i * eachNanos)).isTrue();
        }
    }

    @Test
    void shouldForgetFailuresThatAreOlderThanThePeriod() {
        for (int i = 0; i < 16; i++) {
            assertThat(budget.tryTake(START_NANOS)).isTrue();
        }
        long laterNanos = START_NANOS + FailureBudget.PERIOD_NANOS + 1;
        for (int i = 0; i < 16; i++) {
            assertThat(budget.tryTake(laterNanos)).isTrue();
        }
        assertThat(budget.tryTake(laterNanos)).isFalse();
    }
}
