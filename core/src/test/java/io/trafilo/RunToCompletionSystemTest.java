package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.spi.Intake;
import io.trafilo.spi.ListenerHost;
import io.trafilo.testing.OnPurpose;
import io.trafilo.testing.TestBuffer;
import io.trafilo.testing.TestEngine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds for a listener that handles its messages on its own thread. */
@Timeout(60)
class RunToCompletionSystemTest {
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    private static Intake<TestBuffer> open(TestEngine test) {
        return ListenerHost.of(test.engine()).openIntake(TestBuffer.ACCESS, new DirectHandle());
    }

    private static int publish(Intake<TestBuffer> intake, TestBuffer... buffers) {
        return intake.publish(buffers.clone(), buffers.length, intake.epochNanos());
    }

    private TestEngine start(Consumer<Key> handler) {
        return TestEngine.start(builder -> builder.handler((event, state) -> {
            threads.add(Thread.currentThread());
            state.incrementAndGet();
            handler.accept(event.key());
        }));
    }

    @Test
    void shouldHaveHandledAllOnTheListenersThreadWhenPublishReturns() {
        TestBuffer[] buffers = TestBuffer.copies(1_000, "k 1");
        try (TestEngine test = start(key -> {});
                Intake<TestBuffer> intake = open(test)) {
            assertThat(publish(intake, buffers)).isEqualTo(1_000);
            Ledger ledger = test.ledger();
            assertThat(ledger.count(Counter.HANDLED)).isEqualTo(1_000);
            assertThat(ledger.count(Counter.PUBLISHED)).isEqualTo(1_000);
            assertThat(ledger.isConserved()).isTrue();
            assertThat(test.windows).hasSize(1);
        }
        assertThat(threads).containsOnly(Thread.currentThread()).hasSize(1_000);
        assertThat(buffers).allMatch(buffer -> buffer.releases() == 1);
    }

    @Test
    void shouldCountEachMessageOnceWhenSomeCannotBeHandled() {
        try (TestEngine test = start(key -> {
                    if (key.length() == 2) {
                        throw new IllegalStateException("on purpose");
                    }
                });
                Intake<TestBuffer> intake = open(test)) {
            publish(intake, new TestBuffer("a 1"), new TestBuffer("bb 1"), new TestBuffer(" "), new TestBuffer("c 1"));
            Ledger ledger = test.ledger();
            assertThat(ledger.count(Counter.HANDLED)).isEqualTo(2);
            assertThat(ledger.count(Counter.HANDLER_FAILED)).isEqualTo(1);
            assertThat(ledger.count(Counter.MALFORMED) + ledger.count(Counter.PARSE_FAILED))
                    .isEqualTo(1);
            assertThat(ledger.isConserved()).isTrue();
        }
    }

    @Test
    void shouldRefuseToLookAtOtherStatesAndNotWaitForItselfWhenCalledBack() {
        AtomicBoolean closed = new AtomicBoolean();
        TestEngine[] engine = new TestEngine[1];
        engine[0] = start(key -> {
            assertThatThrownBy(() -> engine[0].engine().read(key, state -> state))
                    .isInstanceOf(IllegalStateException.class);
            engine[0].engine().close();
            closed.set(true);
        });
        try (TestEngine test = engine[0];
                Intake<TestBuffer> intake = open(test)) {
            publish(intake, new TestBuffer("a 1"));
            assertThat(closed).isTrue();
        }
        assertThat(engine[0].ledger().count(Counter.HANDLED)).isEqualTo(1);
        assertThat(engine[0].ledger().isConserved()).isTrue();
    }

    @Test
    void shouldLeaveTheThreadAndTheArrayAsTheyWereWhenPublishReturns() {
        try (TestEngine test = start(key -> {});
                Intake<TestBuffer> intake = open(test)) {
            TestBuffer[] buffers = TestBuffer.copies(10, "k 1");
            intake.publish(buffers, 10, intake.epochNanos());
            assertThat(buffers).containsOnlyNulls();
            assertThat(test.knows("k"))
                    .as("the thread may look at states again")
                    .isTrue();
            intake.cutOff();
            assertThat(Thread.interrupted()).isFalse();
            assertThat(publish(intake, new TestBuffer("k 1"))).isZero();
        }
    }

    @Test
    void shouldKeepNoInterruptWhenCutOffInACallbackThatDoesNotWait() {
        AtomicBoolean interrupted = new AtomicBoolean();
        AtomicReference<Intake<TestBuffer>> opened = new AtomicReference<>();
        try (TestEngine test = start(key -> {
                    opened.get().cutOff();
                    interrupted.set(Thread.currentThread().isInterrupted());
                });
                Intake<TestBuffer> intake = open(test)) {
            opened.set(intake);
            publish(intake, new TestBuffer("k 1"));
            assertThat(interrupted).isTrue();
            assertThat(Thread.interrupted()).isFalse();
        }
    }

