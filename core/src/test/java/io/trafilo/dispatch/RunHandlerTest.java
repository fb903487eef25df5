package io.trafilo.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafilo.Counter;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.failures.Progress;
import io.trafilo.ledger.CounterRow;
import io.trafilo.spi.BufferAccess;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run of messages on one thread: what each comes to, and what others see meanwhile. */
class RunHandlerTest {
    private static final long TIMER_CHECK_NANOS = 1_000_000;

    private final TestPool test = new TestPool();
    private final List<Stage> seen = new ArrayList<>();
    private boolean abandoning;
    private RunHandler<String> runs;
    private CounterRow row;

    private void make() {
        test.make();
        row = test.book.openRow();
        runs = test.pool.newRunHandler(row, () -> abandoning);
        runs.clear();
    }

    private void see() {
        seen.add(Progress.stageOf(runs.progress().word()));
    }

    private boolean isIdle() {
        return Progress.stageOf(runs.progress().word()) == null;
    }

    private void take(int... keys) {
        byte[] bytes = new byte[keys.length];
        for (int i = 0; i < keys.length; i++) {
            bytes[i] = (byte) keys[i];
        }
        runs.batch.take(bytes, new Bytes(), null, 0, 1);
    }

    /** Messages that begin with a 0 cannot be read. */
    private static final class Bytes implements BufferAccess<Object> {
        @Override
        public int length(Object buffer) {
            return ((byte[]) buffer).length;
        }

        @Override
        public void copyTo(Object buffer, byte[] destination, int offset) {
            byte[] bytes = (byte[]) buffer;
            if (bytes[0] == 0) {
                throw new IllegalStateException("on purpose");
            }
            System.arraycopy(bytes, 0, destination, offset, bytes.length);
        }

        @Override
        public void release(Object buffer) {}
    }

    @Test
    void shouldBeSeenInTheParserWhileItParsesAndWhileItTellsOfAMessage() {
        test.parser = (buffer, offset, length, out) -> {
            see();
            if (buffer[offset] == 7) {
                throw new IllegalStateException("on purpose");
            }
        };
        test.errorListener = (stage, key, error) -> {
            assertThat(stage).isEqualTo(Stage.PARSER);
            see();
        };
        make();
        take(0);
        take(1);
        take(7);

        runs.handle();

        assertThat(seen).containsExactly(Stage.PARSER, Stage.PARSER, Stage.PARSER, Stage.PARSER);
        assertThat(isIdle()).isTrue();
        assertThat(row.get(Counter.PARSE_FAILED)).isEqualTo(2);
        assertThat(row.get(Counter.MALFORMED)).isEqualTo(1);
    }

    @Test
    void shouldHandleNothingOfAMessageWhoseParserFailed() {
        List<Byte> handled = new ArrayList<>();
        test.parser = (buffer, offset, length, out) -> {
            TestPool.BYTES.parse(buffer, offset, length, out);
            if (buffer[offset] == 7) {
                throw new IllegalStateException("on purpose");
            }
        };
        test.handler = (event, state) -> handled.add(event.payloadByte(0));
        make();
        take(1, 2);
        take(7, 3);
        take(4);

        runs.handle();

        assertThat(handled).containsExactly((byte) 1, (byte) 2, (byte) 4);
        assertThat(row.get(Counter.EVENTS)).isEqualTo(3);
        assertThat(row.get(Counter.PARSED)).isEqualTo(2);
        assertThat(row.get(Counter.PARSE_FAILED)).isEqualTo(1);
    }

    /** One that cannot be parsed, one without events, and two that are not begun when time is up. */
    @Test
    void shouldAbandonWhatIsNotBegunAndOnlyThat() {
        test.parser = (buffer, offset, length, out) -> {
            switch (buffer[offset]) {
                case 7 -> throw new IllegalStateException("on purpose");
                case 8 -> {}
                default -> {
                    TestPool.BYTES.parse(buffer, offset, length, out);
                    abandoning = true;
                }
            }
        };
        make();
        take(7);
        take(8);
        take(1);
        take(2);

        runs.handle();

        assertThat(row.get(Counter.PARSE_FAILED)).isEqualTo(1);
        assertThat(row.get(Counter.MALFORMED)).isEqualTo(1);
        assertThat(row.get(Counter.ABANDONED)).isEqualTo(2);
        assertThat(row.get(Counter.PARSED)).isZero();
    }

    /** The message in hand has been begun, so its rest is handled; the next is not begun. */
    @Test
    void shouldFinishTheMessageInHandWhenItIsToAbandon() {
        test.handler = (event, state) -> abandoning = true;
        make();
        take(1, 2);
        take(3);

        runs.handle();

        assertThat(row.get(Counter.HANDLED)).isEqualTo(2);
        assertThat(row.get(Counter.ABANDONED)).isEqualTo(1);
    }

    @Test
    void shouldCountWhatAnErrorHasLeftOnceAndBeSeenInNoCallback() {
        test.handler = (event, state) -> {
            if (event.payloadByte(0) == 2) {
                throw new OutOfMemoryError("on purpose");
            }
        };
        test.stop = error -> {
            throw new IllegalStateException("injected: in the engine's own code");
        };
        make();
        take(1, 2, 3);
        take(4);
        assertThatThrownBy(runs::handle).isInstanceOf(IllegalStateException.class);
        runs.progress().enter(Stage.HANDLER);

        runs.countUnfinished();
        runs.countUnfinished();

        assertThat(isIdle()).isTrue();
        assertThat(row.get(Counter.HANDLED)).isEqualTo(1);
        assertThat(row.get(Counter.HANDLER_FAILED)).isEqualTo(2);
        assertThat(row.get(Counter.ABANDONED)).isEqualTo(1);
    }

    @Test
    void shouldCountWhatCouldNotBeReadThoughItWasNotToldOf() {
        make();
        take(0);
        take(1);

        runs.countUnfinished();

        assertThat(row.get(Counter.PARSE_FAILED)).isEqualTo(1);
        assertThat(row.get(Counter.ABANDONED)).isEqualTo(1);
    }

    @Test
    void shouldLookForTimersEveryMillisecond() {
        long startNanos = Long.MAX_VALUE - TIMER_CHECK_NANOS / 2; // so that it wraps around meanwhile
        test.clock = () -> startNanos;
        make();
        assertThat(runs.timersDue(startNanos)).isTrue();
        assertThat(runs.timersDue(startNanos - 1)).isFalse();
        runs.pollTimers(startNanos);
        assertThat(runs.timersDue(startNanos + TIMER_CHECK_NANOS - 1)).isFalse();
        assertThat(runs.timersDue(startNanos + TIMER_CHECK_NANOS)).isTrue();
    }

    @Test
    void shouldTakeLossesIntoAccountWhenItLooksForTimers() {
        make();
        test.book.shared().addShared(Counter.KERNEL_DROPPED, 3);
        long nowNanos = test.clock.epochNanos();
        runs.pollTimers(nowNanos);
        assertThat(test.parts.losses().since(nowNanos - TestPool.SECOND_NANOS)).isEqualTo(3);
    }
}
