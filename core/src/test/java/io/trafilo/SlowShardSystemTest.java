package io.trafilo;

import static io.trafilo.testing.TestEngine.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.testing.TestEngine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callbacks that follow one another hold a shard for longer than the stall timeout, but none of them takes that long. */
@Tag("slow")
@Timeout(60)
class SlowShardSystemTest {
    private static final Duration STALL_TIMEOUT = Duration.ofMillis(600);
    private static final int KEYS = 40;
    private static final long SHORT_MILLIS = 30;

    /** Three times this is longer than the timeout. */
    private static final long LONG_MILLIS = 250;

    private final CountDownLatch never = new CountDownLatch(1);
    private final List<Stall> stalls = new CopyOnWriteArrayList<>();
    private final AtomicInteger slow = new AtomicInteger();
    private volatile long millis;

    private TestEngine start(Consumer<TrafiloBuilder<AtomicLong>> settings) {
        return TestEngine.start(builder -> {
            builder.workers(2).stallTimeout(STALL_TIMEOUT).stallListener(stalls::add);
            settings.accept(builder);
        });
    }

    private void takeTime() {
        if (millis == 0) {
            return;
        }
        slow.incrementAndGet();
        try {
            assertThat(never.await(millis, TimeUnit.MILLISECONDS)).isFalse();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void addKeys(TestEngine test) {
        for (int i = 0; i < KEYS; i++) {
            test.offer("key" + i + " 1");
        }
        test.awaitHandled();
    }

    private void check(TestEngine test, int events) {
        until(() -> test.ledger().count(Counter.HANDLED) + test.ledger().count(Counter.STALLED) == events);
        millis = 0;
        test.close();
        assertThat(test.ledger().count(Counter.STALLED)).isZero();
        assertThat(test.ledger().imbalances()).isEmpty();
        assertThat(stalls).isEmpty();
    }

    private void emitWhileTimersGoOff(TestEngine test) {
        addKeys(test);
        millis = SHORT_MILLIS;
        test.clock.advance(TestEngine.SLIDE.multipliedBy(2));
        until(() -> slow.get() > 0);

        test.offer("key0 1");

        check(test, KEYS + 1);
    }

    @Test
    void shouldHandleAnEventThatWaitsForTheSinksOfManyTimers() {
        TestEngine test = start(builder -> builder.sink((window, state) -> takeTime()));
        emitWhileTimersGoOff(test);
    }

    @Test
    void shouldHandleAnEventThatWaitsForTheDisposersOfManyTimers() {
        TestEngine test = start(builder ->
                builder.emitWhenQuiet(false).idleTimeout(TestEngine.SLIDE).disposer((key, state) -> takeTime()));
        emitWhileTimersGoOff(test);
    }

    @Test
    void shouldHandleAnEventThatWaitsForAVisitOfAllKeys() throws InterruptedException {
        TestEngine test = start(builder -> {});
        addKeys(test);
        millis = SHORT_MILLIS;
        Thread visitor = new Thread(() -> test.engine().forEachKey((key, state) -> takeTime()));
        visitor.start();
        until(() -> slow.get() > 0);

        test.offer("key0 1");

        check(test, KEYS + 1);
        visitor.join();
    }

    @Test
    void shouldHandleAnEventThatWaitsForFactoryHandlerAndSinkOfAnother() {
        TestEngine test = TestEngine.start(builder -> builder.workers(2)
                .stallTimeout(STALL_TIMEOUT)
                .stallListener(stalls::add)
                .state(key -> {
                    takeTime();
                    return new AtomicLong();
                })
                .handler((event, state) -> takeTime())
                .sink((window, state) -> takeTime()));
        millis = LONG_MILLIS;
        test.offer("key0 1");
        until(() -> slow.get() > 0);

        test.offer("key1 1");

        check(test, 2);
    }
}
