package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafilo.testing.TestEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Closing an engine whose callbacks return: from anywhere, at any moment, and nothing is lost. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CloseSystemTest {
    /** Who calls close. */
    enum Closer {
        PARSER,
        FACTORY,
        HANDLER,
        SINK,
        DISPOSER,
        ERROR_LISTENER,
        READER,
        LISTENER_THREAD
    }

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicBoolean asked = new AtomicBoolean();
    private Trafilo<AtomicLong> engine;

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    private TrafiloBuilder<AtomicLong> builder() {
        return Trafilo.<AtomicLong>builder()
                .state(key -> new AtomicLong())
                .handler((event, count) -> count.incrementAndGet())
                .sink((window, count) -> {})
                .errorListener((stage, key, error) -> {})
                .window(Duration.ofMillis(20))
                .slide(Duration.ofMillis(2))
                .workers(2)
                .shards(8)
                .ringCapacity(64);
    }

    private FullLoad start(TrafiloBuilder<AtomicLong> builder) {
        engine = builder.build();
        engine.start();
        FullLoad load = new FullLoad(engine);
        load.awaitUnderWay();
        return load;
    }

    @ParameterizedTest
    @CsvSource({
        "1, BLOCK, 2",
        "2, BLOCK, 64",
        "8, BLOCK, 1024",
        "1, DROP_NEWEST, 64",
        "2, DROP_NEWEST, 2",
        "8, DROP_NEWEST, 64"
    })
    void shouldHandleAllThatWasTakenWhenClosedUnderFullLoad(int workers, OverloadPolicy policy, int ringCapacity)
            throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            FullLoad load =
                    start(builder().workers(workers).overloadPolicy(policy).ringCapacity(ringCapacity));
            engine.close();
            load.check();
            assertThat(engine.ledger().count(Counter.ABANDONED)).isZero();
            assertThat(engine.ledger().count(Counter.DISCARDED_AT_CLOSE)).isZero();
            assertThat(engine.ledger().count(Counter.LIVE_KEYS)).isZero();
            assertThat(engine.ledger().count(Counter.KEYS_DISPOSED))
                    .isEqualTo(engine.ledger().count(Counter.KEYS_CREATED));
            assertThat(engine.failure()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldCloseWhenAskedFrom(Closer closer) throws InterruptedException {
        TrafiloBuilder<AtomicLong> builder = builder()
                .parser((buffer, offset, length, out) -> {
                    askIf(closer == Closer.PARSER);
                    EventParser.firstToken().parse(buffer, offset, length, out);
                })
                .state(key -> {
                    askIf(closer == Closer.FACTORY);
                    return new AtomicLong();
                })
                .handler((event, count) -> {
                    askIf(closer == Closer.HANDLER && count.incrementAndGet() > 10);
                    if (closer == Closer.ERROR_LISTENER) {
                        throw new IllegalStateException("injected");
                    }
                })
                .sink((window, count) -> askIf(closer == Closer.SINK && window.total() > 10))
                .disposer((key, count) -> askIf(closer == Closer.DISPOSER))
                .errorListener((stage, key, error) -> askIf(closer == Closer.ERROR_LISTENER));
        if (closer == Closer.LISTENER_THREAD || closer == Closer.READER) {
            builder.closeTimeout(Duration.ofSeconds(1)); // a thread that waits for the close holds up what it waits for
        }
        engine = builder.build();
        engine.start();
        FullLoad load = new FullLoad(engine);
        if (closer == Closer.DISPOSER) {
            engine.shutdown();
        } else if (closer == Closer.READER) {
            load.awaitUnderWay();
            engine.read(Key.of("key1"), count -> {
                askIf(true);
                return null;
            });
        } else if (closer == Closer.LISTENER_THREAD) {
            TestListener second = new TestListener(engine, 1, thread -> {
                askIf(true);
                return null;
            });
            second.awaitEnd();
        }
        assertThat(TestEngine.run(engine)).isEmpty();
        assertThat(asked).isTrue();
        load.check();
    }

    private void askIf(boolean condition) {
        if (condition && asked.compareAndSet(false, true)) {
            engine.close();
        }
    }

    @Test
    void shouldCloseOnceWhenTwoThreadsCloseAtOnce() throws Exception {
        for (int i = 0; i < 20; i++) {
            AtomicLong disposed = new AtomicLong();
            FullLoad load = start(builder().disposer((key, count) -> disposed.incrementAndGet()));
            inParallel(
                    () -> {
                        engine.close();
                        return disposed.get();
                    },
                    () -> {
                        engine.close();
                        return disposed.get();
                    });
            load.check();
            assertThat(disposed.get()).isEqualTo(engine.ledger().count(Counter.KEYS_CREATED));
            engine.close();
            assertThat(disposed.get()).isEqualTo(engine.ledger().count(Counter.KEYS_DISPOSED));
        }
    }

    @Test
    void shouldRefuseToStartWhenClosedBefore() throws InterruptedException {
        engine = builder().build();
        engine.close();
        engine.close();
        assertThatThrownBy(engine::start).isInstanceOf(IllegalStateException.class);
        assertThat(TestEngine.run(engine)).isEmpty();
        assertThat(engine.offer(FullLoad.message(0), 0, 4)).isFalse();
        assertThat(engine.ledger().imbalances()).isEmpty();
    }

    @Test
    void shouldEndEitherWayWhenClosedWhileItStarts() throws Exception {
        for (int i = 0; i < 200; i++) {
            engine = builder().name("closed-while-starting").build();
            Object started = inParallel(
                    () -> {
                        try {
                            engine.start();
                            return true;
                        } catch (IllegalStateException closedBefore) {
                            return false;
                        }
                    },
                    () -> {
                        engine.close();
                        return true;
                    });
            assertThat(started).isIn(true, false);
            assertThat(engine.isRunning()).isFalse();
            assertThat(engine.ledger().imbalances()).isEmpty();
        }
        Awaitility.await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("closed-while-starting")));
    }

    @Test
    void shouldReturnFromRunWhenClosedWhileItStarts() throws Exception {
        for (int i = 0; i < 300; i++) {
            engine = builder().build();
            Object result = inParallel(() -> TestEngine.run(engine), () -> {
                engine.close();
                return true;
            });
            assertThat(result).isEqualTo(Optional.empty());
        }
    }

    @Test
    void shouldReturnFromRunWhenStartedByAnotherAtTheSameTime() throws Exception {
        for (int i = 0; i < 100; i++) {
            engine = builder().build();
            Future<Optional<Throwable>> running = threads.submit(() -> TestEngine.run(engine));
            try {
                engine.start();
            } catch (IllegalStateException startedByRun) {
                assertThat(startedByRun).hasMessageContaining("start when");
            }
            engine.shutdown();
            assertThat(running.get()).isEmpty();
        }
    }

    @Test
    void shouldReturnFromRunWhenShutDown() throws Exception {
        engine = builder().build();
        Future<Optional<Throwable>> running = threads.submit(() -> TestEngine.run(engine));
        Awaitility.await().until(engine::isRunning);
        FullLoad load = new FullLoad(engine);
        load.awaitUnderWay();
        engine.shutdown();
        assertThat(running.get()).isEmpty();
        load.check();
    }

    @Test
    void shouldCountEveryAcceptedMessageWhenEmittersRaceWithTheClose() throws Exception {
        raceWithTheClose(Duration.ofSeconds(10), 100);
    }

    /** Without time, the close waits only 50 ms for an emitter that the system has stopped before it has counted. */
    @Test
    @Tag("slow")
    void shouldCountEveryAcceptedMessageWhenEmittersRaceWithACloseWithoutTime() throws Exception {
        raceWithTheClose(Duration.ZERO, 50);
    }

    private void raceWithTheClose(Duration closeTimeout, int rounds) throws Exception {
        for (int i = 0; i < rounds; i++) {
            AtomicLong handled = new AtomicLong();
            engine = builder()
                    .handler((event, count) -> handled.incrementAndGet())
                    .closeTimeout(closeTimeout)
                    .build();
            engine.start();
            AtomicLong accepted = new AtomicLong();
            CyclicBarrier barrier = new CyclicBarrier(7);
            List<Future<?>> emitters = new ArrayList<>();
            for (int emitter = 0; emitter < 6; emitter++) {
                emitters.add(threads.submit(() -> {
                    barrier.await();
                    while (engine.isRunning()) {
                        if (engine.offer(FullLoad.message(1), 0, 9)) {
                            accepted.incrementAndGet();
                        }
                    }
                    return null;
                }));
            }
            barrier.await();
            Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> handled.get() > 100);
            engine.close();
            Ledger ledger = engine.ledger();
            for (Future<?> emitter : emitters) {
                emitter.get();
            }
            assertThat(ledger.imbalances()).as("round %d: %s", i, ledger).isEmpty();
            assertThat(ledger.count(Counter.OFFERED))
                    .as("round %d: %s", i, ledger)
                    .isEqualTo(accepted.get());
            assertThat(ledger.count(Counter.PARSED) + ledger.count(Counter.ABANDONED))
                    .isEqualTo(accepted.get());
            assertThat(ledger.count(Counter.HANDLED)).isEqualTo(handled.get());
        }
    }

    /** Runs both at the same moment and gives what the first gave. */
    private Object inParallel(Callable<?> first, Callable<?> second) throws Exception {
        CyclicBarrier barrier = new CyclicBarrier(2);
        Future<?> one = threads.submit(() -> {
            barrier.await();
            return first.call();
        });
        Future<?> two = threads.submit(() -> {
            barrier.await();
            return second.call();
        });
        two.get();
        return one.get();
    }
}
