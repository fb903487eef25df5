package io.trafilo;

import static io.trafilo.testing.TestEngine.until;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafilo.spi.Intake;
import io.trafilo.spi.ListenerHost;
import io.trafilo.testing.Gate;
import io.trafilo.testing.TestBuffer;
import io.trafilo.testing.TestEngine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What the engine promises, one nested class for each row of the semantics table. Here: who does what, in which order, and
 * how it ends. The others, row by row:
 *
 * <ul>
 *   <li>same key: {@link SameKey}
 *   <li>order: {@link Order}
 *   <li>time of an event: {@link TimeSemanticsTest.TimeOfAnEvent}
 *   <li>sender: {@code io.trafilo.netty.SenderAddressTest}
 *   <li>value and weight: {@link InputSemanticsTest.ValueAndWeight}
 *   <li>clock: {@link TimeSemanticsTest.Clock}
 *   <li>wall clock set while running: {@link WallClockSemanticsTest}
 *   <li>now: {@link TimeSemanticsTest.Now}
 *   <li>window: {@link WindowSemanticsTest.Window}
 *   <li>emission: {@link WindowSemanticsTest.Emission}
 *   <li>quiet key: {@link WindowSemanticsTest.QuietKey}
 *   <li>idle key: {@link WindowSemanticsTest.IdleKey}
 *   <li>who does it: {@link WhoDoesIt}
 *   <li>late event: {@link TimeSemanticsTest.LateEvent}
 *   <li>event time ahead of the clock: {@link TimeSemanticsTest.Skewed}
 *   <li>time basis EVENT: {@link TimeSemanticsTest.TimeBasisEvent}
 *   <li>sum, mean, min, max, deviation: {@link AggregateSemanticsTest.SumMeanMinMaxDeviation}
 *   <li>weight: {@link AggregateSemanticsTest.Weight}
 *   <li>quantiles: {@link AggregateSemanticsTest.Quantiles}
 *   <li>distinct: {@link AggregateSemanticsTest.Distinct}
 *   <li>not aggregated: {@link AggregateSemanticsTest.NotAggregated}
 *   <li>source not allowed: {@code io.trafilo.netty.AllowTest}
 *   <li>empty, oversized, no event found: {@link InputSemanticsTest.EmptyOversizedOrNoEvent}
 *   <li>a line that cannot be read: {@link InputSemanticsTest.LineThatThrows}
 *   <li>callback throws: {@link FailureSemanticsTest.CallbackThrows}, {@link FatalSemanticsTest.VirtualMachineFails}
 *   <li>callback hangs: {@link StallSystemTest}
 *   <li>the engine itself fails: {@link WorkerFailureSystemTest}
 *   <li>ring full, policy BLOCK: {@link OverloadSemanticsTest.RingFullBlock}
 *   <li>ring full, policy DROP_NEWEST: {@link OverloadSemanticsTest.RingFullDropNewest}
 *   <li>key table full: {@link OverloadSemanticsTest.KeyTableFull}
 *   <li>state factory throws: {@link FailureSemanticsTest.CallbackThrows}
 *   <li>timestamp store full: {@link OverloadSemanticsTest.TimestampStoreFull}
 *   <li>settings that do not fit the heap: {@code MemoryBoundTest}
 *   <li>limits that are not set: {@link HeapDefaultsTest}
 *   <li>close: {@link Close}
 * </ul>
 *
 * That windows are exact whatever the order of events, timers and clock is the matter of
 * {@code io.trafilo.state.WindowModelTest}, and that aggregates are that of {@code io.trafilo.aggregate.AggregateModelTest}.
 */
class SemanticsTest {
    private static final int EVENTS = 20_000;

    private static void emitAll(Trafilo<?> engine, int events, String key) {
        for (int i = 0; i < events; i++) {
            byte[] message = (key + " " + i).getBytes(StandardCharsets.UTF_8);
            while (!engine.offer(message, 0, message.length)) {
                Thread.onSpinWait();
            }
        }
    }

    @Nested
    class SameKey {
        @Test
        void shouldNeverRunHandlerAndSinkOfOneKeyAtTheSameTime() throws Exception {
            AtomicBoolean inside = new AtomicBoolean();
            AtomicInteger overlaps = new AtomicInteger();
            long[] unguarded = new long[1];
            Trafilo<long[]> engine = Trafilo.<long[]>builder()
                    .state(key -> unguarded)
                    .handler((event, state) -> {
                        overlaps.addAndGet(inside.getAndSet(true) ? 1 : 0);
                        state[0]++;
                        inside.set(false);
                    })
                    .sink((window, state) -> {
                        overlaps.addAndGet(inside.getAndSet(true) ? 1 : 0);
                        inside.set(false);
                    })
                    .slide(Duration.ofNanos(1))
                    .workers(4)
                    .maxClaim(2)
                    .build();
            try (engine) {
                engine.start();
                var other = CompletableFuture.runAsync(() -> emitAll(engine, EVENTS, "key"));
                emitAll(engine, EVENTS, "key");
                other.get(30, SECONDS);
                until(() -> engine.ledger().count(Counter.HANDLED) == 2 * EVENTS);
            }

            assertThat(overlaps).hasValue(0);
            assertThat(unguarded[0]).isEqualTo(2 * EVENTS);
            assertThat(engine.ledger().count(Counter.DELIVERED)).isGreaterThan(EVENTS / 10);
        }

