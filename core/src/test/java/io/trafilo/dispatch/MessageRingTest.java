package io.trafilo.dispatch;

import static io.trafilo.testing.TestEngine.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafilo.Counter;
import io.trafilo.EngineClock;
import io.trafilo.OverloadPolicy;
import io.trafilo.failures.Failures;
import io.trafilo.ledger.CounterRow;
import io.trafilo.spi.BufferAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The ring, its publishers and its gate, without workers. */
class MessageRingTest {
    private static final int CAPACITY = 4;

    private final WorkCursor cursor = new WorkCursor(2, 64);
    private final CounterRow shared = new CounterRow();
    private final CounterRow row = new CounterRow();
    private final MessageRing ring = new MessageRing(CAPACITY, cursor, new Parking(2), 128, shared);
    private final List<Object> released = new ArrayList<>();
    private final List<Throwable> errors = new ArrayList<>();
    private boolean failInRelease;
    private Runnable whileWaiting = () -> {};

    private final BufferAccess<String> access = new BufferAccess<>() {
        @Override
        public int length(String buffer) {
            return buffer.length();
        }

        @Override
        public void copyTo(String buffer, byte[] destination, int offset) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void release(String buffer) {
            released.add(buffer);
            if (failInRelease) {
                throw new IllegalStateException("injected");
            }
        }
    };

    private RingIntake<String> intake(OverloadPolicy policy) {
        Failures failures = new Failures((stage, key, error) -> errors.add(error), shared, errors::add, Runnable::run);
        return new RingIntake<>(
                ring, access, policy, EngineClock.anchored(), row, failures, () -> whileWaiting.run(), closed -> {});
    }

    private boolean offer() {
        return ring.offer(new byte[] {1, 2, 3}, 1, 2, 5);
    }

    private int readAll() {
        int count = 0;
        for (long last = cursor.claim(0, ring.available()); last >= 0; last = cursor.claim(0, ring.available())) {
            for (long sequence = cursor.firstOfRun(0); sequence <= last; sequence++) {
                if (ring.slot(sequence).length > 0 || ring.slot(sequence).buffer != null) {
                    count++;
                }
                ring.slot(sequence).clear();
            }
        }
        return count;
    }

    @Test
    void shouldRefuseAMessageWhenFull() {
        for (int i = 0; i < CAPACITY; i++) {
            assertThat(offer()).isTrue();
        }
        assertThat(offer()).isFalse();
        assertThat(ring.fill()).isEqualTo(CAPACITY);
        assertThat(shared.get(Counter.OFFERED)).isEqualTo(CAPACITY);
        assertThat(readAll()).isEqualTo(CAPACITY);
        assertThat(offer()).isTrue();
    }

    @Test
    void shouldRefuseMessagesByHandButNotListenersWhenClosing() {
        ring.refuseOffers();
        assertThat(offer()).isFalse();
        assertThat(intake(OverloadPolicy.BLOCK).publish(new String[] {"a"}, 1, 1))
                .isEqualTo(1);
        assertThat(ring.drained()).isFalse();
        assertThat(readAll()).isEqualTo(1);
    }

    @Test
    void shouldDiscardWhatListenersBringWhenSealed() {
        RingIntake<String> intake = intake(OverloadPolicy.BLOCK);
        ring.seal();
        ring.refuseOffers(); // does not open it again
        assertThat(offer()).isFalse();
        assertThat(intake.publish(new String[] {"a", "b"}, 2, 1)).isZero();
        assertThat(released).containsExactly("a", "b");
        assertThat(row.get(Counter.DISCARDED_AT_CLOSE)).isEqualTo(2);
        assertThat(readAll()).as("slots that were called off").isZero();
        assertThat(ring.drained()).isTrue();
    }

