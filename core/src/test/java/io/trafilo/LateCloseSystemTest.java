package io.trafilo;

import static io.trafilo.testing.Parts.partOf;
import static io.trafilo.testing.TestEngine.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.dispatch.MessageRing;
import io.trafilo.dispatch.StuckPublisher;
import io.trafilo.ledger.LedgerBook;
import io.trafilo.spi.ListenerHost;
import io.trafilo.testing.TestBuffer;
import io.trafilo.testing.TestEngine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A close that comes to its deadline, for other reasons than a callback of a worker: see {@link StuckCallbackSystemTest}. */
@Tag("slow")
@Timeout(60)
class LateCloseSystemTest {
    private static final int KEYS = 64;

    private final Hangs hangs = new Hangs();
    private final AtomicLong disposals = new AtomicLong();
    private StuckPublisher publisher;

    @AfterEach
    void letGo() {
        hangs.letGoAll();
        if (publisher != null) {
            publisher.publish();
        }
        until(() -> threads().isEmpty());
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("late-"))
                .toList();
    }

    /** An engine with a number of keys, each with one event. */
    private TestEngine start(int closeTimeoutMillis, Consumer<TrafiloBuilder<AtomicLong>> settings) {
        TestEngine test = TestEngine.start(builder -> {
            builder.name("late").shards(8).closeTimeout(Duration.ofMillis(closeTimeoutMillis));
            settings.accept(builder);
        });
        for (int i = 0; i < KEYS; i++) {
            test.offer("key" + i + " 1");
        }
        test.awaitHandled();
        return test;
    }

    private static void checkLive(Ledger ledger) {
        assertThat(ledger.imbalances()).isEmpty();
        assertThat(ledger.count(Counter.HANDLED)).isEqualTo(KEYS);
        assertThat(ledger.count(Counter.LIVE_KEYS)).isPositive().isEqualTo(KEYS - ledger.count(Counter.KEYS_DISPOSED));
        assertThat(ledger.count(Counter.LIVE_TIMESTAMPS)).isEqualTo(ledger.count(Counter.LIVE_KEYS));
    }

    @Test
    void shouldStopDisposingBetweenKeysWhenTimeIsUp() {
        CountDownLatch never = new CountDownLatch(1);
        TestEngine test = start(
                100,
                builder -> builder.disposer((key, state) -> {
                    disposals.incrementAndGet();
                    awaitUpTo(never, 20);
                }));

        test.close();

        Ledger ledger = test.ledger();
        checkLive(ledger);
        assertThat(ledger.count(Counter.KEYS_DISPOSED)).isPositive();
        until(() -> threads().isEmpty());
        assertThat(disposals.get())
                .isBetween(ledger.count(Counter.KEYS_DISPOSED), ledger.count(Counter.KEYS_DISPOSED) + 1);
        until(() -> !test.errors.isEmpty());
        assertThat(test.errors.get(0).stage()).isEqualTo(Stage.ENGINE);
        assertThat(test.errors.get(0).error()).hasMessageStartingWith("close: ").hasMessageContaining("within 100 ms");
        assertThat(test.engine().read(Key.of("none"), state -> state)).isEmpty();
    }

    private static void awaitUpTo(CountDownLatch latch, long millis) {
        try {
            assertThat(latch.await(millis, TimeUnit.MILLISECONDS)).isFalse();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 300})
    void shouldMakeTheLedgerFinalWithoutTheGuardWhenADisposerHangs(int timeoutMillis) {
        TestEngine test = start(
                timeoutMillis,
                builder -> builder.disposer((key, state) -> {
                    disposals.incrementAndGet();
                    hangs.at("hang-disposer");
                }));

        test.close();

        assertThat(hangs.isInside("hang-disposer")).isTrue();
        Map<String, Long> atClose = test.ledger().asMap();
        checkLive(test.ledger());
        assertThat(test.ledger().count(Counter.KEYS_DISPOSED)).isEqualTo(1);
        until(() -> test.errors.size() == 1);
        assertThat(test.errors.get(0).error())
                .hasMessage("close: not finished within " + timeoutMillis
                        + " ms; the ledger counts what is left as abandoned, failed or live");
        test.close(); // returns as well
        hangs.letGoAll();
        until(() -> threads().isEmpty());
        assertThat(disposals).hasValue(1);
        assertThat(test.ledger().asMap()).isEqualTo(atClose);
    }

    @Test
    void shouldCloseWhenTheErrorListenerHangsInTheClose() {
        TestEngine test = start(0, builder -> builder.handler(
                        (event, state) -> hangs.at(event.key().toString()))
                .errorListener((stage, key, error) -> hangs.at("hang-" + stage)));
        test.offer("hang1 1");
        hangs.await("hang1");

        test.close();

        hangs.await("hang-ENGINE");
        Ledger ledger = test.ledger();
        assertThat(ledger.imbalances()).isEmpty();
        assertThat(ledger.count(Counter.HANDLED)).isEqualTo(KEYS);
        assertThat(ledger.count(Counter.HANDLER_FAILED)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100})
    void shouldCloseWhenTheHandleOfAListenerHangs(int timeoutMillis) {
        TestEngine test = start(timeoutMillis, builder -> {});
        var intake = ListenerHost.of(test.engine()).openIntake(TestBuffer.ACCESS, timeout -> hangs.at("hang-handle"));
        intake.publish(TestBuffer.copies(1, "key1 1"), 1, intake.epochNanos());
        intake.countEmpty();
        test.awaitHandled();

        test.close();

        Ledger ledger = test.ledger();
        assertThat(ledger.imbalances()).isEmpty();
        assertThat(ledger.count(Counter.RECEIVED)).isEqualTo(2);
        assertThat(ledger.count(Counter.HANDLED)).isEqualTo(KEYS + 1);
        assertThat(ledger.count(Counter.KEYS_DISPOSED) + ledger.count(Counter.LIVE_KEYS))
                .isEqualTo(KEYS);
        until(() -> !test.errors.isEmpty());
        assertThat(test.errors.get(0).error()).hasMessageStartingWith("close: a listener did not close within ");
        intake.close();
    }

    @Test
    void shouldDisposeOfTheStatesWhenTheErrorListenerHangsInTheReportOfAListener() {
        TestEngine test = start(100, builder -> builder.disposer((key, state) -> disposals.incrementAndGet())
                .errorListener((stage, key, error) -> hangs.at("hang-" + stage)));
        var intake = ListenerHost.of(test.engine()).openIntake(TestBuffer.ACCESS, timeout -> hangs.at("hang-handle"));

        test.close();

        hangs.await("hang-ENGINE");
        assertThat(disposals).hasValue(KEYS);
        assertThat(test.ledger().count(Counter.LIVE_KEYS)).isZero();
        assertThat(test.ledger().imbalances()).isEmpty();
        intake.close();
    }

    @Test
    void shouldDisposeOfTheStatesOfOtherShardsWhenAReaderHangs() {
        TestEngine test = start(200, builder -> builder.disposer((key, state) -> disposals.incrementAndGet()));
        Thread reader = new Thread(() -> test.engine().read(Key.of("key1"), state -> {
            hangs.at("hang-reader");
            return state;
        }));
        reader.start();
        hangs.await("hang-reader");

        test.close();

        checkLive(test.ledger());
        assertThat(test.ledger().count(Counter.KEYS_DISPOSED)).isPositive().isEqualTo(disposals.get());
        until(() -> !test.errors.isEmpty());
        assertThat(test.errors.get(0).error())
                .hasMessage(
                        "close: not all states were disposed of within 200 ms; the ledger counts the others as live");
    }

    @Test
    void shouldEndAWorkerThatWaitsForTheShardOfAnother() {
        TestEngine test = start(100, builder -> builder.workers(2)
                .shards(1)
                .stallTimeout(Duration.ofSeconds(50))
                .handler((event, state) -> hangs.at(event.key().toString())));
        test.offer("hang1 1");
        hangs.await("hang1");
        test.offer("key1 1");
        until(() -> test.ledger().count(Counter.EVENTS) == KEYS + 2);

        test.close();

        Ledger ledger = test.ledger();
        assertThat(ledger.imbalances()).isEmpty();
        assertThat(ledger.count(Counter.HANDLED)).isEqualTo(KEYS);
        assertThat(ledger.count(Counter.HANDLER_FAILED)).isEqualTo(2);
        assertThat(ledger.count(Counter.STALLED)).isZero();
        until(() -> threads().stream().filter(name -> name.contains("-worker-")).count() == 1);
        assertThat(hangs.isInside("hang1")).isTrue();
    }

    /** As if its thread had been stopped just there. */
    @ParameterizedTest
    @ValueSource(ints = {0, 100})
    void shouldCountWhatAPublisherHoldsBetweenClaimAndPublication(int timeoutMillis) throws Exception {
        TestEngine test = start(timeoutMillis, builder -> {});
        Object engine = test.engine();
        publisher = new StuckPublisher((MessageRing) partOf(engine, "ring"));
        ((LedgerBook) partOf(engine, "book")).shared().addShared(Counter.OFFERED, 1); // which comes before publication

        test.close();

        Ledger ledger = test.ledger();
        assertThat(ledger.imbalances()).isEmpty();
        assertThat(ledger.count(Counter.OFFERED)).isEqualTo(KEYS + 1);
        assertThat(ledger.count(Counter.ABANDONED)).isEqualTo(1);
        assertThat(ledger.count(Counter.KEYS_DISPOSED) + ledger.count(Counter.LIVE_KEYS))
                .isEqualTo(KEYS);
        Map<String, Long> atClose = ledger.asMap();
        until(() -> threads().stream().sorted().toList().equals(List.of("late-guard", "late-worker-0"))); // both wait
        publisher.publish();
        publisher = null;
        until(() -> threads().isEmpty());
        assertThat(test.ledger().asMap()).isEqualTo(atClose);
    }

    /** A thread whose flag is set does not park: the guard would keep a core busy. */
    @Test
    void shouldDropTheInterruptThatADisposerLeavesWhenAPublisherIsStillThere() throws Exception {
        AtomicReference<MessageRing> ring = new AtomicReference<>();
        AtomicReference<Thread> guard = new AtomicReference<>();
        TestEngine test = start(
                30_000,
                builder -> builder.disposer((key, state) -> {
                    if (guard.getAndSet(Thread.currentThread()) == null) {
                        publisher = new StuckPublisher(ring.get());
                    }
                    Thread.currentThread().interrupt();
                }));
        ring.set((MessageRing) partOf(test.engine(), "ring"));

        test.close();

        assertThat(test.ledger().count(Counter.KEYS_DISPOSED)).isEqualTo(KEYS);
        until(() -> !guard.get().isInterrupted());
        assertThat(guard.get().isAlive()).isTrue();
    }

    /** An engine whose workers fail when they are told to, with a publisher between claim and publication. */
    private TestEngine startFailing(AtomicBoolean fails, int closeTimeoutMillis) throws Exception {
        TestEngine test = start(
                closeTimeoutMillis,
                builder -> builder.clock(() -> {
                    if (fails.get() && Thread.currentThread().getName().startsWith("late-worker-")) {
                        throw new OutOfMemoryError("on purpose");
                    }
                    return TestEngine.START_NANOS;
                }));
        publisher = new StuckPublisher((MessageRing) partOf(test.engine(), "ring"));
        return test;
    }

    private static LedgerBook book(TestEngine test) throws ReflectiveOperationException {
        return (LedgerBook) partOf(test.engine(), "book");
    }

    @Test
    void shouldCountWhatAPublisherHoldsAndReleaseItLaterWhenTheWorkersHaveFailed() throws Exception {
        AtomicBoolean fails = new AtomicBoolean();
        TestEngine test = startFailing(fails, 100);
        book(test).shared().addShared(Counter.OFFERED, 1);
        fails.set(true);

        assertThat(TestEngine.run(test.engine())).get().isInstanceOf(OutOfMemoryError.class);

        assertThat(test.ledger().imbalances()).isEmpty();
        assertThat(test.ledger().count(Counter.ABANDONED)).isEqualTo(1);
        Map<String, Long> atClose = test.ledger().asMap();
        until(() -> threads().equals(List.of("late-guard")));
        TestBuffer buffer = new TestBuffer("key1 1");
        publisher.publish(buffer, TestBuffer.ACCESS);
        publisher = null;
        until(() -> buffer.releases() == 1);
        until(() -> threads().isEmpty());
        assertThat(buffer.releases()).isEqualTo(1);
        assertThat(test.ledger().asMap()).isEqualTo(atClose);
    }

    @Test
    void shouldWaitALittleForAPublisherThatHasYetToCountWhenTheWorkersHaveFailed() throws Exception {
        AtomicBoolean fails = new AtomicBoolean();
        TestEngine test = startFailing(fails, 30_000);
        StuckPublisher slow = publisher;
        publisher = null;
        Thread thread = new Thread(() -> {
            until(() -> !test.engine().isRunning());
            awaitUpTo(new CountDownLatch(1), 300);
            try {
                book(test).shared().addShared(Counter.OFFERED, 1);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
            slow.publish();
        });
        thread.start();
        fails.set(true);

        assertThat(TestEngine.run(test.engine())).get().isInstanceOf(OutOfMemoryError.class);

        assertThat(test.ledger().count(Counter.OFFERED)).isEqualTo(KEYS + 1);
        assertThat(test.ledger().count(Counter.ABANDONED)).isEqualTo(1);
        assertThat(test.ledger().imbalances()).isEmpty();
        thread.join();
    }
}
