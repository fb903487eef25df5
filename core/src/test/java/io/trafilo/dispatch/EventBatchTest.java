package io.trafilo.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventBatchTest {
    private static final int MAX_KEY = 5;
    private static final int MAX_EVENTS = 40;

    private final List<RuntimeException> causes = new ArrayList<>();
    private final EventBatch batch = new EventBatch(MAX_KEY, MAX_EVENTS, causes::add);

    /** A message of ten bytes at 100. */
    @BeforeEach
    void begin() {
        batch.clear();
        batch.beginMessage(0, 100, 10, 7_000);
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
        assertThatThrownBy(() -> batch.event(100, 1, offset, length).at(8_000))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageStartingWith("payload: offset " + offset);
        assertThat(batch.count()).isZero();
        assertThat(batch.rejected()).isZero();
    }

    @Test
    void shouldKeepSlicesAndTimesInOrder() {
        batch.event(100, 5, 105, 5);
        batch.event(109, 1, 110, 0).at(8_000); // an empty slice may lie at the end
        batch.event(102, 2, 100, 10).at(Long.MIN_VALUE);

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
            batch.event(100, 1 + i % MAX_KEY, 100, i % 10).at(i);
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
        batch.beginMessage(0, 0, 1, 9_000);
        assertThat(batch.count()).isZero();
        assertThat(batch.rejected()).isZero();
        assertThatThrownBy(() -> batch.event(100, 1, 100, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        batch.event(0, 1, 1, 0);
        assertThat(batch.timestampNanos(0)).isEqualTo(9_000);
    }

    @Test
    void shouldGrowToTheMostWhenThatIsOne() {
        EventBatch one = new EventBatch(MAX_KEY, 1, causes::add);
        one.beginMessage(0, 0, 1, 0);
        one.event(0, 1, 0, 1);
        one.event(0, 1, 0, 1);
        assertThat(one.count()).isEqualTo(1);
        assertThat(one.rejected()).isEqualTo(1);
    }

    @Test
    void shouldHaveNoValueAndAWeightOfOneUnlessTheParserSaysOtherwise() {
        batch.event(100, 1, 102, 3);
        batch.event(100, 1, 102, 3).value(-0.5).weight(4).item(109, 1);
        assertThat(batch.value(0)).isNaN();
        assertThat(batch.weight(0)).isEqualTo(1);
        assertThat(batch.itemOffset(0)).isEqualTo(102);
        assertThat(batch.itemLength(0)).isEqualTo(3);
        assertThat(batch.value(1)).isEqualTo(-0.5);
        assertThat(batch.weight(1)).isEqualTo(4);
        assertThat(batch.itemOffset(1)).isEqualTo(109);
        assertThat(batch.itemLength(1)).isEqualTo(1);
        assertThatThrownBy(() -> batch.event(100, 1, 100, 1).item(109, 2))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageStartingWith("item: offset 109");
    }

    @Test
    void shouldRejectAnEventWhoseValueOrWeightIsNone() {
        for (double none : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            batch.event(100, 1, 100, 1).value(none).at(1).value(1).weight(none);
            batch.event(100, 1, 100, 1).weight(none).value(none);
        }
        batch.event(100, 1, 100, 1).weight(0);
        batch.event(100, 1, 100, 1).weight(-1);
        assertThat(batch.count()).isZero();
        assertThat(batch.rejected()).isEqualTo(8);
        batch.event(100, 0, 100, 1).value(1).weight(Double.NaN).item(100, 1).at(1); // rejected already
        assertThat(batch.rejected()).isEqualTo(9);
        batch.event(100, 1, 100, 1).value(Double.MAX_VALUE).weight(Double.MIN_VALUE);
        assertThat(batch.count()).isEqualTo(1);
    }

    @Test
    void shouldTellWhyAPartWasRejected() {
        IllegalStateException cause = new IllegalStateException("on purpose");
        batch.reject(cause);
        assertThat(batch.rejected()).isEqualTo(1);
        assertThat(causes).containsExactly(cause);
    }

    @Test
    void shouldKeepEachKeyThatIsPutTogether() {
        byte[] parts = "abcdefgh".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < MAX_EVENTS - 1; i++) {
            batch.key().append(parts, 0, 2); // forgotten
            batch.key().append(parts, i % 4, 3).append((byte) ('A' + i % 26)).event(101, 2);
        }
        batch.event(100, 2, 101, 2);
        byte[] message = new byte[110];
        for (int i = 0; i < MAX_EVENTS - 1; i++) {
            String expected = "abcdefgh".substring(i % 4, i % 4 + 3) + (char) ('A' + i % 26);
            assertThat(new String(
                            batch.keyBytes(i, message),
                            batch.keyOffset(i),
                            batch.keyLength(i),
                            StandardCharsets.US_ASCII))
                    .isEqualTo(expected);
            assertThat(batch.payloadOffset(i)).isEqualTo(101);
        }
        assertThat(batch.keyBytes(MAX_EVENTS - 1, message)).isSameAs(message);
        assertThat(batch.keyOffset(MAX_EVENTS - 1)).isEqualTo(100);
    }

    @Test
    void shouldRejectAKeyThatIsPutTogetherEmptyOrTooLong() {
        byte[] part = new byte[MAX_KEY];
        batch.key().event(100, 1);
        batch.key().append(part, 0, MAX_KEY).append((byte) 1).event(100, 1);
        batch.key()
                .append(part, 0, MAX_KEY)
                .append(part, 0, 1)
                .append(part, 0, 0)
                .event(100, 1)
                .value(1);
        assertThat(batch.count()).isZero();
        assertThat(batch.rejected()).isEqualTo(3);
        assertThat(batch.key().append(part, 0, MAX_KEY).length()).isEqualTo(MAX_KEY);
        batch.key().append(part, 0, MAX_KEY).event(100, 1);
        assertThat(batch.count()).isEqualTo(1);
        assertThatThrownBy(() -> batch.key().append(part, 1, MAX_KEY)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> batch.key().append(part, 0, 1).event(100, 11))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0, c0000207, 192.0.2.7",
        "0, ffffffff, 255.255.255.255",
        "0, 00010a64, 0.1.10.100",
        "20010db800000000, 1, 2001:db8::1",
        "20010db800010001, 0001000100010001, 2001:db8:1:1:1:1:1:1",
        "0, 1, ::1",
        "0, 0, ::",
        "fe80000000000000, 0, fe80::",
        "2001000000010000, 0000000000000001, 2001:0:1::1",
        "2001000000000001, 0000000000000001, 2001:0:0:1::1",
        "2001000000000001, 0001000000000001, 2001::1:1:0:0:1",
        "20010db800000001, 0001000100010001, 2001:db8:0:1:1:1:1:1",
        "0001000000000000, abcdef0123456789, 1::abcd:ef01:2345:6789"
    })
    void shouldWriteAddressesAsIsCommon(String high, String low, String text) {
        EventBatch wide = new EventBatch(64, 1, causes::add);
        wide.beginMessage(0, 0, 1, 0);
        int length = text.indexOf('.') > 0 ? 4 : 16;
        wide.sender().wrap(Long.parseUnsignedLong(high, 16), Long.parseUnsignedLong(low, 16), length << 16 | 9);
        wide.key().append(wide.sender()).event(0, 1);
        assertThat(new String(wide.keyBytes(0, new byte[0]), 0, wide.keyLength(0), StandardCharsets.US_ASCII))
                .isEqualTo(text);
    }

    @Test
    void shouldRejectTheKeysOfAMessageThatFindNoRoom() {
        EventBatch wide = new EventBatch(256, 1000, causes::add);
        byte[] part = new byte[256];
        for (int message = 0; message < 2; message++) {
            assertThat(wide.hasRoom()).isTrue();
            wide.beginMessage(message, 0, 1, 0);
            for (int i = 0; i < 300; i++) {
                wide.key().append(part, 0, 256).event(0, 1);
            }
            assertThat(wide.count()).isEqualTo(256 * (message + 1));
            assertThat(wide.rejected()).isEqualTo(44);
        }
        assertThat(wide.hasRoom()).isFalse();
        assertThat(wide.keyBytes(0, part)).hasSize(BuiltKeys.mostBytes(256));
        wide.clear();
        assertThat(wide.hasRoom()).isTrue();
    }

    @Test
    void shouldAddSeveralEventsWithOneKeyThatIsPutTogether() {
        byte[] parts = "abc".getBytes(StandardCharsets.US_ASCII);
        var key = batch.key().append(parts, 0, 2);
        key.event(100, 1).value(1);
        key.event(101, 1).value(2);
        key.append(parts, 2, 1).event(102, 1);
        batch.key().append(parts, 1, 1).event(103, 1);
        assertThat(batch.count()).isEqualTo(4);
        String[] expected = {"ab", "ab", "abc", "b"};
        for (int i = 0; i < expected.length; i++) {
            assertThat(new String(
                            batch.keyBytes(i, parts),
                            batch.keyOffset(i),
                            batch.keyLength(i),
                            StandardCharsets.US_ASCII))
                    .isEqualTo(expected[i]);
        }
        assertThat(batch.value(1)).isEqualTo(2);
    }
}
