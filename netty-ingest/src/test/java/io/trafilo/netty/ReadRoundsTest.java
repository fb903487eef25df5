package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadRoundsTest {
    private static final long MAX_HELD = 1_000;

    @Test
    void shouldBeOverAfterThreeRoundsWithoutArrivals() {
        ReadRounds rounds = new ReadRounds(7, MAX_HELD);
        assertThat(rounds.isOver(7, false)).as("nothing to compare with").isFalse();
        assertThat(rounds.isOver(7, false)).isFalse();
        assertThat(rounds.isOver(8, false)).isFalse();
        assertThat(rounds.isOver(8, false)).isFalse();
        assertThat(rounds.isOver(8, false)).isFalse();
        assertThat(rounds.isOver(8, false)).isTrue();
    }

    @Test
    void shouldNotTakeAPausedSocketForEmpty() {
        ReadRounds rounds = new ReadRounds(0, MAX_HELD);
        for (int round = 0; round < 100; round++) {
            assertThat(rounds.isOver(0, true)).isFalse();
        }
    }

    @Test
    void shouldBeOverWhenMoreWasReadThanTheSocketCanHold() {
        ReadRounds rounds = new ReadRounds(5, MAX_HELD);
        assertThat(rounds.isOver(5 + MAX_HELD, false)).isFalse();
        assertThat(rounds.isOver(5 + MAX_HELD + 1, false)).isTrue();
    }
}
