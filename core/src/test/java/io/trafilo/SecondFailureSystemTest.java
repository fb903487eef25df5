package io.trafilo;

import static io.trafilo.testing.Parts.partOf;
import static io.trafilo.testing.TestEngine.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.spi.ListenerHost;
import io.trafilo.testing.OnPurpose;
import io.trafilo.testing.TestBuffer;
import io.trafilo.testing.TestEngine;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An error in the handling of another one, on threads of all kinds: everything still has one outcome, and is released once. */
@Timeout(60)
class SecondFailureSystemTest {
    private static final int MAX_CLAIM = 8;
    private static final String HANG = Hangs.PREFIX;

    private final Hangs hangs = new Hangs();
    private final AtomicInteger clockFailures = new AtomicInteger();
    private Runnable whenClockFails = () -> {};
    private @Nullable ErrorListener hearing;

    /** An engine whose clock fails when it is told to on threads whose names begin with this. */
    private TestEngine start(FailingDecision telling, String threads, Consumer<TrafiloBuilder<?>> settings)
            throws ReflectiveOperationException {
        TestEngine test = TestEngine.start(builder -> {
            builder.name("twice").maxClaim(MAX_CLAIM).clock(() -> {
                boolean there = Thread.currentThread().getName().startsWith(threads);
                if (there && clockFailures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                    whenClockFails.run();
                    throw new OnPurpose();
                }
                return TestEngine.START_NANOS;
            });
            if (hearing != null) {
                builder.errorListener(hearing);
            }
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
    private TestEngine startInside(FailingDecision telling, String threads, Duration closeTimeout)
            throws ReflectiveOperationException {
        TestEngine test = start(telling, threads, builder -> builder.closeTimeout(closeTimeout)
                .handler((event, state) -> hangs.at(HANG)));
        test.offer("key 1");
        hangs.await(HANG);
        return test;
    }

    @Test
    void shouldCountTheRestOfTheRingOnceWhenTheGuardFailsInIt() throws Exception {
        TestEngine test = startInside(new FailingDecision(""), "", Duration.ofMillis(200));
        TestBuffer[] sent = TestBuffer.copies(5, "key 1");
        var intake = ListenerHost.of(test.engine()).openIntake(new FailingRelease(), timeout -> {});
        intake.publish(sent.clone(), sent.length, TestEngine.START_NANOS);
        intake.close();
        FailingReports reports = FailingReports.install(test, 1);

        test.close();
        hangs.letGoAll();

        until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("twice-guard")));
        assertThat(reports.left()).isZero();
        checkReleasedOnce(sent);
        assertThat(test.ledger().imbalances()).isEmpty();
        assertThat(test.ledger().count(Counter.ABANDONED)).isEqualTo(sent.length);
    }

    /** A listener that hangs in the report of the first holds up nothing. */
    @Test
    void shouldReleaseTheRestOfTheRingThoughTheErrorListenerHangs() throws Exception {
        AtomicInteger heard = new AtomicInteger();
        hearing = (stage, key, error) -> {
            hangs.at(HANG + " in the error listener");
            heard.addAndGet(stage == Stage.LISTENER ? 1 : 0);
        };
        TestEngine test = startInside(new FailingDecision(""), "", Duration.ofMillis(200));
        TestBuffer[] sent = TestBuffer.copies(5, "key 1");
        var intake = ListenerHost.of(test.engine()).openIntake(new FailingRelease(), timeout -> {});
        intake.publish(sent.clone(), sent.length, TestEngine.START_NANOS);
        intake.close();

        test.close();

        until(() -> Arrays.stream(sent).allMatch(buffer -> buffer.releases() > 0)); // the guard may be late
        checkReleasedOnce(sent);
        assertThat(test.ledger().imbalances()).isEmpty();
        hangs.letGoAll();
        until(() -> heard.get() == sent.length);
    }

    @Test
    void shouldCountAndReleaseAllThatAListenerHasReadWhenItFailsInTheMiddle() throws Exception {
        FailingDecision telling = new FailingDecision("twice-direct");
        TestEngine test = start(telling, "twice-direct", builder -> {});
        var intake = ListenerHost.of(test.engine()).openIntake(TestBuffer.ACCESS, new DirectHandle());
        TestBuffer[] sent = TestBuffer.copies(2 * MAX_CLAIM + 4, "key 1");
        telling.arm(1);
        clockFailures.set(1);
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
        assertThat(test.ledger().count(Counter.RECEIVED)).isEqualTo(sent.length);
        assertThat(test.ledger().count(Counter.ABANDONED)).isEqualTo(sent.length);
    }

    @Test
    void shouldKeepItsWordWhenAListenerIsCutOffWhileItTellsOfAnError() throws Exception {
        hearing = (stage, key, error) -> hangs.at(HANG);
        TestEngine test = start(new FailingDecision(""), "twice-direct", builder -> {});
        var intake = ListenerHost.of(test.engine()).openIntake(TestBuffer.ACCESS, new DirectHandle());
        TestBuffer[] sent = TestBuffer.copies(2 * MAX_CLAIM, "key 1");
        clockFailures.set(1);
        AtomicInteger taken = new AtomicInteger();
        Thread thread = new Thread(
                () -> taken.set(intake.publish(sent.clone(), sent.length, TestEngine.START_NANOS)), "twice-direct");
        thread.start();
        hangs.await(HANG);

        intake.cutOff();
        hangs.letGoAll();
        thread.join();
        intake.close();
        test.close();

        assertThat(taken).hasValue(MAX_CLAIM);
        checkReleasedOnce(sent);
        assertThat(test.ledger().imbalances()).isEmpty();
        assertThat(test.ledger().count(Counter.HANDLED)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldHandleTheRestWhenWorkersDieInAClose(int deaths) throws Exception {
        FailingDecision telling = new FailingDecision("twice-worker-0");
        whenClockFails = () -> telling.arm(1);
        TestEngine test = startInside(telling, "twice-worker-0", Duration.ofSeconds(30));
        for (int i = 0; i < 10 * MAX_CLAIM; i++) {
            test.offer("key 1");
        }
        Thread closing = new Thread(test::close);
        closing.start();
        Object pool = partOf(test.engine(), "pool");
        until(() -> (Boolean) partOf(pool, "halting"));
        clockFailures.set(deaths);
        hangs.letGoAll();
        closing.join();

        assertThat(clockFailures).hasValue(0);
        assertThat(telling.left()).isZero();
        until(() -> test.errors.size() == 2 * deaths);
        assertThat(test.ledger().imbalances()).isEmpty();
        int lost = (deaths - 1) * MAX_CLAIM; // the runs at whose end the clock fails
        assertThat(test.ledger().count(Counter.ABANDONED)).isEqualTo(lost);
        assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(1 + 10 * MAX_CLAIM - lost);
    }
}
