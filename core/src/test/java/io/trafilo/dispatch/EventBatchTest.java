package io.trafilo.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventBatchTest {
    private static final int MAX_KEY = 5;
    private static final int MAX_EVENTS = 40;

    private final EventBatch batch = new EventBatch(MAX_KEY, MAX_EVENTS);

    /** A message of ten bytes at 100. */
    @BeforeEach
    void begin() {
        batch.clear();
        batch.beginMessage(100, 10, 7_000);
    }

    @ParameterizedTest
    @CsvSource({
        "99, 1", // before the message
        "-1, 1",
        "100, 11", // over its end
        "109, 2",
        "111, 0", // behind it
        "100, -1", // negative
        "105, -2147483648",
        "-2147483648, 1", // sums that overflow
        "2147483647, 1",
        "2147483647, 2147483647",
        "101, 2147483647"
    })
    void shouldThrowWhenASliceIsNotWithinTheMessage(int offset, int length) {
        assertThatThrownBy(() -> batch.event(offset, length, 100, 0))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage(
                        "key: offset " + offset + ", length " + length + " (expected: within the message, 100 to 110)");
        assertThatThrownBy(() -> batch.event(100, 1, offset, length, 8_000))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageStartingWith("payload: offset " + offset);
        assertThat(batch.count()).isZero();
        assertThat(batch.rejected()).isZero();
    }

    @Test
    void shouldKeepSlicesAndTimesInOrder() {
        batch.event(100, 5, 105, 5);
        batch.event(109, 1, 110, 0, 8_000); // an empty slice may lie at the end
        batch.event(102, 2, 100, 10, Long.MIN_VALUE);

        assertThat(batch.count()).isEqualTo(3);
        assertThat(batch.keyOffset(0)).isEqualTo(100);
        assertThat(batch.keyLength(0)).isEqualTo(5);
        assertThat(batch.payloadOffset(0)).isEqualTo(105);
        assertThat(batch.payloadLength(0)).isEqualTo(5);
        assertThat(batch.timestampNanos(0)).isEqualTo(7_000);
        assertThat(batch.keyOffset(1)).isEqualTo(109);
        assertThat(batch.payloadOffset(1)).isEqualTo(110);
        assertThat(batch.payloadLength(1)).isZero();
        assertThat(batch.timestampNanos(1)).isEqualTo(8_000);
        assertThat(batch.timestampNanos(2)).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void shouldRejectKeysThatAreEmptyOrTooLong() {
        batch.event(100, 0, 100, 1);
        batch.event(100, MAX_KEY + 1, 100, 1);
        batch.event(100, MAX_KEY, 100, 1);
        batch.reject();
        assertThat(batch.count()).isEqualTo(1);
        assertThat(batch.rejected()).isEqualTo(3);
    }

    @Test
    void shouldRejectEventsBeyondTheMost() {
        for (int i = 0; i < MAX_EVENTS; i++) {
            batch.event(100, 1 + i % MAX_KEY, 100, i % 10, i);
        }
        assertThat(batch.rejected()).isZero();
        batch.event(100, 1, 100, 1);
        batch.event(100, 1, 100, 1);

        assertThat(batch.count()).isEqualTo(MAX_EVENTS);
        assertThat(batch.rejected()).isEqualTo(2);
        for (int i = 0; i < MAX_EVENTS; i++) { // it has grown twice by now
            assertThat(batch.keyLength(i)).isEqualTo(1 + i % MAX_KEY);
            assertThat(batch.payloadLength(i)).isEqualTo(i % 10);
            assertThat(batch.timestampNanos(i)).isEqualTo(i);
        }
    }

    @Test
    void shouldThrowRatherThanRejectWhenTheBatchIsFull() {
        for (int i = 0; i < MAX_EVENTS; i++) {
            batch.event(100, 1, 100, 1);
        }
        assertThatThrownBy(() -> batch.event(100, 11, 100, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatCode(() -> batch.event(100, 10, 100, 1)).doesNotThrowAnyException();
    }

    @Test
    void shouldStartOverWithTheNextMessage() {
        batch.event(100, 1, 100, 1);
        batch.reject();
        batch.clear();
        batch.beginMessage(0, 1, 9_000);
        assertThat(batch.count()).isZero();
        assertThat(batch.rejected()).isZero();
        assertThatThrownBy(() -> batch.event(100, 1, 100, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        batch.event(0, 1, 1, 0);
        assertThat(batch.timestampNanos(0)).isEqualTo(9_000);
    }

    @Test
    void shouldGrowToTheMostWhenThatIsOne() {
        EventBatch one = new EventBatch(MAX_KEY, 1);
        one.beginMessage(0, 1, 0);
        one.event(0, 1, 0, 1);
        one.event(0, 1, 0, 1);
        assertThat(one.count()).isEqualTo(1);
        assertThat(one.rejected()).isEqualTo(1);
    }
}
