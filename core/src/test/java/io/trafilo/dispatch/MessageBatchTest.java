package io.trafilo.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.spi.BufferAccess;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageBatchTest {
    private static final int MAX_LENGTH = 8;

    private final MessageBatch batch = new MessageBatch(4, MAX_LENGTH);
    private final Access access = new Access();

    /** Buffers are strings; counts releases, and fails as told. */
    private static final class Access implements BufferAccess<Object> {
        int released;
        boolean failInCopy;
        boolean failInRelease;
        int lengthToTell = -2;

        @Override
        public int length(Object buffer) {
            return lengthToTell == -2 ? buffer.toString().length() : lengthToTell;
        }

        @Override
        public void copyTo(Object buffer, byte[] destination, int offset) {
            if (failInCopy) {
                throw new IllegalStateException("injected: copy");
            }
            byte[] bytes = buffer.toString().getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(bytes, 0, destination, offset, bytes.length);
        }

        @Override
        public void release(Object buffer) {
            released++;
            if (failInRelease) {
                throw new IllegalStateException("injected: release");
            }
        }
    }

    private MessageSlot foreign(String text, long receiptNanos) {
        MessageSlot slot = new MessageSlot();
        slot.set(text, access, receiptNanos);
        return slot;
    }

    private static MessageSlot byHand(String text, long receiptNanos) {
        MessageSlot slot = new MessageSlot();
        byte[] bytes = ("--" + text).getBytes(StandardCharsets.US_ASCII);
        slot.copy(bytes, 2, text.length(), receiptNanos);
        return slot;
    }

    private String text(int i) {
        return new String(batch.scratch, batch.offset(i), batch.length(i), StandardCharsets.US_ASCII);
    }

    @Test
    void shouldLayMessagesOutOneBehindTheOther() {
        batch.take(foreign("12345678", 1));
        batch.take(byHand("abc", 2));
        batch.take(foreign("x", 3));
        batch.take(byHand("abcdefgh", 4));
        assertThat(batch.count()).isEqualTo(4);
        assertThat(new String[] {text(0), text(1), text(2), text(3)})
                .containsExactly("12345678", "abc", "x", "abcdefgh");
        assertThat(batch.receiptNanos(1)).isEqualTo(2);
        assertThat(batch.receiptNanos(2)).isEqualTo(3);
        assertThat(access.released).isEqualTo(2);
        assertThat(batch.failure()).isNull();
    }

    @Test
    void shouldEmptyTheSlotItTakes() {
        MessageSlot foreign = foreign("abc", 1);
        MessageSlot byHand = byHand("abc", 1);
        batch.take(foreign);
        batch.take(byHand);
        batch.take(foreign);
        batch.take(byHand);
        assertThat(batch.count()).isEqualTo(2);
        assertThat(access.released).isEqualTo(1);
        assertThat(foreign.buffer).isNull();
        assertThat(foreign.access).isNull();
    }

    @Test
    void shouldPassOverASlotThatWasCalledOff() {
        MessageSlot slot = byHand("abc", 1);
        slot.clear();
        batch.take(slot);
        batch.take(new MessageSlot());
        assertThat(batch.count()).isZero();
        assertThat(batch.takeFailed()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, MAX_LENGTH + 1, Integer.MAX_VALUE})
    void shouldReleaseAndCountAMessageOfTheWrongLength(int length) {
        access.lengthToTell = length;
        batch.take(foreign("abc", 1));
        assertThat(batch.count()).isZero();
        assertThat(batch.takeFailed()).isEqualTo(1);
        assertThat(batch.failure()).isInstanceOf(IllegalArgumentException.class);
        assertThat(access.released).isEqualTo(1);
    }

    @Test
    void shouldReuseTheRoomOfAMessageThatCouldNotBeRead() {
        batch.take(byHand("ab", 1));
        access.failInCopy = true;
        batch.take(foreign("ZZZZZZZZ", 2));
        access.failInCopy = false;
        batch.take(foreign("cd", 3));
        assertThat(batch.takeFailed()).isEqualTo(1);
        assertThat(access.released).isEqualTo(2);
        assertThat(batch.count()).isEqualTo(2);
        assertThat(text(1)).isEqualTo("cd");
        assertThat(batch.receiptNanos(1)).isEqualTo(3);
    }

    @Test
    void shouldKeepAMessageWhoseBufferCannotBeReleased() {
        access.failInRelease = true;
        batch.take(foreign("abc", 1));
        assertThat(batch.count()).isEqualTo(1);
        assertThat(batch.takeFailed()).isZero();
        assertThat(batch.failure()).hasMessage("injected: release");
        batch.clear();
        assertThat(batch.count()).isZero();
        assertThat(batch.failure()).isNull();
    }
}
