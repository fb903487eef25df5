package io.trafilo;

import static io.trafilo.testing.Parts.partOf;
import static io.trafilo.testing.TestEngine.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.spi.ListenerHandle;
import io.trafilo.testing.TestBuffer;
import io.trafilo.testing.TestEngine;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An error in the handling of another one, on threads of all kinds: everything still has one outcome, and is released once. */
@Timeout(60)
class SecondFailureSystemTest {
    private static final int MAX_CLAIM = 8;
    private static final String HANG = Hangs.PREFIX;

    private final Hangs hangs = new Hangs();
    private final AtomicBoolean clockFails = new AtomicBoolean();

    /** An engine whose clock fails when it is told to on threads with this name. */
    private TestEngine start(FailingTelling telling, String threadName, Consumer<Trafilo.Builder<?>> settings)
            throws ReflectiveOperationException {
        TestEngine test = TestEngine.start(builder -> {
            builder.name("twice").maxClaim(MAX_CLAIM).clock(() -> {
                if (Thread.currentThread().getName().equals(threadName) && clockFails.getAndSet(false)) {
                    throw new OnPurpose();
                }
                return TestEngine.START_NANOS;
            });
            settings.accept(builder);
        });
        telling.install(test);
        return test;
    }

    private static void checkReleasedOnce(TestBuffer[] buffers) {
        for (TestBuffer buffer : buffers) {
            assertThat(buffer.releases()).isEqualTo(1);
        }
    }

    /** The same with a worker that is in a callback. */
    private TestEngine startInside(FailingTelling telling, String threadName, Duration closeTimeout)
            throws ReflectiveOperationException {
        TestEngine test = start(telling, threadName, builder -> builder.closeTimeout(closeTimeout)
                .handler((event, state) -> hangs.at(HANG)));
        test.emit("key 1");
        hangs.await(HANG);
        return test;
    }

    @Test
    void shouldCountTheRestOfTheRingOnceWhenTheGuardFailsInIt() throws Exception {
        FailingTelling telling = new FailingTelling("twice-guard");
        TestEngine test = startInside(telling, "", Duration.ofMillis(200));
        TestBuffer[] sent = TestBuffer.copies(5, "key 1");
        var intake = test.engine().openIntake(new FailingRelease(), timeout -> {});
        intake.publish(sent.clone(), sent.length, TestEngine.START_NANOS);
        intake.close();
        telling.arm(1);

        test.close();
        hangs.letGoAll();

        until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("twice-guard")));
        assertThat(telling.left()).isZero();
        checkReleasedOnce(sent);
        assertThat(test.ledger().imbalances()).isEmpty();
        assertThat(test.ledger().abandoned()).isEqualTo(sent.length);
    }

    @Test
    void shouldCountAndReleaseAllThatAListenerHasReadWhenItFailsInTheMiddle() throws Exception {
        FailingTelling telling = new FailingTelling("twice-direct");
        TestEngine test = start(telling, "twice-direct", builder -> {});
        var intake = test.engine().openIntake(TestBuffer.ACCESS, new ListenerHandle() {
            @Override
            public void close(Duration timeout) {}

            @Override
            public boolean runsToCompletion() {
                return true;
            }
        });
        TestBuffer[] sent = TestBuffer.copies(2 * MAX_CLAIM + 4, "key 1");
        telling.arm(1);
        clockFails.set(true);
        Thread thread =
                new Thread(() -> intake.publish(sent.clone(), sent.length, TestEngine.START_NANOS), "twice-direct");
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        thread.setUncaughtExceptionHandler((any, error) -> thrown.set(error));
        thread.start();
        thread.join();
        intake.close();

        test.close();

        assertThat(thrown).hasValue(telling.error());
        checkReleasedOnce(sent);
        assertThat(test.ledger().imbalances()).isEmpty();
        assertThat(test.ledger().received()).isEqualTo(sent.length);
        assertThat(test.ledger().abandoned()).isEqualTo(sent.length);
    }

    @Test
    void shouldHandleTheRestWhenAWorkerDiesInAClose() throws Exception {
        FailingTelling telling = new FailingTelling("twice-worker-0");
        TestEngine test = startInside(telling, "twice-worker-0", Duration.ofSeconds(30));
        for (int i = 0; i < 10 * MAX_CLAIM; i++) {
            test.emit("key 1");
        }
        Thread closing = new Thread(test::close);
        closing.start();
        Object pool = partOf(partOf(test.engine(), "engine"), "pool");
        until(() -> (Boolean) partOf(pool, "halting"));
        telling.arm(1);
        clockFails.set(true);
        hangs.letGoAll();
        closing.join();

        assertThat(telling.left()).isZero();
        assertThat(test.ledger().imbalances()).isEmpty();
        assertThat(test.ledger().handled()).isEqualTo(1 + 10 * MAX_CLAIM);
    }
}
