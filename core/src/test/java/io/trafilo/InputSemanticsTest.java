package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.spi.ListenerHost;
import io.trafilo.testing.TestBuffer;
import io.trafilo.testing.TestEngine;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What the engine makes of messages that are none. The index of all rows is in {@link SemanticsTest}. */
class InputSemanticsTest {
    @Nested
    class EmptyOversizedOrNoEvent {
        @Test
        void shouldCountAndDropWhatTheListenerDoesNotPublish() {
            TestEngine test = TestEngine.start();
            try (test) {
                var intake = ListenerHost.of(test.engine()).openIntake(TestBuffer.ACCESS, timeout -> {});
                intake.countEmpty();
                intake.countOversized();
                intake.countFiltered();
                intake.countKernelDropped(7);
                intake.publish(TestBuffer.copies(1, "key "), 1, intake.epochNanos());
                test.awaitHandled();
                intake.close();
                test.assertWorks();
            }
            Ledger ledger = test.ledger();
            assertThat(ledger.count(Counter.RECEIVED)).isEqualTo(4);
            assertThat(ledger.count(Counter.EMPTY)).isEqualTo(1);
            assertThat(ledger.count(Counter.OVERSIZED)).isEqualTo(1);
            assertThat(ledger.count(Counter.FILTERED)).isEqualTo(1);
            assertThat(ledger.count(Counter.PUBLISHED)).isEqualTo(1);
            assertThat(ledger.count(Counter.KERNEL_DROPPED)).isEqualTo(7);
            test.close();
            assertThat(test.ledger().imbalances()).isEmpty();
        }

        @Test
        void shouldNotTakeAnOversizedOrEmptyBufferAsAMessage() {
            TestEngine test = TestEngine.start(builder -> builder.maxMessageLength(8));
            try (test) {
                var intake = ListenerHost.of(test.engine()).openIntake(TestBuffer.ACCESS, timeout -> {});
                TestBuffer[] buffers = {new TestBuffer("key 45678"), new TestBuffer(""), new TestBuffer("key 5678")};
                TestBuffer[] published = buffers.clone();
                intake.publish(published, 3, intake.epochNanos());
                test.awaitHandled();

                assertThat(published).containsOnlyNulls();
                assertThat(test.ledger().count(Counter.PARSE_FAILED)).isEqualTo(2);
                assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(1);
                assertThat(buffers).allMatch(buffer -> buffer.releases() == 1);
                assertThat(test.errors).isNotEmpty().allMatch(heard -> heard.stage() == Stage.PARSER);
                intake.close();
                test.assertWorks();
            }
            test.close();
            assertThat(test.ledger().imbalances()).isEmpty();
        }

        @Test
        void shouldRefuseEmptyAndOversizedMessagesByHand() {
            TestEngine test = TestEngine.start(builder -> builder.maxMessageLength(8));
            try (test) {
                assertThatThrownBy(() -> test.engine().offer(new byte[9], 0, 9))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("message: 9 bytes (expected: 1 to maxMessageLength 8)");
                assertThatThrownBy(() -> test.engine().offer(new byte[9], 0, 0))
                        .isInstanceOf(IllegalArgumentException.class);
                test.send("key 5678");
                assertThat(test.ledger().count(Counter.OFFERED)).isEqualTo(1);
            }
            test.close();
            assertThat(test.ledger().imbalances()).isEmpty();
        }

        @Test
        void shouldCountAMessageWithoutAnEventAsMalformed() {
            TestEngine test = TestEngine.start();
            try (test) {
                test.send("nospace", " leading", "key 1");
                assertThat(test.ledger().count(Counter.MALFORMED)).isEqualTo(2);
                assertThat(test.ledger().count(Counter.REJECTED)).isEqualTo(2);
                assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(1);
                assertThat(test.errors).isEmpty();
                test.assertWorks();
            }
            test.close();
            assertThat(test.ledger().imbalances()).isEmpty();
        }

        @Test
        void shouldHandleTheGoodPartsOfAMessageWithRejectedOnes() {
            TestEngine test = TestEngine.start(builder -> builder.parser((buffer, offset, length, out) -> {
                out.reject();
                out.event(offset, 1, offset, length);
                out.reject();
            }));
            try (test) {
                test.send("key");
                assertThat(test.ledger().count(Counter.PARSED)).isEqualTo(1);
                assertThat(test.ledger().count(Counter.MALFORMED)).isZero();
                assertThat(test.ledger().count(Counter.REJECTED)).isEqualTo(2);
                assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(1);
            }
            test.close();
            assertThat(test.ledger().imbalances()).isEmpty();
        }
    }

    @Nested
    class ValueAndWeight {
        private final Queue<String> seen = new ConcurrentLinkedQueue<>();

        private void note(EventView event) {
            seen.add(event.key() + " " + event.hasValue() + " " + event.value() + " " + event.weight());
        }

        /** A message is "key value weight", with "-" for what the parser does not give. */
        private static void parse(byte[] buffer, int offset, int length, EventCollector out) {
            String[] parts = new String(buffer, offset, length, StandardCharsets.US_ASCII).split(" ", -1);
            EventDetails details = out.event(offset, parts[0].length(), offset, length);
            if (!parts[1].equals("-")) {
                details.value(Double.parseDouble(parts[1]));
            }
            if (!parts[2].equals("-")) {
                details.weight(Double.parseDouble(parts[2]));
            }
        }

        @Test
        void shouldGiveTheHandlerWhatTheParserGave() {
            TestEngine test = TestEngine.start(
                    builder -> builder.parser(ValueAndWeight::parse).handler((event, state) -> note(event)));
            try (test) {
                test.send("a 1.5 4", "b -0.0 -", "c - 0.1", "d - -");
            }
            assertThat(seen)
                    .containsExactlyInAnyOrder(
                            "a true 1.5 4.0", "b true -0.0 1.0", "c false NaN 0.1", "d false NaN 1.0");
        }

        @Test
        void shouldRejectTheEventWhenTheyAreNoNumbersToCountWith() {
            TestEngine test = TestEngine.start(
                    builder -> builder.parser(ValueAndWeight::parse).handler((event, state) -> note(event)));
            try (test) {
                test.send("a NaN 1", "b Infinity 1", "c 1 0", "d 1 -1", "e 1 NaN", "f 1 Infinity", "g 1 1");
                assertThat(test.ledger().count(Counter.REJECTED)).isEqualTo(6);
                assertThat(test.ledger().count(Counter.MALFORMED)).isEqualTo(6);
                assertThat(test.errors).isEmpty();
            }
            assertThat(seen).containsExactly("g true 1.0 1.0");
            test.close();
            assertThat(test.ledger().imbalances()).isEmpty();
        }
    }

    @Nested
    class LineThatThrows {
        @Test
        void shouldCostThatLineAloneAndBeReported() {
            EventParser inner = (buffer, offset, length, out) -> {
                if (buffer[offset] == '!') {
                    throw new IllegalStateException("on purpose");
                }
                out.event(offset, 1, offset, length);
            };
            TestEngine test = TestEngine.start(builder -> builder.parser(EventParser.lines(inner)));
            try (test) {
                test.send("a 1\n! 2\nc 3\n");
                assertThat(test.ledger().count(Counter.EVENTS)).isEqualTo(2);
                assertThat(test.ledger().count(Counter.REJECTED)).isEqualTo(1);
                assertThat(test.ledger().count(Counter.PARSE_FAILED)).isZero();
                assertThat(test.errors).hasSize(1);
            }
            test.close();
            assertThat(test.ledger().imbalances()).isEmpty();
        }
    }
}
