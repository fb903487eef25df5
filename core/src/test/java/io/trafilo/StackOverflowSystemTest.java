package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.testing.TestEngine;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/** Threads of the application whose stack overflows inside the engine, at each place where it can. */
@Timeout(60)
class StackOverflowSystemTest {
    private static final long STACK_BYTES = 256 * 1024;
    private static final int DESCENTS = 20;

    /** How many frames above the end of the stack make the call. Some are too deep for it, and some are not. */
    private static final int TRIES = 400;

    private final AtomicInteger overflows = new AtomicInteger();

    /** Calls at every depth near the end of the stack, on the way back from it. */
    @SuppressWarnings("InfiniteRecursion") // on purpose
    private int descend(Runnable call) {
        int above = 0;
        try {
            above = descend(call) + 1;
        } catch (StackOverflowError end) {
            // this is where the stack ends
        }
        if (above < TRIES) {
            try {
                call.run();
            } catch (StackOverflowError expected) {
                overflows.incrementAndGet();
            }
        }
        return above;
    }

    private void descendOnAThread(Runnable call) throws InterruptedException {
        Thread thread = new Thread(
                null,
                () -> {
                    for (int i = 0; i < DESCENTS; i++) {
                        descend(call);
                    }
                },
                "deep",
                STACK_BYTES);
        thread.start();
        thread.join();
    }

    @RepeatedTest(3)
    void shouldGoOnWhenAStackOverflowsInsideOffer() throws InterruptedException {
        try (TestEngine test = TestEngine.start(builder -> builder.stallTimeout(Duration.ofMillis(20)))) {
            byte[] message = {'k', ' ', '1'};
            AtomicLong taken = new AtomicLong();
            descendOnAThread(() -> {
                if (test.engine().offer(message, 0, message.length)) {
                    taken.incrementAndGet();
                }
            });
            assertThat(overflows).hasPositiveValue();
            TestEngine.until(() -> test.engine().offer(message, 0, message.length));
            TestEngine.until(() -> test.engine().ringFill() == 0);
            test.engine().close();
            Ledger ledger = test.engine().ledger();
            assertThat(ledger.imbalances()).isEmpty();
            assertThat(ledger.count(Counter.ABANDONED)).isZero();
            assertThat(ledger.count(Counter.HANDLED)).isEqualTo(ledger.count(Counter.OFFERED));
            assertThat(ledger.count(Counter.OFFERED)).isGreaterThan(taken.get());
        }
    }

    @RepeatedTest(3)
    void shouldHoldNoShardWhenAStackOverflowsInsideRead() throws InterruptedException {
        try (TestEngine test = TestEngine.start(builder -> builder.shards(1).stallTimeout(Duration.ofMillis(20)))) {
            test.send("k 1");
            descendOnAThread(() -> {
                test.engine().read(Key.of("k"), AtomicLong::get);
                test.engine().forEachKey((key, state) -> {});
            });
            assertThat(overflows).hasPositiveValue();
            test.send("k 1");
            assertThat(test.engine().read(Key.of("k"), AtomicLong::get)).contains(2L);
        }
    }
}
