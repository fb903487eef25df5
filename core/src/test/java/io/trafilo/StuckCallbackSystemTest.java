package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.spi.ListenerHost;
import io.trafilo.testing.TestEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Closing an engine in which a callback hangs, with the ring full behind it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StuckCallbackSystemTest {
    enum Place {
        PARSER,
        FACTORY,
        HANDLER,
        SINK,
        DISPOSER_OF_IDLE_KEY
    }

    enum OnInterrupt {
        RETURN,
        HANG_ON
    }

    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch stuck = new CountDownLatch(1);
    private final AtomicLong created = new AtomicLong();
    private final AtomicLong disposed = new AtomicLong();

    @AfterEach
    void releaseAll() {
        release.countDown();
    }

    static List<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (Place place : Place.values()) {
            for (OnInterrupt onInterrupt : OnInterrupt.values()) {
                for (int timeoutMillis : new int[] {0, 100}) {
                    cases.add(Arguments.of(place, onInterrupt, timeoutMillis));
                }
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldCloseInTimeWhenStuck(Place place, OnInterrupt onInterrupt, int timeoutMillis)
            throws InterruptedException {
        Trafilo<AtomicLong> engine = builder(place, onInterrupt)
                .closeTimeout(Duration.ofMillis(timeoutMillis))
                .build();
        engine.start();
        FullLoad load = new FullLoad(engine, 50);
        stuck.await();
        load.awaitRingFull();

        engine.close();

        Ledger ledger = engine.ledger();
        load.check();
        assertThat(ledger.count(Counter.ABANDONED)).isPositive();
        checkNothingChangesWhenReleased(engine);
    }

    private void checkNothingChangesWhenReleased(Trafilo<AtomicLong> engine) {
        Map<String, Long> atClose = engine.ledger().asMap();
        long createdAtClose = created.get();
        release.countDown();
        Awaitility.await().until(() -> workersOf("stuck").isEmpty());
        assertThat(engine.ledger().asMap()).isEqualTo(atClose);
        assertThat(created.get()).as("states made after the close").isEqualTo(createdAtClose);
        assertThat(disposed.get()).as("states disposed of").isLessThanOrEqualTo(created.get());
    }

    private static List<String> workersOf(String engine) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(engine + "-worker-"))
                .toList();
    }

    private TrafiloBuilder<AtomicLong> builder(Place place, OnInterrupt onInterrupt) {
        return Trafilo.<AtomicLong>builder()
                .name("stuck")
                .workers(2)
                .shards(4)
                .ringCapacity(64)
                .maxClaim(8)
                .window(Duration.ofMillis(20))
                .slide(Duration.ofMillis(1))
                .idleTimeout(place == Place.DISPOSER_OF_IDLE_KEY ? Duration.ofNanos(1) : Duration.ZERO)
                .parser((buffer, offset, length, out) -> {
                    hangIf(place == Place.PARSER && created.get() > 10, onInterrupt);
                    EventParser.firstToken().parse(buffer, offset, length, out);
                })
                .state(key -> {
                    hangIf(created.incrementAndGet() == 30 && place == Place.FACTORY, onInterrupt);
                    return new AtomicLong();
                })
                .handler((event, count) -> hangIf(place == Place.HANDLER && count.incrementAndGet() > 20, onInterrupt))
                .sink((window, count) -> hangIf(place == Place.SINK && window.total() > 20, onInterrupt))
                .disposer((key, count) -> {
                    disposed.incrementAndGet();
                    hangIf(place == Place.DISPOSER_OF_IDLE_KEY && onWorker(), onInterrupt);
                })
                .errorListener((stage, key, error) -> {});
    }

    private static boolean onWorker() {
        return Thread.currentThread().getName().contains("-worker-");
    }

    private void hangIf(boolean condition, OnInterrupt onInterrupt) {
        if (!condition) {
            return;
        }
        stuck.countDown();
        while (release.getCount() > 0) {
            try {
                release.await();
            } catch (InterruptedException e) {
                if (onInterrupt == OnInterrupt.RETURN) {
                    return;
                }
            }
        }
    }

    @Test
    void shouldReturnWhenTheDisposerHangsInTheClose() throws InterruptedException {
        Trafilo<AtomicLong> engine = builder(Place.DISPOSER_OF_IDLE_KEY, OnInterrupt.HANG_ON)
                .idleTimeout(Duration.ZERO)
                .disposer((key, count) -> hangIf(true, OnInterrupt.HANG_ON))
                .closeTimeout(Duration.ofMillis(100))
                .build();
        engine.start();
        FullLoad load = new FullLoad(engine);
        load.awaitUnderWay();

        engine.close();

        assertThat(TestEngine.run(engine)).as("run returns as well").isEmpty();
        load.awaitEnd();
        assertThat(engine.ledger().imbalances()).isEmpty();
        Awaitility.await().until(() -> load.listener.access.released.get() == load.listener.sent.get());
    }

    @Test
    void shouldDrainWhenTheHandleOfAListenerHangs() throws InterruptedException {
        Trafilo<AtomicLong> engine = builder(Place.HANDLER, OnInterrupt.HANG_ON)
                .handler((event, count) -> count.incrementAndGet())
                .closeTimeout(Duration.ofSeconds(1))
                .build();
        engine.start();
        ListenerHost.of(engine).openIntake(new TestBufferAccess(), timeout -> hangIf(true, OnInterrupt.HANG_ON));
        FullLoad load = new FullLoad(engine);
        load.awaitUnderWay();

        engine.close();

        assertThat(TestEngine.run(engine)).as("run returns as well").isEmpty();
        load.check();
    }

    @Test
    void shouldDrainWhenTheHandleOfAListenerThrows() throws InterruptedException {
        AtomicLong errors = new AtomicLong();
        Trafilo<AtomicLong> engine = builder(Place.HANDLER, OnInterrupt.HANG_ON)
                .handler((event, count) -> count.incrementAndGet())
                .errorListener((stage, key, error) -> {
                    if (stage == ErrorListener.Stage.LISTENER
                            && error.getMessage().equals("injected")) {
                        errors.incrementAndGet();
                    }
                })
                .build();
        engine.start();
        ListenerHost.of(engine).openIntake(new TestBufferAccess(), timeout -> {
            throw new IllegalStateException("injected");
        });
        FullLoad load = new FullLoad(engine);
        load.awaitUnderWay();

        engine.close();

        load.check();
        Awaitility.await().untilAsserted(() -> assertThat(errors).hasValue(1)); // reports may come after the close
        assertThat(engine.ledger().count(Counter.ABANDONED)).isZero();
        assertThat(engine.failure()).isEmpty();
    }
}