        @Test
        void shouldHandleOtherKeysWhenOneKeyIsHeldUp() throws Exception {
            Gate go = new Gate();
            Trafilo<AtomicLong> engine = Trafilo.<AtomicLong>builder()
                    .state(key -> new AtomicLong())
                    .handler((event, state) -> {
                        if (event.key().toString().equals("blocks")) {
                            go.pass();
                        }
                    })
                    .workers(5)
                    .maxClaim(1)
                    .shards(4096)
                    .build();
            try (engine) {
                engine.start();
                emitAll(engine, 1, "blocks");
                for (int i = 0; i < 3; i++) {
                    emitAll(engine, 1, "key" + i);
                }
                until(() -> engine.ledger().count(Counter.HANDLED) >= 1); // any of the three may share the shard
                go.open();
            }
            assertThat(engine.ledger().count(Counter.HANDLED)).isEqualTo(4);
        }
    }

    @Nested
    class Order {
        @Test
        void shouldHandleInOrderOfReceiptWhenThereIsOneWorker() {
            List<Integer> seen = new ArrayList<>(); // by one worker, read after the close
            Trafilo<AtomicLong> engine = Trafilo.<AtomicLong>builder()
                    .state(key -> new AtomicLong())
                    .handler((event, state) -> seen.add(Integer.valueOf(event.payloadText())))
                    .workers(1)
                    .ringCapacity(64)
                    .build();
            try (engine) {
                engine.start();
                for (int i = 0; i < EVENTS; i++) {
                    byte[] message = ("key" + i % 7 + " " + i).getBytes(StandardCharsets.UTF_8);
                    while (!engine.offer(message, 0, message.length)) {
                        Thread.onSpinWait();
                    }
                }
            }
            List<Integer> inOrder = new ArrayList<>();
            for (int i = 0; i < EVENTS; i++) {
                inOrder.add(i);
            }
            assertThat(seen).isEqualTo(inOrder);
        }

        @Test
        void shouldCountExactlyWhenWorkersHandleOneKeyInAnyOrder() {
            try (TestEngine test =
                    TestEngine.start(builder -> builder.workers(4).maxClaim(1))) {
                test.send("key @" + TestEngine.START_NANOS);
                for (int i = 1; i < 1_000; i++) {
                    test.offer("key @" + (TestEngine.START_NANOS - i * 7L % 1_000));
                }
                test.awaitHandled();
                test.clock.advance(TestEngine.SLIDE);
                test.awaitWindows("key", 2);

                WindowResult window = test.lastWindow("key");
                assertThat(window.count()).isEqualTo(1_000);
                assertThat(window.oldestNanos()).isEqualTo(TestEngine.START_NANOS - 999);
                assertThat(window.newestNanos()).isEqualTo(TestEngine.START_NANOS);
            }
        }
    }

    @Nested
    class WhoDoesIt {
        @Test
        void shouldHaveNoThreadsButWorkersGuardAndKeeper() {
            try (TestEngine test =
                    TestEngine.start(builder -> builder.name("who").workers(3).idleTimeout(Duration.ofSeconds(60)))) {
                test.send("key 1");
                test.clock.advance(TestEngine.SLIDE);
                test.awaitWindows("key", 2); // timers have gone off by now

                assertThat(threadsNamed("who"))
                        .containsExactlyInAnyOrder(
                                "who-worker-0", "who-worker-1", "who-worker-2", "who-guard", "who-keeper");
            }
            until(() -> threadsNamed("who").isEmpty());
        }

        @Test
        void shouldCallBackOnWorkersOnly() {
            ConcurrentLinkedQueue<String> threads = new ConcurrentLinkedQueue<>();
            Runnable note = () -> threads.add(Thread.currentThread().getName());
            try (TestEngine test = TestEngine.start(builder -> builder.name("callbacks")
                    .idleTimeout(TestEngine.SLIDE.multipliedBy(2))
                    .state(key -> {
                        note.run();
                        return new AtomicLong();
                    })
                    .handler((event, state) -> note.run())
                    .sink((window, state) -> note.run())
                    .disposer((key, state) -> note.run()))) {
                test.send("key 1");
                test.clock.advance(TestEngine.SLIDE);
                until(() -> test.ledger().count(Counter.DELIVERED) == 2);
                test.clock.advance(TestEngine.SLIDE);
                until(() -> test.ledger().count(Counter.KEYS_DISPOSED) == 1);
            }
            assertThat(threads).hasSize(5).containsOnly("callbacks-worker-0");
        }

