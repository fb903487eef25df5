package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trafilo.Counter;
import io.trafilo.EngineFailedException;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.EventParser;
import io.trafilo.Ledger;
import io.trafilo.Trafilo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Callbacks that fail while datagrams come in. */
@ExtendWith(LeakGuard.class)
@Timeout(120)
class CallbackFaultTest {
    private static final EventParser FIRST_TOKEN = EventParser.firstToken();

    enum Failure {
        EXCEPTION {
            @Override
            void raise() {
                throw new IllegalStateException("injected");
            }
        },
        STACK_OVERFLOW {
            @Override
            @SuppressWarnings("InfiniteRecursion")
            void raise() {
                raise();
            }
        },
        OUT_OF_MEMORY {
            @Override
            void raise() {
                throw new OutOfMemoryError("injected");
            }
        };

        abstract void raise();
    }

    /** An engine one of whose callbacks fails now and then, and counts that itself. */
    private static final class Service {
        final AtomicLong raised = new AtomicLong();
        final AtomicLong heard = new AtomicLong();
        final AtomicLong heardOfOthers = new AtomicLong();
        final Trafilo<long[]> engine;
        private final Stage stage;
        private final Failure failure;
        private final SplittableRandom random;
        private volatile int percent;

        Service(Stage stage, Failure failure, int percent, long seed) {
            this.stage = stage;
            this.failure = failure;
            this.percent = percent;
            this.random = new SplittableRandom(seed);
            engine = Trafilo.<long[]>builder()
                    .parser((buffer, offset, length, out) -> {
                        FIRST_TOKEN.parse(buffer, offset, length, out);
                        failIf(Stage.PARSER);
                    })
                    .state(key -> {
                        failIf(Stage.STATE_FACTORY);
                        return new long[1];
                    })
                    .handler((event, count) -> {
                        count[0]++;
                        failIf(Stage.HANDLER);
                    })
                    .sink((window, count) -> failIf(Stage.SINK))
                    .disposer((key, count) -> failIf(Stage.DISPOSER))
                    .errorListener((where, key, error) -> {
                        heard.incrementAndGet();
                        heardOfOthers.addAndGet(where == stage ? 0 : 1);
                    })
                    .workers(2)
                    .window(Duration.ofMillis(20))
                    .slide(Duration.ofMillis(5))
                    .idleTimeout(Duration.ofMillis(50))
                    .build();
        }

        private void failIf(Stage here) {
            if (here == stage && isDue()) {
                raised.incrementAndGet();
                failure.raise();
            }
        }

        private synchronized boolean isDue() {
            return random.nextInt(100) < percent;
        }

        void heal() {
            percent = 0;
        }

        UdpListener listen() {
            return UdpListener.builder(engine)
                    .bind("127.0.0.1", 0)
                    .receiveBufferBytes(200_000)
                    .start();
        }
    }

    static List<Arguments> failures() {
        List<Arguments> cases = new ArrayList<>();
        for (Stage stage : List.of(Stage.PARSER, Stage.STATE_FACTORY, Stage.HANDLER, Stage.SINK, Stage.DISPOSER)) {
            for (int percent : new int[] {1, 100}) {
                cases.add(Arguments.of(stage, Failure.EXCEPTION, percent));
                cases.add(Arguments.of(stage, Failure.STACK_OVERFLOW, percent));
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("failures")
    void shouldCountEachFailureAndGoOnWhenACallbackThrows(Stage stage, Failure failure, int percent) {
        long seed = System.nanoTime();
        System.out.println("CallbackFaultTest " + stage + " " + failure + " " + percent + " %: seed " + seed);
        int sent = failure == Failure.STACK_OVERFLOW && percent == 100 ? 200 : 5_000;
        Service service = new Service(stage, failure, percent, seed);
        service.engine.start();
        try (Trafilo<long[]> engine = service.engine;
                UdpListener listener = service.listen();
                Sender sender = new Sender(listener.address())) {
            sender.sendInStep(sent, engine::ledger, i -> "key" + i + " 1");
            awaitDone(engine, sent);
            service.heal();
            sender.send("after 1");
            awaitDone(engine, sent + 1);
        }
        check(service, stage, sent + 1);
    }

    /** Every key is gone by then, its disposer has been called. */
    private static void awaitDone(Trafilo<?> engine, long sent) {
        await().atMost(TestEngine.PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> engine.ledger().count(Counter.RECEIVED) == sent
                        && engine.ledger().isConserved()
                        && engine.ledger().count(Counter.LIVE_KEYS) == 0);
    }

    private static void check(Service service, Stage stage, long sent) {
        Ledger ledger = service.engine.ledger();
        long raised = service.raised.get();
        assertThat(ledger.imbalances()).isEmpty();
        assertThat(ledger.count(Counter.RECEIVED)).isEqualTo(sent);
        assertThat(ledger.count(Counter.KERNEL_DROPPED)).isZero();
        assertThat(raised).isPositive();
        assertThat(ledger.count(Counter.PARSE_FAILED)).isEqualTo(stage == Stage.PARSER ? raised : 0);
        assertThat(ledger.count(Counter.FACTORY_FAILED)).isEqualTo(stage == Stage.STATE_FACTORY ? raised : 0);
        assertThat(ledger.count(Counter.HANDLER_FAILED)).isEqualTo(stage == Stage.HANDLER ? raised : 0);
        assertThat(ledger.count(Counter.SINK_FAILED)).isEqualTo(stage == Stage.SINK ? raised : 0);
        assertThat(ledger.count(Counter.DISPOSER_FAILED)).isEqualTo(stage == Stage.DISPOSER ? raised : 0);
        assertThat(ledger.count(Counter.KEY_REFUSED)).isEqualTo(ledger.count(Counter.FACTORY_FAILED));
        assertThat(ledger.count(Counter.HANDLED)).isPositive();
        assertThat(service.heard).hasValue(raised);
        assertThat(service.heardOfOthers).hasValue(0);
        assertThat(service.engine.failure()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"PARSER", "STATE_FACTORY", "HANDLER", "SINK", "DISPOSER"})
    void shouldStopVisiblyAndCloseTheListenerWhenMemoryRunsOut(Stage stage) throws Exception {
        Service service = new Service(stage, Failure.OUT_OF_MEMORY, 10, 1);
        service.engine.start();
        CompletableFuture<Optional<Throwable>> end = new CompletableFuture<>();
        Thread runner = new Thread(() -> {
            try {
                service.engine.run();
                end.complete(Optional.empty());
            } catch (EngineFailedException stopped) {
                end.complete(Optional.of(stopped.getCause()));
            } catch (Throwable error) {
                end.completeExceptionally(error);
            }
        });
        runner.start();
        try (UdpListener listener = service.listen();
                Sender sender = new Sender(listener.address())) {
            await().atMost(TestEngine.PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> {
                        sender.send("key" + sender.sent() + " 1");
                        return end.isDone();
                    });
            assertThat(end.get()).get().isInstanceOf(OutOfMemoryError.class);
            assertThat(service.engine.failure()).containsSame(end.get().get());
            assertThat(service.engine.isRunning()).isFalse();
            assertThat(TestEngine.listenerThreads()).isEmpty();
            Ledger ledger = service.engine.ledger();
            assertThat(ledger.imbalances()).isEmpty();
            assertThat(ledger.count(Counter.RECEIVED) + ledger.count(Counter.KERNEL_DROPPED))
                    .isPositive()
                    .isLessThanOrEqualTo(sender.sent());
        }
        runner.join();
    }
}