    @Test
    void shouldShedTheRestOfABatchWhenFull() {
        RingIntake<String> intake = intake(OverloadPolicy.DROP_NEWEST);
        String[] batch = {"a", "b", "c", "d", "e", "f"};
        assertThat(intake.publish(batch, 6, 1)).isEqualTo(CAPACITY);
        assertThat(batch).containsOnlyNulls();
        assertThat(released).containsExactly("e", "f");
        assertThat(row.get(Counter.RECEIVED)).isEqualTo(6);
        assertThat(row.get(Counter.PUBLISHED)).isEqualTo(4);
        assertThat(row.get(Counter.SHED)).isEqualTo(2);
        assertThat(row.get(Counter.DISCARDED_AT_CLOSE)).isZero();
    }

    @Test
    void shouldGiveUpWhenCutOff() {
        RingIntake<String> intake = intake(OverloadPolicy.BLOCK);
        intake.cutOff();
        assertThat(intake.publish(new String[] {"a", "b", "c", "d", "e"}, 5, 1)).isEqualTo(CAPACITY);
        assertThat(released).containsExactly("e");
        assertThat(row.get(Counter.DISCARDED_AT_CLOSE)).isEqualTo(1);
        assertThat(row.get(Counter.SHED)).isZero();
    }

    @Test
    void shouldLeaveTheProcessorToOthersWhileTheRingStaysFull() throws InterruptedException {
        while (offer()) {} // until it is full
        RingIntake<String> intake = intake(OverloadPolicy.BLOCK);
        for (int i = 1; i <= 3; i++) {
            Thread listener = new Thread(() -> intake.publish(new String[] {"a"}, 1, 5));
            listener.start();
            until(() -> listener.getState() == Thread.State.TIMED_WAITING);
            assertThat(readAll()).isGreaterThanOrEqualTo(CAPACITY);
            listener.join();
            assertThat(row.get(Counter.PUBLISHED)).isEqualTo(i);
            while (offer()) {}
        }
    }

    @Test
    void shouldLetAListenerDoItsDutiesWhileItWaits() {
        while (offer()) {} // until it is full
        RingIntake<String> intake = intake(OverloadPolicy.BLOCK);
        AtomicInteger calls = new AtomicInteger();
        whileWaiting = () -> {
            switch (calls.incrementAndGet()) {
                case 2 -> throw new IllegalStateException("injected");
                case 3 -> intake.cutOff();
                default -> {}
            }
        };

        assertThat(intake.publish(new String[] {"a"}, 1, 5)).isZero();

        assertThat(calls).hasValue(3);
        assertThat(errors).hasSize(1);
        assertThat(released).containsExactly("a");
        assertThat(row.get(Counter.DISCARDED_AT_CLOSE)).isEqualTo(1);
    }

    @Test
    void shouldReleaseTheOthersWhenOneReleaseFails() {
        failInRelease = true;
        ring.seal();
        assertThat(intake(OverloadPolicy.DROP_NEWEST).publish(new String[] {"a", "b", "c"}, 3, 1))
                .isZero();
        assertThat(released).containsExactly("a", "b", "c");
        assertThat(errors).hasSize(3);
    }

    @Test
    void shouldRefuseACountBeyondTheArrayBeforeItClaims() {
        RingIntake<String> intake = intake(OverloadPolicy.BLOCK);
        assertThatThrownBy(() -> intake.publish(new String[] {"a"}, 2, 1))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> intake.publish(new String[] {"a"}, -1, 1))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(row.get(Counter.RECEIVED)).isZero();
        assertThat(offer()).isTrue();
        assertThat(readAll()).isEqualTo(1);
    }

    @Test
    void shouldDoNothingWhenTheBatchIsEmpty() {
        assertThat(intake(OverloadPolicy.BLOCK).publish(new String[0], 0, 1)).isZero();
        assertThat(ring.fill()).isZero();
    }

    @Test
    void shouldGoRoundManyTimes() {
        int read = 0;
        for (int i = 0; i < 100; i++) {
            for (int j = 0; j < 1 + i % CAPACITY; j++) {
                assertThat(offer()).isTrue();
            }
            read += readAll();
        }
        assertThat(read).isEqualTo(shared.get(Counter.OFFERED));
        ring.seal();
        assertThat(ring.drained()).isTrue();
    }
}