        private List<String> threadsNamed(String prefix) {
            return Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .filter(name -> name.startsWith(prefix + "-"))
                    .toList();
        }
    }

    @Nested
    class Close {
        @Test
        void shouldHandleWhatIsInTheRingAndDisposeOfAllStates() {
            TestEngine test = TestEngine.start();
            for (int i = 0; i < 1_000; i++) {
                test.offer("key" + i % 10 + " " + i);
            }
            test.close();

            Ledger ledger = test.ledger();
            assertThat(ledger.imbalances()).isEmpty();
            assertThat(ledger.count(Counter.HANDLED)).isEqualTo(1_000);
            assertThat(ledger.count(Counter.ABANDONED)).isZero();
            assertThat(test.disposed).hasSize(10).doesNotHaveDuplicates();
            assertThat(ledger.count(Counter.LIVE_KEYS)).isZero();
            assertThat(ledger.count(Counter.LIVE_TIMESTAMPS)).isZero();
            assertThat(test.errors).isEmpty();
        }

        @Test
        void shouldStopListenersFirstAndTakeWhatTheyHaveRead() {
            TestEngine test = TestEngine.start();
            List<String> order = new ArrayList<>();
            AtomicInteger published = new AtomicInteger();
            CompletableFuture<Intake<TestBuffer>> opened = new CompletableFuture<>();
            var intake = ListenerHost.of(test.engine()).openIntake(TestBuffer.ACCESS, timeout -> {
                order.add("listener");
                assertThat(test.engine().isRunning()).isFalse();
                assertThat(timeout).isPositive();
                var self = opened.join();
                published.set(self.publish(TestBuffer.copies(3, "key 1"), 3, self.epochNanos()));
                self.close();
            });
            opened.complete(intake);
            test.close();

            assertThat(order).containsExactly("listener");
            assertThat(published).hasValue(3);
            assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(3);
            assertThat(test.ledger().imbalances()).isEmpty();
        }

        @Test
        void shouldCountAsAbandonedWhatIsNotHandledByTheDeadline() {
            CountDownLatch never = new CountDownLatch(1);
            TestEngine test = TestEngine.start(builder -> builder.maxClaim(4)
                    .closeTimeout(Duration.ofMillis(50))
                    .handler((event, state) -> {
                        try {
                            never.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException("interrupted", e);
                        }
                    }));
            for (int i = 0; i < 100; i++) {
                test.offer("key" + i + " 1");
            }
            test.close();

            Ledger ledger = test.ledger();
            assertThat(ledger.imbalances()).isEmpty();
            assertThat(ledger.count(Counter.HANDLED)).isZero();
            assertThat(ledger.count(Counter.HANDLER_FAILED) + ledger.count(Counter.ABANDONED))
                    .isEqualTo(100);
            assertThat(ledger.count(Counter.ABANDONED)).isPositive();
        }

        @Test
        void shouldCloseWhenACallbackAsksForItAndWhenTwoThreadsDo() throws Exception {
            List<Trafilo<?>> self = new ArrayList<>();
            TestEngine test = TestEngine.start(builder -> builder.handler((event, state) -> {
                if (event.payloadText().equals("close")) {
                    self.get(0).close();
                }
            }));
            self.add(test.engine());
            test.offer("key 1", "key close", "key 2");
            CompletableFuture<Void> one = CompletableFuture.runAsync(test::close);
            CompletableFuture<Void> two = CompletableFuture.runAsync(test::close);
            one.get(20, SECONDS);
            two.get(20, SECONDS);

            assertThat(test.engine().isRunning()).isFalse();
            assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(3);
            assertThat(test.disposed).hasSize(1);
            test.close();
            assertThat(test.disposed).hasSize(1);
        }

        @Test
        void shouldRefuseAllAfterwards() {
            TestEngine test = TestEngine.start();
            test.close();

            assertThat(test.engine().offer(new byte[] {'k', ' '}, 0, 2)).isFalse();
            assertThatThrownBy(() -> test.engine().start()).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> ListenerHost.of(test.engine()).openIntake(TestBuffer.ACCESS, timeout -> {}))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(test.engine().read(Key.of("key"), AtomicLong::get)).isEmpty();
        }
    }
}
