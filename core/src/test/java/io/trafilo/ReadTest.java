package io.trafilo;

import static io.trafilo.testing.TestEngine.until;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafilo.testing.Gate;
import io.trafilo.testing.TestEngine;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Looking at live states from outside, and not from inside. */
class ReadTest {
    @Test
    void shouldReadTheStateOfAKey() {
        try (TestEngine test = TestEngine.start(builder -> builder.shards(16))) {
            test.send("a 1", "a 2", "b 3");
            assertThat(test.engine().read(Key.of("a"), AtomicLong::get)).contains(2L);
            assertThat(test.engine().read(Key.of("b"), AtomicLong::get)).contains(1L);
            assertThat(test.engine().read(Key.of("c"), AtomicLong::get)).isEmpty();
            assertThat(test.engine().<Object>read(Key.of("a"), state -> null)).isEmpty();
            assertThat(test.ledger().count(Counter.KEYS_CREATED))
                    .as("a look makes no key")
                    .isEqualTo(2);
        }
    }

    @Test
    void shouldVisitEveryKeyOnce() {
        try (TestEngine test = TestEngine.start(builder -> builder.shards(16))) {
            Map<String, Long> expected = new TreeMap<>();
            for (int i = 0; i < 100; i++) {
                test.offer("key" + i % 37 + " 1");
                expected.merge("key" + i % 37, 1L, Long::sum);
            }
            test.awaitHandled();
            Map<String, Long> visited = new TreeMap<>();
            test.engine().forEachKey((key, state) -> visited.merge(key.toString(), state.get(), Long::sum));
            assertThat(visited).isEqualTo(expected);
        }
    }

