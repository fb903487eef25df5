package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.trafilo.Counter;
import io.trafilo.Ledger;
import io.trafilo.Trafilo;
import io.trafilo.TrafiloBuilder;
import io.trafilo.WindowView;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sink that calls the engine that calls it, with the ring full and datagrams coming in. */
@ExtendWith(LeakGuard.class)
@Timeout(120)
class ReentrantSinkTest {
    private static final byte[] ECHO = {'e', ' ', '1'};
    private static final int ENOUGH = 2_000;

    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicInteger windows = new AtomicInteger();
    private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
    private final CountDownLatch closedInside = new CountDownLatch(1);
    private Trafilo<long[]> engine;
    private UdpListener listener;

    private TrafiloBuilder<long[]> builder() {
        return Trafilo.<long[]>builder()
                .state(key -> new long[1])
                .handler((event, count) -> count[0]++)
                .errorListener((stage, key, error) -> errors.add(error))
                .window(Duration.ofMillis(20))
                .slide(Duration.ofMillis(1))
                .ringCapacity(8)
                .workers(2);
    }

    /** On a worker, and on the listener's own thread. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAnswerAndNotDeadlockWhenTheSinkEmitsLooksAndCloses(boolean runToCompletion) throws Exception {
        engine = builder().sink(this::reenter).build();
        engine.start();
        try (UdpListener open = UdpListener.builder(engine)
                        .bind("127.0.0.1", 0)
                        .runToCompletion(runToCompletion)
                        .start();
                SteadyLoad load = new SteadyLoad(open.address(), 4, 0)) {
            engine.run();
            assertThat(closedInside.await(30, TimeUnit.SECONDS)).isTrue();
            Ledger ledger = engine.ledger();
            assertThat(ledger.imbalances()).isEmpty();
            assertThat(ledger.count(Counter.RECEIVED) + ledger.count(Counter.KERNEL_DROPPED))
                    .isLessThanOrEqualTo(load.stop());
            assertThat(ledger.count(Counter.OFFERED)).isEqualTo(taken.get()).isPositive();
            assertThat(ledger.count(Counter.OFFER_REFUSED))
                    .isEqualTo(refused.get())
                    .isPositive();
            assertThat(ledger.count(Counter.DELIVERED)).isEqualTo(windows.get());
            assertThat(ledger.count(Counter.SINK_FAILED)
                            + ledger.count(Counter.ABANDONED)
                            + ledger.count(Counter.DISCARDED_AT_CLOSE))
                    .isZero();
            assertThat(errors).isEmpty();
            assertThat(TestEngine.listenerThreads()).isEmpty();
        }
    }

    private void reenter(WindowView window, long[] count) {
        for (int i = 0; i < 10; i++) { // more than the ring takes
            (engine.offer(ECHO, 0, ECHO.length) ? taken : refused).incrementAndGet();
        }
        assertThat(catchThrowable(() -> engine.read(window.key(), state -> state[0])))
                .isInstanceOf(IllegalStateException.class);
        assertThat(catchThrowable(() -> engine.forEachKey((key, state) -> {})))
                .isInstanceOf(IllegalStateException.class);
        assertThat(engine.ledger().count(Counter.EMISSIONS_DUE)).isPositive();
        if (windows.incrementAndGet() == ENOUGH) {
            engine.close();
            closedInside.countDown();
        }
    }

    /** The listener's thread waits for room in the ring, and so for this very sink. */
    @Test
    void shouldReturnInTimeWhenTheSinkClosesTheListenerThatWaitsForIt() {
        engine = builder().sink(this::closeListener).workers(1).build();
        engine.start();
        listener = UdpListener.builder(engine)
                .bind("127.0.0.1", 0)
                .closeTimeout(Duration.ofMillis(200))
                .start();
        long sent;
        try (Trafilo<long[]> closing = engine;
                SteadyLoad load = new SteadyLoad(listener.address(), 4, 0)) {
            await().atMost(TestEngine.PATIENCE).until(() -> closedInside.getCount() == 0);
            sent = load.stop();
            await().atMost(TestEngine.PATIENCE)
                    .until(() -> TestEngine.listenerThreads().isEmpty());
            assertThat(closing.isRunning()).isTrue();
            await().atMost(TestEngine.PATIENCE).until(() -> closing.offer(ECHO, 0, ECHO.length));
        }
        Ledger ledger = engine.ledger();
        assertThat(ledger.imbalances()).isEmpty();
        assertThat(ledger.count(Counter.DISCARDED_AT_CLOSE)).isPositive();
        assertThat(ledger.count(Counter.RECEIVED) + ledger.count(Counter.KERNEL_DROPPED))
                .isLessThanOrEqualTo(sent);
        // on a busy machine its thread may end after that time, which is reported, too
        assertThat(errors)
                .allMatch(error -> error.getMessage().startsWith("close: a thread of the listener did not end"));
    }

    private void closeListener(WindowView window, long[] count) {
        if (windows.incrementAndGet() == ENOUGH) {
            await().atMost(TestEngine.PATIENCE)
                    .until(() -> engine.ringFill() >= engine.settings().ringCapacity());
            listener.close();
            closedInside.countDown();
        }
    }
}
