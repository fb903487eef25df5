package io.trafilo.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WorkCursorTest {
    private static final int WORKERS = 4;
    private static final int MAX_RUN = 8;

    private final WorkCursor cursor = new WorkCursor(WORKERS, MAX_RUN);

    @Test
    void shouldGiveNothingWhenNothingIsPublished() {
        assertThat(cursor.claim(0, -1)).isEqualTo(-1);
        assertThat(cursor.claimed()).isEqualTo(-1);
        assertThat(cursor.get()).isEqualTo(-1);
    }

    @Test
    void shouldSpreadASmallBacklogOverAllWorkers() {
        assertThat(cursor.claim(0, 3)).isZero();
        assertThat(cursor.claim(1, 3)).isEqualTo(1);
        assertThat(cursor.claim(2, 3)).isEqualTo(2);
        assertThat(cursor.claim(3, 3)).isEqualTo(3);
        for (int worker = 0; worker < WORKERS; worker++) {
            assertThat(cursor.firstOfRun(worker)).isEqualTo(worker);
        }
    }

    @Test
    void shouldRoundAFairShareUpWhenTheBacklogDoesNotDivide() {
        assertThat(cursor.claim(0, 9)).isEqualTo(2); // 10 over 4: 3
        assertThat(cursor.claim(1, 9)).isEqualTo(4); // 7 over 4: 2
        assertThat(cursor.claim(2, 9)).isEqualTo(6); // 5 over 4: 2
        assertThat(cursor.claim(3, 9)).isEqualTo(7); // 3 over 4: 1
    }

    @Test
    void shouldTakeAllUpToItsMaximumWhenItSharesWithNobody() {
        assertThat(cursor.claim(0, 2, 1)).isEqualTo(2);
        assertThat(cursor.claim(1, 999, 1)).isEqualTo(2 + MAX_RUN);
    }

    @Test
    void shouldTakeNoMoreThanItsMaximumWhenTheBacklogIsLarge() {
        assertThat(cursor.claim(0, 999)).isEqualTo(MAX_RUN - 1);
        assertThat(cursor.claim(1, 999)).isEqualTo(2 * MAX_RUN - 1);
    }

    @Test
    void shouldHoldPublishersBackWhileTheOldestRunIsUnread() {
        cursor.claim(0, 999);
        cursor.claim(1, 999);
        assertThat(cursor.get()).isEqualTo(-1);
        cursor.finish(1);
        assertThat(cursor.get()).isEqualTo(-1);
        cursor.finish(0);
        assertThat(cursor.get()).isEqualTo(2 * MAX_RUN - 1);
    }

    @Test
    void shouldLetGoOfAnEarlierPositionWhenAClaimFindsNothing() {
        cursor.claim(0, 0);
        assertThat(cursor.claim(0, 0)).isEqualTo(-1);
        assertThat(cursor.get()).isZero();
    }

    @Test
    void shouldClaimForTheCloserBesideTheWorkers() {
        cursor.claim(0, 3);
        assertThat(cursor.claim(cursor.closer(), 3)).isEqualTo(1);
        cursor.finish(0);
        assertThat(cursor.get()).as("held back by the closer").isZero();
        cursor.finish(cursor.closer());
        assertThat(cursor.get()).isEqualTo(1);
    }

    @Test
    void shouldRefuseARingThatIsNotNew() {
        cursor.set(-1);
        assertThatThrownBy(() -> cursor.set(0)).isInstanceOf(IllegalStateException.class);
    }
}
