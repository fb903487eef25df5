package io.trafilo.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.OverloadPolicy;
import io.trafilo.spi.ListenerHandle;
import io.trafilo.testing.ByteArrays;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Windows of a second, which slide by a millisecond; the clock stands still unless it is moved. */
class CatchUpTest {
    private static final long STANDSTILL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final TestPool test = new TestPool();
    private final AtomicLong now = new AtomicLong(TestPool.SECOND_NANOS);
    private final List<String> windows = new ArrayList<>();
    private final List<Throwable> errors = new ArrayList<>();
    private Worker<String> first;
    private Worker<String> second;

    /** A listener with one intake. It answers when the test does. */
    private final class Listener implements ListenerHandle {
        final RingIntake<byte[]> intake = new RingIntake<>(
                test.ring,
                new ByteArrays(),
                OverloadPolicy.BLOCK,
                now::get,
                test.book.openRow(),
                test.parts.failures(),
                () -> {},
                closed -> test.pool.catchUp().detach(closed));
        final List<Runnable> asked = new ArrayList<>();

        Listener() {
            test.pool.catchUp().attach(intake, this);
        }

        @Override
        public void close(Duration timeout) {
            throw new AssertionError("not closed here");
        }

        @Override
        public void catchUp(Runnable whenRead) {
            asked.add(whenRead);
        }
    }

    /** A key whose window is not empty and slides although no more events arrive. */
    @BeforeEach
    void start() {
        test.workers = 2;
        test.clock = now::get;
        test.sink = (window, state) -> windows.add(window.key() + "=" + window.count());
        test.errorListener = (stage, key, error) -> errors.add(error);
        test.make();
        first = test.newWorker(0);
        second = test.newWorker(1);
        test.offer('a');
        handleNext(first);
        assertThat(windows).containsExactly("a=1");
        windows.clear();
    }

    private void handleNext(Worker<String> worker) {
        assertThat(worker.takeRun()).isTrue();
        worker.handleRun();
    }

    private void standStill() {
        now.addAndGet(STANDSTILL_NANOS);
    }

    private void poll() {
        second.pollTimers(now.get());
    }

    @Test
    void shouldFireLateTimersAtOnceWhenNothingArrivedMeanwhile() {
        standStill();
        poll();
        assertThat(windows).containsExactly("a=1");
    }

    @Test
    void shouldFireTimersOnTimeWhileMessagesWait() {
        test.offer('b');
        now.addAndGet(CatchUp.LATE_NANOS);
        poll();
        assertThat(windows).containsExactly("a=1");
    }

    @Test
    void shouldHoldTimersUntilWhatWaitsInTheRingIsHandled() {
        test.offer('a');
        standStill();
        poll();
        assertThat(windows).isEmpty();
        assertThat(second.pollTimers(now.get())).isEqualTo(CatchUp.LOOK_NANOS);
        handleNext(first);
        assertThat(windows).containsExactly("a=2"); // by the event, on the new state of the window
        now.addAndGet(TestPool.SECOND_NANOS / 1000);
        poll();
        assertThat(windows).containsExactly("a=2", "a=2");
    }

    @Test
    void shouldHoldTimersUntilARunThatAnotherWorkerHoldsIsHandled() {
        test.offer('a');
        assertThat(first.takeRun()).isTrue();
        standStill();
        poll();
        assertThat(windows).isEmpty();
        first.handleRun();
        poll();
        assertThat(windows).containsExactly("a=2");
    }

    @Test
    void shouldHoldTimersUntilListenersHaveReadWhatTheirSocketsHold() {
        Listener listener = new Listener();
        standStill();
        poll();
        poll();
        assertThat(windows).isEmpty();
        assertThat(listener.asked).hasSize(1);
        listener.intake.publish(new byte[][] {{'a'}}, 1, now.get());
        listener.asked.get(0).run();
        listener.asked.get(0).run(); // not a second answer
        poll();
        assertThat(windows).isEmpty();
        handleNext(first);
        poll();
        assertThat(windows).containsExactly("a=2");
        standStill();
        poll();
        assertThat(listener.asked).as("the next standstill").hasSize(2);
    }

    @Test
    void shouldAskOnlyTheOthersWhenAListenerHasClosed() {
        Listener closed = new Listener();
        Listener open = new Listener();
        closed.intake.close();
        closed.intake.close(); // of no effect
        standStill();
        poll();
        assertThat(closed.asked).isEmpty();
        assertThat(open.asked).hasSize(1);
        open.asked.get(0).run();
        poll();
        assertThat(windows).containsExactly("a=1");
    }

    @Test
    void shouldHoldTimersWhileAListenerThatWaitedHasMoreToRead() {
        Listener listener = new Listener();
        listener.intake.beginBusy(now.get());
        for (int millis = 0; millis < 25; millis++) { // timers are on time
            now.addAndGet(TestPool.SECOND_NANOS / 1000);
            poll();
        }
        assertThat(listener.asked).hasSize(1);
        windows.clear();
        listener.intake.endBusy();
        now.addAndGet(TestPool.SECOND_NANOS / 1000);
        poll();
        assertThat(windows).isEmpty();
        listener.asked.get(0).run();
        poll();
        assertThat(windows).isNotEmpty();
    }

    @Test
    void shouldNotWaitForAListenerThatFailsOrCloses() {
        Listener listener = new Listener();
        test.pool.catchUp().attach(listener.intake, new ListenerHandle() {
            @Override
            public void close(Duration timeout) {
                throw new AssertionError("not closed here");
            }

            @Override
            public void catchUp(Runnable whenRead) {
                throw new IllegalStateException("on purpose");
            }
        });
        standStill();
        poll();
        assertThat(windows).isEmpty();
        Awaitility.await().until(() -> errors.size() == 1);
        listener.intake.close();
        poll();
        assertThat(windows).containsExactly("a=1");
    }

    @Test
    void shouldForgetARunThatAnErrorEnded() {
        test.offer('a');
        assertThat(first.takeRun()).isTrue();
        standStill();
        assertThat(first.recover(new IllegalStateException("on purpose"))).isTrue();
        poll();
        assertThat(windows).containsExactly("a=1");
    }

    @Test
    @Tag("slow")
    void shouldHoldTimersForASecondAtMost() {
        Listener listener = new Listener();
        standStill();
        poll();
        long startNanos = System.nanoTime();
        Awaitility.await().pollInterval(Duration.ofMillis(10)).until(() -> {
            poll();
            return !windows.isEmpty();
        });
        assertThat(System.nanoTime() - startNanos).isBetween(CatchUp.MAX_HOLD_NANOS / 2, 3 * CatchUp.MAX_HOLD_NANOS);
        windows.clear();
        standStill();
        poll();
        assertThat(windows).as("the next round begins when this one is over").containsExactly("a=1");
        assertThat(listener.asked).hasSize(1);
    }
}
