package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.spi.ListenerHost;
import io.trafilo.testing.TestEngine;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Errors that must stop the engine do so visibly; what must not stop it does not; the sums close in either case. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EngineFailureSystemTest {
    private static final EventParser FIRST_TOKEN = EventParser.firstToken();

    enum Place {
        PARSER,
        FACTORY,
        HANDLER,
        SINK,
        DISPOSER,
        ERROR_LISTENER
    }

    private static TrafiloBuilder<AtomicLong> builder() {
        return Trafilo.<AtomicLong>builder()
                .state(key -> new AtomicLong())
                .handler((event, count) -> count.incrementAndGet())
                .sink((window, count) -> {})
                .errorListener((stage, key, error) -> {})
                .window(Duration.ofMillis(20))
                .slide(Duration.ofMillis(1))
                .workers(2)
                .shards(8)
                .ringCapacity(64);
    }

    @ParameterizedTest
    @EnumSource
    void shouldStopVisiblyWhenMemoryRunsOutIn(Place place) throws InterruptedException {
        OutOfMemoryError error = new OutOfMemoryError("test");
        AtomicInteger calls = new AtomicInteger();
        Trafilo<AtomicLong> engine = builder()
                .idleTimeout(place == Place.DISPOSER ? Duration.ofNanos(1) : Duration.ZERO)
                .parser((buffer, offset, length, out) -> {
                    failIf(place == Place.PARSER, calls, error);
                    FIRST_TOKEN.parse(buffer, offset, length, out);
                })
                .state(key -> {
                    failIf(place == Place.FACTORY, calls, error);
                    return new AtomicLong();
                })
                .handler((event, count) -> {
                    failIf(place == Place.HANDLER, calls, error);
                    if (place == Place.ERROR_LISTENER) {
                        throw new IllegalStateException("injected");
                    }
                })
                .sink((window, count) -> failIf(place == Place.SINK, calls, error))
                .disposer((key, count) -> failIf(place == Place.DISPOSER, calls, error))
                .errorListener((stage, key, reported) -> failIf(place == Place.ERROR_LISTENER, calls, error))
                .build();
        engine.start();
        FullLoad load = new FullLoad(engine);

        Optional<Throwable> failure = TestEngine.run(engine);

        assertThat(failure).containsSame(error);
        assertThat(engine.failure()).containsSame(error);
        load.check();
    }

    private static void failIf(boolean condition, AtomicInteger calls, Error error) {
        if (condition && calls.incrementAndGet() > 20) {
            throw error;
        }
    }

    @RepeatedTest(30)
    void shouldStopVisiblyWhenTheClockThrowsOnAWorker() throws InterruptedException {
        long seed = System.nanoTime();
        System.out.println("shouldStopVisiblyWhenTheClockThrowsOnAWorker: seed " + seed);
        int good = new SplittableRandom(seed).nextInt(3_000);
        IllegalStateException error = new IllegalStateException("injected: clock");
        AtomicInteger calls = new AtomicInteger();
        AtomicBoolean loaded = new AtomicBoolean(); // or an idle worker could close the engine to the listener
        EngineClock real = EngineClock.anchored();
        Trafilo<AtomicLong> engine = builder()
                .clock(() -> {
                    if (loaded.get() && onWorker() && calls.incrementAndGet() > good) {
                        throw error;
                    }
                    return real.epochNanos();
                })
                .parser((buffer, offset, length, out) -> {
                    FIRST_TOKEN.parse(buffer, offset, length, out);
                    if ((buffer[offset + 3] & 1) == 0) {
                        throw new IllegalStateException("injected: parser, after it has named an event");
                    }
                })
                .build();
        engine.start();
        FullLoad load = new FullLoad(engine, 40);
        loaded.set(true);

        assertThat(TestEngine.run(engine)).containsSame(error);

        load.check();
    }

    private static boolean onWorker() {
        return Thread.currentThread().getName().contains("-worker-");
    }

    @Test
    void shouldReleaseEveryBufferWhenBuffersFailAndTheRingIsDiscarded() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        Trafilo<AtomicLong> engine = builder()
                .handler((event, count) -> awaitUninterruptibly(release))
                .closeTimeout(Duration.ZERO)
                .build();
        engine.start();
        FullLoad load = new FullLoad(engine, 2);
        load.awaitRingFull();

        engine.close();

        load.check();
        assertThat(engine.ledger().count(Counter.ABANDONED)).isPositive();
        assertThat(engine.failure()).isEmpty();
        release.countDown();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                // hangs on
            }
        }
    }

    @Test
    void shouldGoOnWithoutSpinningWhenAHandlerLeavesItsThreadInterrupted() {
        AtomicLong handled = new AtomicLong();
        AtomicLong clockReads = new AtomicLong(); // a worker reads the clock each time it wakes up
        EngineClock real = EngineClock.anchored();
        Trafilo<AtomicLong> engine = builder()
                .clock(() -> {
                    clockReads.incrementAndGet();
                    return real.epochNanos();
                })
                .workers(1)
                .emitWhenQuiet(false)
                .handler((event, count) -> {
                    handled.incrementAndGet();
                    Thread.currentThread().interrupt();
                })
                .build();
        engine.start();
        for (int i = 1; i <= 100; i++) {
            engine.offer(FullLoad.message(0), 0, 5);
            int sent = i;
            Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> handled.get() == sent);
        }
        long startNanos = System.nanoTime();
        long readsAtStart = clockReads.get();
        Awaitility.await().until(() -> System.nanoTime() - startNanos > 300_000_000L);
        long reads = clockReads.get() - readsAtStart;
        long elapsedMillis = (System.nanoTime() - startNanos) / 1_000_000;
        assertThat(reads).as("wake-ups in %d ms", elapsedMillis).isLessThan(100 + elapsedMillis);
        engine.close();
        assertThat(engine.ledger().imbalances()).isEmpty();
        assertThat(engine.ledger().count(Counter.HANDLED)).isEqualTo(100);
        assertThat(engine.failure()).isEmpty();
    }

    @Test
    void shouldCloseInOrderWhenDisposersAndListenersLeaveTheirThreadInterrupted() throws InterruptedException {
        Trafilo<AtomicLong> engine = builder()
                .disposer((key, count) -> Thread.currentThread().interrupt())
                .build();
        engine.start();
        ListenerHost.of(engine).openIntake(new TestBufferAccess(), timeout -> Thread.currentThread()
                .interrupt());
        FullLoad load = new FullLoad(engine);
        load.awaitUnderWay();

        engine.close();

        load.check();
        assertThat(engine.failure()).isEmpty();
        assertThat(engine.ledger().count(Counter.ABANDONED)).isZero();
        assertThat(engine.ledger().count(Counter.KEYS_DISPOSED))
                .isEqualTo(engine.ledger().count(Counter.KEYS_CREATED));
    }
}