    @Test
    void shouldAbandonWhatIsNotBegunWhenCutOffInACallback() throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        try (TestEngine test = start(key -> {
                    inside.countDown();
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        interrupted.set(true);
                    }
                });
                Intake<TestBuffer> intake = open(test)) {
            TestBuffer[] buffers = TestBuffer.copies(1_000, "k 1");
            Thread listener = new Thread(() -> publish(intake, buffers));
            listener.start();
            inside.await();
            intake.cutOff();
            listener.join();
            Ledger ledger = test.ledger();
            assertThat(interrupted).isTrue();
            assertThat(ledger.count(Counter.RECEIVED)).isEqualTo(1_000);
            assertThat(ledger.count(Counter.HANDLED)).isEqualTo(1);
            assertThat(ledger.count(Counter.ABANDONED)).isPositive();
            assertThat(ledger.count(Counter.ABANDONED) + ledger.count(Counter.DISCARDED_AT_CLOSE))
                    .isEqualTo(999);
            assertThat(ledger.isConserved()).isTrue();
            assertThat(buffers).allMatch(buffer -> buffer.releases() == 1);
        }
    }

    @Test
    void shouldGiveAnOutcomeToEverythingWhenACallbackOutlivesTheClose() throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        TestEngine test =
                TestEngine.start(builder -> builder.closeTimeout(Duration.ZERO).handler((event, state) -> {
                    inside.countDown();
                    while (release.getCount() > 0) {
                        Thread.onSpinWait(); // deaf to interrupts
                    }
                }));
        Intake<TestBuffer> intake = open(test);
        Thread listener = new Thread(() -> publish(intake, TestBuffer.copies(1_000, "k 1")));
        listener.start();
        inside.await();

        test.engine().close();

        Ledger ledger = test.ledger();
        assertThat(ledger.count(Counter.RECEIVED)).isEqualTo(1_000);
        assertThat(ledger.count(Counter.HANDLED)).isZero();
        assertThat(ledger.isConserved()).isTrue();
        release.countDown();
        listener.join();
        assertThat(test.ledger().asMap()).isEqualTo(ledger.asMap());
    }

    @Test
    void shouldAbandonOneRunAndGoOnWhenItsOwnCodeFailsOnce() {
        int maxClaim = 4;
        AtomicInteger reads = new AtomicInteger(Integer.MIN_VALUE);
        try (TestEngine test = TestEngine.start(
                        builder -> builder.clock(clockThatFailsAt(reads, 3, 3)).maxClaim(maxClaim));
                Intake<TestBuffer> intake = open(test)) {
            TestBuffer[] buffers = TestBuffer.copies(10, "k 1");
            reads.set(0); // two for each run, one before its messages and one after
            assertThat(intake.publish(buffers.clone(), 10, TestEngine.START_NANOS))
                    .isEqualTo(10);

            Ledger ledger = test.ledger();
            assertThat(ledger.count(Counter.ABANDONED)).isEqualTo(maxClaim);
            assertThat(ledger.count(Counter.HANDLED)).isEqualTo(10 - maxClaim);
            assertThat(ledger.isConserved()).isTrue();
            assertThat(test.errors).hasSize(1).allMatch(heard -> heard.stage() == Stage.ENGINE);
            assertThat(buffers).allMatch(buffer -> buffer.releases() == 1);
            assertThat(test.engine().isRunning()).isTrue();
        }
    }

    @Test
    void shouldStopTheEngineWhenItsOwnCodeGoesOnFailing() {
        AtomicInteger reads = new AtomicInteger(Integer.MIN_VALUE);
        try (TestEngine test = TestEngine.start(builder -> builder.clock(clockThatFailsAt(reads, 3, Integer.MAX_VALUE))
                        .maxClaim(4));
                Intake<TestBuffer> intake = open(test)) {
            TestBuffer[] buffers = TestBuffer.copies(1_000, "k 1");
            reads.set(0);
            intake.publish(buffers.clone(), 1_000, TestEngine.START_NANOS);
            test.engine().close();

            Ledger ledger = test.ledger();
            assertThat(test.engine().failure()).get().isInstanceOf(OnPurpose.class);
            assertThat(ledger.count(Counter.HANDLED)).isEqualTo(4);
            assertThat(ledger.count(Counter.ABANDONED)).as("17 runs").isEqualTo(17 * 4);
            assertThat(ledger.count(Counter.DISCARDED_AT_CLOSE)).isEqualTo(1_000 - 18 * 4);
            assertThat(ledger.isConserved()).isTrue();
            assertThat(buffers).allMatch(buffer -> buffer.releases() == 1);
        }
    }

    /** Counts the reads of the test's own thread. */
    private static EngineClock clockThatFailsAt(AtomicInteger reads, int first, int last) {
        Thread listener = Thread.currentThread();
        return () -> {
            if (Thread.currentThread() == listener) {
                int read = reads.incrementAndGet();
                if (read >= first && read <= last) {
                    throw new OnPurpose();
                }
            }
            return TestEngine.START_NANOS;
        };
    }
}
