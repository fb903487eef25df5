package io.trafilo;

import static io.trafilo.testing.Parts.field;
import static io.trafilo.testing.Parts.partOf;
import static io.trafilo.testing.TestEngine.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.spi.ListenerHandle;
import io.trafilo.spi.ListenerHost;
import io.trafilo.testing.Gate;
import io.trafilo.testing.TestBuffer;
import io.trafilo.testing.TestEngine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors on the guard's own thread: the engine still comes to an end, and no thread is left. */
@Timeout(60)
class GuardFailureSystemTest {
    private final Error error = new OutOfMemoryError("on purpose");

    private static TestEngine start() {
        return TestEngine.start(builder -> builder.name("guarded")
                .workers(2)
                .stallTimeout(Duration.ofMillis(20))
                .closeTimeout(Duration.ofSeconds(5)));
    }

    private static boolean hasThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("guarded-"));
    }

    /** A listener with which the close of all listeners fails some times, on a thread with this in its name. */
    private final class Handle implements ListenerHandle {
        final String thread;
        final AtomicInteger failuresLeft;
        final AtomicInteger closed = new AtomicInteger();
        final Gate letGo = new Gate();
        volatile boolean hangs;

        Handle(String thread, int failures) {
            this.thread = thread;
            failuresLeft = new AtomicInteger(failures);
        }

        @Override
        public void close(Duration timeout) {
            closed.incrementAndGet();
            if (hangs) {
                letGo.pass();
            }
        }

        @Override
        public boolean equals(Object other) {
            return other == this;
        }

        @Override
        public int hashCode() {
            if (Thread.currentThread().getName().contains(thread) && failuresLeft.getAndDecrement() > 0) {
                throw error;
            }
            return 1;
        }
    }

    @ParameterizedTest
    @CsvSource({"-guard, 1", "-guard, 5", "-closer-, 1", "-closer-, 3"})
    void shouldEndWorkersAndListenersWhenTheCloseFails(String thread, int failures) {
        TestEngine test = start();
        Handle handle = new Handle(thread, failures);
        var intake = ListenerHost.of(test.engine()).openIntake(TestBuffer.ACCESS, handle);
        test.send("key 1");

        test.close();

        until(() -> handle.closed.get() == 1);
        intake.close();
        until(() -> !hasThreads());
        assertThat(test.engine().failure()).containsSame(error);
        assertThat(test.ledger().imbalances()).isEmpty();
        assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(1);
        assertThat(handle.closed).hasValue(1);
        assertThat(test.errors).singleElement().satisfies(heard -> {
            assertThat(heard.stage()).isEqualTo(Stage.ENGINE);
            assertThat(heard.error()).isSameAs(error);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"-guard", "-closer-"})
    void shouldAskAListenerThatHangsOnceAndEndWhenTheCloseFails(String thread) {
        TestEngine test = start();
        Handle handle = new Handle(thread, 1);
        handle.hangs = true;
        var intake = ListenerHost.of(test.engine()).openIntake(TestBuffer.ACCESS, handle);
        test.send("key 1");

        test.close();

        until(() -> handle.closed.get() == 1);
        assertThat(test.engine().failure()).containsSame(error);
        assertThat(test.ledger().imbalances()).isEmpty();
        assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(1);
        until(() -> test.errors.stream()
                .anyMatch(heard -> heard.error().getMessage().startsWith("close: a listener did not close")));
        handle.letGo.open();
        intake.close();
        until(() -> !hasThreads());
        assertThat(handle.closed).hasValue(1);
    }

    /** As if there were no memory to look, nor to tell of that. */
    @Test
    void shouldStopVisiblyWhenTheGuardCannotWatchAnyMore() throws Exception {
        TestEngine test = start();
        test.send("key 1");
        clear(partOf(partOf(test.engine(), "lifecycle"), "guard"), "relief");

        Optional<Throwable> failure = TestEngine.run(test.engine());

        assertThat(failure).containsInstanceOf(NullPointerException.class);
        until(() -> !hasThreads());
        assertThat(test.ledger().imbalances()).isEmpty();
        assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(1);
    }

    @Test
    void shouldStopWhenItCannotWatchThoughAStallListenerHangs() throws Exception {
        Gate handler = new Gate();
        Gate listener = new Gate();
        Gate inListener = new Gate();
        TestEngine test = TestEngine.start(builder -> builder.name("guarded")
                .stallTimeout(Duration.ofMillis(20))
                .stallListener(stall -> {
                    inListener.open();
                    listener.pass();
                })
                .handler((event, state) -> handler.pass()));
        test.offer("key 1");
        inListener.pass();
        handler.open();
        Object pool = partOf(test.engine(), "pool");
        Object seats = partOf(pool, "seats");

        clear(pool, "seats");
        until(() -> test.engine().failure().isPresent());
        field(pool, "seats").set(pool, seats);

        assertThat(TestEngine.run(test.engine())).containsInstanceOf(NullPointerException.class);
        assertThat(test.ledger().imbalances()).isEmpty();
        listener.open();
        until(() -> !hasThreads());
    }

    /** Nothing is known to end one; if it happens all the same, the engine must not stand still in silence. */
    @Test
    void shouldStopVisiblyWhenAWorkersThreadHasEnded() throws Exception {
        TestEngine test =
                TestEngine.build(builder -> builder.name("guarded").workers(2).stallTimeout(Duration.ofMillis(20)));
        List<?> holders = (List<?>) partOf(partOf(partOf(test.engine(), "pool"), "seats"), "holders");
        clear(holders.get(1), "worker"); // its thread dies of that
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {});
        try {
            assertThat(TestEngine.run(test.engine())).get().asString().contains("worker guarded-worker-1 has ended");
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        until(() -> !hasThreads());
    }

    /** As if the virtual machine gave no memory for another worker. */
    @Test
    void shouldReportOnceAndGoOnWhenAStuckWorkerGetsNoSubstitute() throws Exception {
        Gate handler = new Gate();
        TestEngine test = TestEngine.start(builder ->
                builder.name("guarded").stallTimeout(Duration.ofMillis(20)).handler((event, state) -> handler.pass()));
        Object pool = partOf(test.engine(), "pool");
        Object seats = partOf(pool, "seats");
        Object settings = partOf(pool, "settings");
        List<?> rows = (List<?>) partOf(partOf(test.engine(), "book"), "rows");
        int rowsBefore = rows.size();
        clear(pool, "settings"); // without which there are no more workers
        test.offer("key 1");

        until(() -> test.errors.size() == 1);

        assertThat(test.errors.get(0).stage()).isEqualTo(Stage.ENGINE);
        assertThat(test.errors.get(0).error())
                .hasMessage("worker guarded-worker-0 hangs and gets no substitute: its thread cannot be started");
        assertThat((List<?>) partOf(seats, "members")).hasSize(1);
        assertThat(rows).hasSize(rowsBefore);
        field(pool, "settings").set(pool, settings);
        handler.open();
        test.send("key 2");
        test.close();
        assertThat(test.ledger().imbalances()).isEmpty();
        assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(2);
    }

    private static void clear(Object whole, String name) throws ReflectiveOperationException {
        field(whole, name).set(whole, null);
    }
}
