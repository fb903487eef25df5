package io.trafilo.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.Counter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LossHistoryTest {
    private static final long WINDOW = 3200;
    private static final long STEP = WINDOW / 32;

    private final LedgerBook book = new LedgerBook();
    private final CounterRow row = book.openRow();

    private LossHistory history(long startNanos) {
        return new LossHistory(book, WINDOW, startNanos);
    }

    private void lose(LossHistory history, long nowNanos, int count) {
        row.add(Counter.SHED, count);
        history.update(nowNanos);
    }

    @Test
    void shouldKnowNothingBeforeItIsUpdated() {
        LossHistory history = history(0);
        row.add(Counter.SHED, 5);
        assertThat(history.since(0)).isZero();
        history.update(0);
        assertThat(history.since(0)).isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource(names = {"KERNEL_DROPPED", "SHED", "DISCARDED_AT_CLOSE"})
    void shouldCountEveryKindOfLoss(Counter loss) {
        LossHistory history = history(0);
        row.add(loss, 3);
        history.update(1);
        assertThat(history.since(0)).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"KERNEL_DROPPED", "SHED", "DISCARDED_AT_CLOSE"})
    void shouldCountNothingElse(Counter other) {
        LossHistory history = history(0);
        row.add(other, 3);
        history.update(1);
        assertThat(history.since(0)).isZero();
    }

    @Test
    void shouldNotKnowTheLossesOfATimeInWhichTheKernelsWereUnknown() {
        LossHistory history = history(0);
        history.update(5);
        assertThat(history.isKnownSince(0)).isTrue();
        row.setKnown(Counter.KERNEL_DROPPED, false);
        history.update(10);
        assertThat(history.isKnownSince(0)).isFalse();
        assertThat(history.isKnownSince(20)).as("still").isFalse();
        history.update(30);
        row.setKnown(Counter.KERNEL_DROPPED, true);
        history.update(40);
        assertThat(history.isKnownSince(30)).isFalse();
        assertThat(history.isKnownSince(31)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1_700_000_000_000_000_000L, -5_000_050})
    void shouldForgetALossAtTheEndOfItsStep(long start) {
        long origin = Math.floorDiv(start, STEP) * STEP;
        LossHistory history = history(origin);
        lose(history, origin + 5 * STEP + 30, 7);
        history.update(origin + 20 * STEP);
        assertThat(history.since(origin)).isEqualTo(7);
        assertThat(history.since(origin + 5 * STEP))
                .as("its step, from the start")
                .isEqualTo(7);
        assertThat(history.since(origin + 6 * STEP - 1)).as("rounded outward").isEqualTo(7);
        assertThat(history.since(origin + 6 * STEP)).isZero();
    }

    @Test
    void shouldAddLossesUpFromTheMomentAskedFor() {
        LossHistory history = history(0);
        for (int step = 0; step < 40; step++) {
            lose(history, step * STEP + STEP / 2, 1);
        }
        for (int step = 0; step < 40; step++) {
            assertThat(history.since(step * STEP)).isEqualTo(40 - step);
        }
    }

    @Test
    void shouldAttributeALossToTheStepInWhichItBecameKnown() {
        LossHistory history = history(0);
        history.update(10 * STEP);
        lose(history, 30 * STEP, 4);
        assertThat(history.since(30 * STEP)).isEqualTo(4);
        history.update(31 * STEP);
        assertThat(history.since(31 * STEP)).isZero();
    }

    @Test
    void shouldForgetAllWhenTheClockJumpsFarAhead() {
        LossHistory history = history(0);
        lose(history, STEP, 9);
        history.update(10_000 * STEP);
        assertThat(history.since(10_000 * STEP - WINDOW)).isZero();
    }

    @Test
    void shouldAnswerWithinItsMemoryWhenAskedForLongAgo() {
        LossHistory history = history(0);
        for (int step = 0; step < 200; step++) {
            lose(history, step * STEP, 1);
        }
        assertThat(history.since(-1_000_000)).isBetween(32L, 64L);
        assertThat(history.since(199 * STEP - WINDOW)).isEqualTo(33);
    }

    @Test
    void shouldStandStillWhenTheClockGoesBack() {
        LossHistory history = history(1000 * STEP);
        lose(history, 1001 * STEP, 2);
        lose(history, 500 * STEP, 3);
        assertThat(history.since(1001 * STEP)).isEqualTo(5);
        assertThat(history.since(2000 * STEP)).isZero();
        assertThat(history.since(500 * STEP)).isEqualTo(5);
    }

    @Test
    void shouldForgetALossWhenTheClockWrapsAround() {
        long start = Long.MAX_VALUE - WINDOW;
        LossHistory history = history(start);
        lose(history, start + WINDOW / 2, 7);
        lose(history, start + 2 * WINDOW, 4); // a negative time
        assertThat(history.since(start)).isEqualTo(11);
        assertThat(history.since(start + WINDOW)).isEqualTo(4);
        history.update(start + 4 * WINDOW);
        assertThat(history.since(start + 3 * WINDOW)).isZero();
    }

    @Test
    void shouldKeepWhatARetiredRowLost() {
        LossHistory history = history(0);
        lose(history, 0, 5);
        book.retire(row);
        history.update(STEP);
        assertThat(history.since(0)).isEqualTo(5);
        assertThat(history.since(STEP)).isZero();
    }

    @Test
    void shouldWorkWithAWindowOfOneNanosecond() {
        LossHistory history = new LossHistory(book, 1, 0);
        lose(history, 10, 2);
        assertThat(history.since(10)).isEqualTo(2);
        history.update(11);
        assertThat(history.since(11)).isZero();
    }
}
