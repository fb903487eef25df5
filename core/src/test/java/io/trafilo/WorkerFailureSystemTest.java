package io.trafilo;

import static io.trafilo.testing.TestEngine.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.testing.Gate;
import io.trafilo.testing.OnPurpose;
import io.trafilo.testing.TestEngine;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An error of the engine's own leads out of a worker's duty cycle: what it held is counted, and the worker begins anew. */
@Timeout(60)
class WorkerFailureSystemTest {
    private static final int MAX_CLAIM = 8;

    private final AtomicReference<RuntimeException> thrown = new AtomicReference<>();
    private final Set<Thread> handledOn = ConcurrentHashMap.newKeySet();

    /** How often a worker may look before what was given is thrown, once; for the worker itself. */
    private final AtomicInteger looksLeft = new AtomicInteger();

    /** Only the first worker, not a substitute of it, gets to know. */
    private long clock() {
        if (Thread.currentThread().getName().endsWith("-worker-0")
                && thrown.get() != null
                && looksLeft.getAndDecrement() == 0) {
            throw thrown.getAndSet(null);
        }
        return TestEngine.START_NANOS;
    }

    private TestEngine start() {
        return TestEngine.start(builder -> builder.name("fails")
                .maxClaim(MAX_CLAIM)
                .ringCapacity(16)
                .clock(this::clock)
                .handler((event, state) -> {
                    handledOn.add(Thread.currentThread());
                    state.incrementAndGet();
                }));
    }

    @Test
    void shouldGoOnOnTheSameThreadWhenItFailsBetweenRuns() {
        TestEngine test = start();
        for (int i = 1; i <= 10; i++) {
            test.send("key 1");
            RuntimeException error = new OnPurpose();
            looksLeft.set(0);
            thrown.set(error);
            int errors = i;
            until(() -> test.errors.size() == errors);
            assertThat(test.errors.get(i - 1).stage()).isEqualTo(Stage.ENGINE);
            assertThat(test.errors.get(i - 1).error()).isSameAs(error);
        }
        test.send("key 1");
        assertThat(handledOn).hasSize(1);
        test.close();
        assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(11);
        assertThat(test.ledger().count(Counter.ABANDONED)).isZero();
        assertThat(test.ledger().imbalances()).isEmpty();
        assertThat(test.engine().failure()).isEmpty();
    }

    /** While the worker is in a callback, the ring fills; then the clock throws at the first look for the next run. */
    @Test
    void shouldCountTheRunInHandOnceAndLeaveNoGapInTheRing() {
        Gate inside = new Gate();
        Gate go = new Gate();
        AtomicBoolean first = new AtomicBoolean(true);
        TestEngine test = TestEngine.start(builder -> builder.maxClaim(MAX_CLAIM)
                .ringCapacity(16)
                .clock(this::clock)
                .handler((event, state) -> {
                    if (first.getAndSet(false)) {
                        inside.open();
                        go.pass();
                        looksLeft.set(1); // one after the run, then that of the next
                        thrown.set(new OnPurpose());
                    }
                }));
        test.offer("key 1");
        inside.pass();
        for (int i = 0; i < 16; i++) {
            test.offer("key 1");
        }
        go.open();
        until(() -> test.errors.size() == 1);
        until(() -> test.ledger().count(Counter.HANDLED) == 1 + 16 - MAX_CLAIM);
        assertThat(test.ledger().count(Counter.ABANDONED)).isEqualTo(MAX_CLAIM);
        for (int i = 1; i <= 100; i++) { // many times round
            test.offer("key 1");
            int handled = 1 + 16 - MAX_CLAIM + i;
            until(() -> test.ledger().count(Counter.HANDLED) == handled);
        }
        test.close();
        assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(1 + 16 - MAX_CLAIM + 100);
        assertThat(test.ledger().count(Counter.ABANDONED)).isEqualTo(MAX_CLAIM);
        assertThat(test.ledger().imbalances()).isEmpty();
        assertThat(test.engine().failure()).isEmpty();
    }

    @Test
    void shouldEndWhenItFailsAfterItHasLostItsSeat() throws InterruptedException {
        Hangs hangs = new Hangs();
        TestEngine test = TestEngine.start(builder -> builder.name("fails")
                .stallTimeout(Duration.ofMillis(200))
                .stallListener(stall -> {})
                .clock(this::clock)
                .handler((event, state) -> {
                    if (event.key().toString().startsWith(Hangs.PREFIX)) {
                        hangs.at(event.key().toString());
                        thrown.set(new OnPurpose());
                    }
                }));
        test.offer("hang1 1");
        hangs.await("hang1");
        test.offer("key 1");
        until(() -> test.ledger().count(Counter.HANDLED) + test.ledger().count(Counter.STALLED) == 1);
        hangs.letGoAll();
        until(() -> test.errors.size() == 1);
        until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("fails-worker-0")));
        test.send("key 1");
        test.close();
        assertThat(test.ledger().count(Counter.HANDLED) + test.ledger().count(Counter.STALLED))
                .isEqualTo(3);
        assertThat(test.ledger().imbalances()).isEmpty();
        assertThat(test.engine().failure()).isEmpty();
    }
}
