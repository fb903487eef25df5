package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.spi.ListenerHost;
import io.trafilo.testing.TestBuffer;
import io.trafilo.testing.TestEngine;
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
}
