package io.trafilo;

import static io.trafilo.testing.TestEngine.until;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.spi.ListenerHost;
import io.trafilo.testing.TestBuffer;
import io.trafilo.testing.TestEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Starting, running and ending an engine, and what its methods say before and after. */
class LifecycleTest {
    private static final byte[] MESSAGE = {'k', ' ', '1'};

    private static CompletableFuture<Optional<Throwable>> run(TestEngine test) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return TestEngine.run(test.engine());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void shouldRefuseMessagesBeforeTheStart() {
        try (TestEngine test = TestEngine.build(builder -> {})) {
            assertThat(test.engine().isRunning()).isFalse();
            assertThat(test.engine().offer(MESSAGE, 0, 3)).isFalse();
            assertThat(test.ledger().count(Counter.OFFER_REFUSED)).isEqualTo(1);
            assertThat(test.engine().ringFill()).isZero();
            assertThat(test.engine().toString()).contains("NEW");
            assertThatThrownBy(() -> ListenerHost.of(test.engine()).openIntake(TestBuffer.ACCESS, timeout -> {}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("engine: listener opened when NEW (expected: RUNNING; start it first)");
            test.engine().start();
            assertThat(test.engine().isRunning()).isTrue();
            test.send("key 1");
            assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(1);
        }
    }

    @Test
    void shouldRefuseToStartTwice() {
        try (TestEngine test = TestEngine.start()) {
            assertThatThrownBy(() -> test.engine().start())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("engine: start when RUNNING (expected: NEW)");
            test.send("key 1");
        }
    }

    @Test
    void shouldBeClosedForGoodWhenClosedBeforeTheStart() throws Exception {
        TestEngine test = TestEngine.build(builder -> {});
        test.close();
        test.close();
        assertThat(test.engine().isRunning()).isFalse();
        assertThat(test.engine().offer(MESSAGE, 0, 3)).isFalse();
        assertThatThrownBy(() -> test.engine().start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("engine: start when CLOSED (expected: NEW)");
        assertThat(TestEngine.run(test.engine())).as("nothing left to wait for").isEmpty();
        assertThat(test.ledger().imbalances()).isEmpty();
    }

    @Test
    void shouldCheckWhatIsEmitted() {
        try (TestEngine test = TestEngine.start(builder -> builder.maxMessageLength(8))) {
            Trafilo<?> engine = test.engine();
            byte[] bytes = new byte[20];
            assertThatThrownBy(() -> engine.offer(bytes, 0, 9))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("message: 9 bytes (expected: 1 to maxMessageLength 8)");
            assertThatThrownBy(() -> engine.offer(bytes, 0, 0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> engine.offer(bytes, 0, -1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> engine.offer(bytes, -1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> engine.offer(bytes, 19, 2)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> engine.offer(bytes, Integer.MAX_VALUE, 2))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(test.ledger().count(Counter.OFFERED) + test.ledger().count(Counter.OFFER_REFUSED))
                    .isZero();
        }
    }

    @Test
    void shouldCopyWhatIsEmitted() {
        try (TestEngine test = TestEngine.start()) {
            byte[] bytes = "__a 1__".getBytes(StandardCharsets.UTF_8);
            for (char key = 'a'; key <= 'z'; key++) {
                bytes[2] = (byte) key;
                assertThat(test.engine().offer(bytes, 2, 3)).isTrue();
                bytes[2] = '?';
            }
            test.awaitHandled();
            assertThat(test.ledger().count(Counter.LIVE_KEYS)).isEqualTo(26);
            assertThat(test.knows("a")).isTrue();
            assertThat(test.knows("?")).isFalse();
        }
    }

    @Test
    void shouldTakeMessagesFromItsOwnCallbacks() {
        Trafilo<?>[] self = new Trafilo<?>[1];
        try (TestEngine test = TestEngine.build(builder -> builder.handler((event, state) -> {
            if (event.payloadText().equals("echo")) {
                self[0].offer(new byte[] {'e', ' '}, 0, 2);
            }
        }))) {
            self[0] = test.engine();
            test.engine().start();
            test.send("key echo");
            until(() -> test.ledger().count(Counter.HANDLED) == 2);
            assertThat(test.knows("e")).isTrue();
        }
    }

    @Test
    void shouldRunUntilShutDown() throws Exception {
        TestEngine test = TestEngine.build(builder -> {});
        CompletableFuture<Optional<Throwable>> run = run(test);
        until(() -> test.engine().isRunning());
        test.offer("key 1");
        assertThat(run.isDone()).isFalse();
        test.engine().shutdown();
        test.engine().shutdown();

        assertThat(run.get(20, SECONDS)).isEmpty();
        assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(1);
        assertThat(test.ledger().imbalances()).isEmpty();
        assertThat(test.disposed).containsExactly(Key.of("key"));
    }

    @Test
    void shouldRunWhenStartedBeforeAndEndWhenACallbackShutsDown() throws Exception {
        Trafilo<?>[] self = new Trafilo<?>[1];
        TestEngine test = TestEngine.build(builder -> builder.handler((event, state) -> self[0].shutdown()));
        self[0] = test.engine();
        test.engine().start();
        CompletableFuture<Optional<Throwable>> run = run(test);
        test.offer("key 1");
        assertThat(run.get(20, SECONDS)).isEmpty();
        assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(1);
    }

    @Test
    void shouldGoOnWhenTheThreadInRunIsInterrupted() throws Exception {
        try (TestEngine test = TestEngine.build(builder -> {})) {
            FutureTask<Optional<Throwable>> run = new FutureTask<>(() -> TestEngine.run(test.engine()));
            Thread thread = new Thread(run);
            thread.start();
            until(() -> thread.getState() == Thread.State.WAITING);
            thread.interrupt();
            assertThatThrownBy(() -> run.get(20, SECONDS)).hasCauseInstanceOf(InterruptedException.class);
            test.send("key 1");
            assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(1);
        }
    }

    @Test
    void shouldRefuseToRunFromACallback() {
        Trafilo<?>[] self = new Trafilo<?>[1];
        try (TestEngine test = TestEngine.build(builder -> builder.handler((event, state) -> {
            try {
                self[0].run();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }))) {
            self[0] = test.engine();
            test.engine().start();
            test.send("key 1");
            assertThat(test.ledger().count(Counter.HANDLER_FAILED)).isEqualTo(1);
            assertThat(test.errors.get(0).error())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("run: called from a callback of the same engine");
        }
    }

    @Test
    void shouldHandListenerErrorsToTheErrorListener() {
        try (TestEngine test = TestEngine.start()) {
            ListenerHost.of(test.engine()).reportError(new IllegalStateException("on purpose"));
            until(() -> test.errors.size() == 1);
            assertThat(test.errors.get(0).stage()).isEqualTo(Stage.LISTENER);
            assertThat(test.engine().isRunning()).isTrue();
        }
    }

    @Test
    void shouldReturnFromACloseInTheErrorListenerWhenTheThreadIsTheListenersOwn() throws Exception {
        AtomicReference<Trafilo<?>> closed = new AtomicReference<>();
        CountDownLatch reported = new CountDownLatch(1);
        CompletableFuture<Boolean> freed = new CompletableFuture<>();
        Trafilo<Void> engine = Trafilo.<Void>builder()
                .handler((event, none) -> {})
                .errorListener((stage, key, error) -> closed.get().close())
                .closeTimeout(Duration.ofSeconds(5))
                .build();
        closed.set(engine);
        engine.start();
        ListenerHost.of(engine).openIntake(TestBuffer.ACCESS, timeout -> freed.complete(awaitUpTo(reported, timeout)));
        ListenerHost.of(engine)
                .reportError(new IOException("test")); // as the listener's own thread does, for which its close waits
        reported.countDown();
        engine.close();
        assertThat(freed.get(30, SECONDS)).isTrue();
    }

    private static boolean awaitUpTo(CountDownLatch latch, Duration timeout) {
        try {
            return latch.await(timeout.toNanos(), NANOSECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldNameAndDescribeItself() {
        try (TestEngine test =
                TestEngine.start(builder -> builder.name("mine").maxKeys(9).ringCapacity(16))) {
            test.send("key 1");
            assertThat(test.engine())
                    .hasToString("Trafilo[mine, RUNNING, ring 0/16, keys 1/9,"
                            + " at most 103 MiB: ring 1, scratch 2, keys 1, timestamps 99]");
        }
    }
}
