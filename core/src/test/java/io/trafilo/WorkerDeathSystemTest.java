package io.trafilo;

import static io.trafilo.testing.Parts.field;
import static io.trafilo.testing.Parts.partOf;
import static io.trafilo.testing.TestEngine.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.dispatch.MessageRing;
import io.trafilo.dispatch.StuckPublisher;
import io.trafilo.ledger.Counter;
import io.trafilo.ledger.LedgerBook;
import io.trafilo.spi.BufferAccess;
import io.trafilo.testing.TestBuffer;
import io.trafilo.testing.TestEngine;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An error in the handling of another one leads out of a worker's thread: what it held is counted, and it has a successor. */
@Timeout(60)
class WorkerDeathSystemTest {
    private static final int MAX_CLAIM = 8;
    private static final int RING = 16;
    private static final String WORKER = "dies-worker-0";

    private final AtomicReference<@Nullable RuntimeException> first = new AtomicReference<>();
    private final AtomicInteger deadly = new AtomicInteger();
    private volatile Throwable deadlyError = new OnPurpose();
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private final AtomicReference<String> handledOn = new AtomicReference<>();
    private TestEngine test;

    /** Instead of a map that cannot grow for want of memory: where the error listener is about to be called. */
    private final ThreadLocal<Boolean> failing = new ThreadLocal<>() {
        @Override
        public Boolean get() {
            if (onWorker() && deadly.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                throw sneaky(deadlyError);
            }
            return super.get();
        }
    };

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneaky(Throwable error) throws E {
        throw (E) error;
    }

    private static boolean onWorker() {
        return Thread.currentThread().getName().equals(WORKER);
    }

    private long clock() {
        RuntimeException error = onWorker() && go.getCount() == 0 ? first.getAndSet(null) : null;
        if (error != null) {
            throw error;
        }
        return TestEngine.START_NANOS;
    }

    /** An engine whose only worker is in a callback, and so leaves the ring alone. */
    private void start(Duration stallTimeout) throws Exception {
        test = TestEngine.start(builder -> builder.name("dies")
                .maxClaim(MAX_CLAIM)
                .ringCapacity(RING)
                .stallTimeout(stallTimeout)
                .clock(this::clock)
                .handler((event, state) -> {
                    handledOn.set(Thread.currentThread().getName());
                    inside.countDown();
                    await(go);
                }));
        Object engine = partOf(test.engine(), "engine");
        Object errors = partOf(engine, "errors");
        field(errors, "telling").set(errors, failing);
        test.emit("key 1");
        inside.await();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isAlive(String threadName) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(threadName));
    }

    private void checkGoesOn(long abandoned) {
        String substitute = WORKER + "-substitute-1";
        until(() -> !isAlive(WORKER) && isAlive(substitute));
        for (int i = 0; i < 5 * RING; i++) { // several times round
            test.emit("key 1");
            until(() -> {
                Ledger ledger = test.ledger();
                return ledger.handled() + ledger.abandoned() == ledger.emitted() + ledger.published();
            });
        }
        assertThat(handledOn).hasValue(substitute);
        assertThat(test.engine().failure()).isEmpty();
        test.close();
        assertThat(test.ledger().abandoned()).isEqualTo(abandoned);
        assertThat(test.ledger().imbalances()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldHaveASuccessorAndLeaveNoGapInTheRing(int errorsInARow) throws Exception {
        start(Duration.ofMillis(errorsInARow == 1 ? 500_000 : 200)); // the guard has to tell of the second
        for (int i = 0; i < RING; i++) {
            test.emit("key 1");
        }
        first.set(new OnPurpose());
        deadly.set(errorsInARow);
        go.countDown();

        checkGoesOn(0);

        until(() -> test.errors.size() == 1);
        assertThat(test.errors.get(0).stage()).isEqualTo(Stage.ENGINE);
        assertThat(test.errors.get(0).error()).isSameAs(deadlyError);
    }

    /** The run is copied out half: a message that cannot be copied, then buffers that cannot be released. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldCountTheRunInHandOnceWhenItDiesInTheMiddleOfCounting(int errorsInARow) throws Exception {
        start(Duration.ofMillis(200));
        StuckPublisher publisher = new StuckPublisher((MessageRing) partOf(partOf(test.engine(), "engine"), "ring"));
        ((LedgerBook) partOf(partOf(test.engine(), "engine"), "book")).shared().addShared(Counter.EMITTED, 1);
        publisher.publishUnreadable();
        TestBuffer[] buffers = TestBuffer.copies(3, "key 1");
        TestBuffer[] sent = buffers.clone();
        var intake = test.engine().openIntake(new FailingRelease(), timeout -> {});
        intake.publish(buffers, buffers.length, TestEngine.START_NANOS);
        intake.close();
        deadly.set(errorsInARow);
        go.countDown();

        checkGoesOn(1 + sent.length);

        for (TestBuffer buffer : sent) {
            assertThat(buffer.releases()).isEqualTo(1);
        }
        assertThat(deadly).hasValue(0);
        until(() -> test.errors.stream().anyMatch(heard -> heard.error() == deadlyError));
    }

    private static final class FailingRelease implements BufferAccess<TestBuffer> {
        @Override
        public int length(TestBuffer buffer) {
            return TestBuffer.ACCESS.length(buffer);
        }

        @Override
        public void copyTo(TestBuffer buffer, byte[] destination, int offset) {
            TestBuffer.ACCESS.copyTo(buffer, destination, offset);
        }

        @Override
        public void release(TestBuffer buffer) {
            TestBuffer.ACCESS.release(buffer);
            throw new OnPurpose();
        }
    }

    @Test
    void shouldStopVisiblyWhenItDiesOfWhatMustStopTheEngine() throws Exception {
        start(Duration.ofSeconds(50));
        for (int i = 0; i < RING; i++) {
            test.emit("key 1");
        }
        deadlyError = new OutOfMemoryError("on purpose");
        first.set(new OnPurpose());
        deadly.set(1);
        go.countDown();

        assertThat(test.engine().run()).containsSame(deadlyError);

        assertThat(test.ledger().imbalances()).isEmpty();
        assertThat(test.ledger().emitted()).isEqualTo(1 + RING);
        assertThat(isAlive(WORKER)).isFalse();
        until(() -> test.errors.size() == 1);
        assertThat(test.errors.get(0).error()).isSameAs(deadlyError);
    }
}