    @Test
    void shouldSeeNoHalfDoneUpdate() throws Exception {
        Trafilo<long[]> engine = Trafilo.<long[]>builder()
                .state(key -> new long[2])
                .handler((event, pair) -> {
                    pair[0]++;
                    Thread.onSpinWait();
                    pair[1]++;
                })
                .workers(2)
                .build();
        try (engine) {
            engine.start();
            byte[] message = {'k', ' '};
            CompletableFuture<Void> emitting = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 20_000; i++) {
                    while (!engine.offer(message, 0, 2)) {
                        Thread.onSpinWait();
                    }
                }
            });
            while (!emitting.isDone()) {
                assertThat(engine.read(Key.of("k"), pair -> pair[0] - pair[1]).orElse(0L))
                        .isZero();
            }
            emitting.get(20, SECONDS);
        }
    }

    @Test
    void shouldRefuseToLookFromACallback() {
        Trafilo<?>[] self = new Trafilo<?>[1];
        try (TestEngine test = TestEngine.build(builder -> builder.handler((event, state) -> {
                    if (event.payloadText().equals("read")) {
                        self[0].read(Key.of("other"), other -> other);
                    } else {
                        self[0].forEachKey((key, other) -> {});
                    }
                })
                .parser(EventParser.firstToken()))) {
            self[0] = test.engine();
            test.engine().start();
            test.send("key read", "key visit");
            assertThat(test.ledger().count(Counter.HANDLER_FAILED)).isEqualTo(2);
            assertThat(test.errors).allMatch(heard -> heard.error() instanceof IllegalStateException);
            assertThat(test.errors.get(0).error())
                    .hasMessageStartingWith("read: called from a callback of the same engine");
            assertThat(test.errors.get(1).error())
                    .hasMessageStartingWith("forEachKey: called from a callback of the same engine");
        }
    }

    @Test
    void shouldRefuseToLookWhileLooking() {
        try (TestEngine test = TestEngine.start()) {
            test.send("key 1");
            Trafilo<AtomicLong> engine = test.engine();
            assertThatThrownBy(() -> engine.forEachKey((key, state) -> engine.read(key, AtomicLong::get)))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> engine.<Object>read(Key.of("key"), state -> engine.read(Key.of("key"), s -> s)))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(engine.read(Key.of("key"), AtomicLong::get))
                    .as("the failed looks have left nothing behind")
                    .contains(1L);
            test.send("key 1");
        }
    }

    @Test
    void shouldLookAtOneEngineFromACallbackOfAnother() {
        try (TestEngine one = TestEngine.start()) {
            one.send("key 1");
            try (TestEngine two = TestEngine.start(builder -> builder.handler((event, state) ->
                    state.set(one.engine().read(event.key(), AtomicLong::get).orElse(-1L) + 100)))) {
                two.send("key 1");
                assertThat(two.engine().read(Key.of("key"), AtomicLong::get)).contains(101L);
            }
        }
    }

    @Test
    void shouldPassOnWhatTheReaderThrowsAndFreeTheLock() {
        try (TestEngine test = TestEngine.start()) {
            test.send("key 1");
            assertThatThrownBy(() -> test.engine().forEachKey((key, state) -> {
                        throw new UnsupportedOperationException("on purpose");
                    }))
                    .isInstanceOf(UnsupportedOperationException.class);
            test.send("key 2");
            assertThat(test.engine().read(Key.of("key"), AtomicLong::get)).contains(2L);
        }
    }

    @Test
    void shouldCloseAtOnceWhenAskedWhileLooking() {
        TestEngine test = TestEngine.start(builder -> builder.closeTimeout(Duration.ofSeconds(1)));
        test.send("key 1");
        test.engine().forEachKey((key, state) -> test.close()); // the lock is held: it must not wait for the end
        assertThat(test.engine().isRunning()).isFalse();
        test.close();
        assertThat(test.disposed).containsExactly(Key.of("key"));
        assertThat(test.errors).isEmpty();
        until(() -> test.engine().toString().contains("CLOSED"));
    }

    @Test
    void shouldGiveUpAndNameBothThreadsWhenCallbacksOfTwoEnginesReadEachOther() {
        Trafilo<?>[] engines = new Trafilo<?>[2];
        CyclicBarrier bothInside = new CyclicBarrier(2);
        Queue<String> refusals = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 2; i++) {
            int other = 1 - i;
            engines[i] = Trafilo.<AtomicLong>builder()
                    .name("engine" + i)
                    .state(key -> new AtomicLong())
                    .handler((event, count) -> {
                        try {
                            bothInside.await();
                            engines[other].read(Key.of("k"), state -> state);
                        } catch (IllegalStateException gaveUp) {
                            refusals.add(gaveUp.getMessage());
                        } catch (InterruptedException | BrokenBarrierException e) {
                            throw new AssertionError(e);
                        }
                    })
                    .stallTimeout(Duration.ofMillis(40))
                    .build();
        }
        for (Trafilo<?> engine : engines) {
            engine.start();
            assertThat(engine.offer(new byte[] {'k', ' ', '1'}, 0, 3)).isTrue();
        }
        until(() -> !refusals.isEmpty());
        for (Trafilo<?> engine : engines) {
            engine.close();
            assertThat(engine.ledger().imbalances()).isEmpty();
        }
        assertThat(refusals)
                .first()
                .asString()
                .matches("read: thread engine([01])-worker-0 gave up waiting for a shard"
                        + " that thread engine(?!\\1)[01]-worker-0 holds .*");
    }

    @Test
    void shouldStopWaitingWhenInterrupted() throws Exception {
        Gate inHandler = new Gate();
        Gate over = new Gate();
        try (TestEngine test = TestEngine.start(
                builder -> builder.stallTimeout(Duration.ofHours(1)).handler((event, state) -> {
                    inHandler.open();
                    over.pass();
                }))) {
            test.offer("k 1");
            inHandler.pass();
            CompletableFuture<Throwable> end = new CompletableFuture<>();
            Thread reader = new Thread(() -> {
                try {
                    test.engine().read(Key.of("k"), AtomicLong::get);
                    end.complete(new AssertionError("read"));
                } catch (IllegalStateException gaveUp) {
                    end.complete(
                            Thread.currentThread().isInterrupted() ? gaveUp : new AssertionError("not interrupted"));
                }
            });
            reader.start();
            reader.interrupt();
            assertThat(end.get(20, SECONDS))
                    .hasMessageContaining("was interrupted while it waited for a shard that thread ");
            over.open();
        }
    }
}
