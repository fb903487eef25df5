package io.trafilo.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.Counter;
import io.trafilo.EngineFailedException;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.EventHandler;
import io.trafilo.StateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Workers on a ring, without the engine around them. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WorkerPoolTest {
    private final TestPool test = new TestPool();

    /** How often the engine cannot even take note of an error that must stop it, which leads out of the callback's run. */
    private int failuresLeft = 1;

    private final List<Throwable> failures = new ArrayList<>();
    private final List<Throwable> reported = new CopyOnWriteArrayList<>();

    private void failAgain(Throwable error) {
        failures.add(error);
        if (failuresLeft-- > 0) {
            throw new IllegalStateException("injected: in the engine's own code", error);
        }
    }

    private void make(int workers, int maxClaim, StateFactory<String> factory, EventHandler<String> handler) {
        test.workers = workers;
        test.maxClaim = maxClaim;
        test.factory = factory;
        test.handler = handler;
        test.errorListener = (stage, key, error) -> {
            if (stage == Stage.ENGINE) {
                reported.add(error);
            }
        };
        test.stop = this::failAgain;
        test.make();
    }

    private void checkSums(int messages, int events) {
        assertThat(test.book.sum(Counter.OFFERED)).isEqualTo(messages);
        assertThat(test.book.sum(Counter.PARSED) + test.book.sum(Counter.ABANDONED))
                .isEqualTo(messages);
        assertThat(test.book.sum(Counter.EVENTS)).isEqualTo(events);
        assertThat(test.book.sum(Counter.HANDLED)
                        + test.book.sum(Counter.HANDLER_FAILED)
                        + test.book.sum(Counter.KEY_REFUSED))
                .isEqualTo(events);
    }

    @Test
    void shouldGiveEveryEventAnOutcomeWhenAWorkerFailsBehindAHandler() {
        make(1, 8, key -> "", (event, state) -> {
            if (event.payloadByte(0) == 3) {
                throw new OutOfMemoryError("test");
            }
        });
        test.offer(1, 2);
        test.offer(1, 2, 3, 4, 5);
        test.offer(6);
        test.pool.start();
        test.end();
        checkSums(3, 7);
        assertThat(test.book.sum(Counter.HANDLED)).isEqualTo(4);
        assertThat(test.book.sum(Counter.HANDLER_FAILED)).isEqualTo(3);
        assertThat(test.book.sum(Counter.ABANDONED)).isEqualTo(1);
    }

    @Test
    void shouldGiveEveryEventAnOutcomeWhenAWorkerFailsBehindAStateFactory() {
        make(
                1,
                8,
                key -> {
                    if (key.byteAt(0) == 3) {
                        throw new OutOfMemoryError("test");
                    }
                    return "";
                },
                (event, state) -> {});
        test.offer(1, 2, 3, 4, 5);
        test.pool.start();
        test.end();
        checkSums(1, 5);
        assertThat(test.book.sum(Counter.HANDLED)).isEqualTo(2);
        assertThat(test.book.sum(Counter.HANDLER_FAILED)).isEqualTo(3);
    }

    @Test
    void shouldCountEachRunOnceAndGoOnWhenAWorkerFailsAgainAndAgain() {
        failuresLeft = Integer.MAX_VALUE;
        make(1, 1, key -> "", (event, state) -> {
            if (event.payloadByte(0) == 3) {
                throw new OutOfMemoryError("test");
            }
        });
        for (int i = 0; i < 10; i++) {
            test.offer(1, 2, 3, 4, 5);
            test.offer(6);
        }
        test.pool.start();
        test.end();
        checkSums(20, 60);
        assertThat(test.book.sum(Counter.HANDLED)).isEqualTo(10 * 3);
        assertThat(test.book.sum(Counter.HANDLER_FAILED)).isEqualTo(10 * 3);
        assertThat(test.book.sum(Counter.ABANDONED)).isZero();
        assertThat(reported).hasSize(10).allMatch(error -> error instanceof IllegalStateException);
    }

    @Test
    void shouldForgetTheEventInHandWhenAWorkerFailsTwiceInARow() {
        make(
                1,
                1,
                key -> {
                    throw new OutOfMemoryError("test");
                },
                (event, state) -> {});
        test.offer(1);
        test.offer(2);
        test.ring.slot(1).length = Integer.MAX_VALUE; // cannot be copied out
        test.pool.start();
        test.end();
        checkSums(2, 1);
        assertThat(reported).hasSize(2);
    }

    @Test
    void shouldStopTheEngineWhenAWorkerFailsForTheSeventeenthTime() {
        failuresLeft = 17;
        make(1, 1, key -> "", (event, state) -> {
            throw new OutOfMemoryError("test");
        });
        for (int i = 0; i < 20; i++) {
            test.offer(1);
        }
        test.pool.start();
        Awaitility.await().until(test.pool::ended);
        test.end();
        checkSums(20, 17);
        assertThat(reported).hasSize(17);
        assertThat(reported.get(16)).isInstanceOf(EngineFailedException.class);
        assertThat(failures.get(17))
                .as("the error that led out of the run")
                .isSameAs(reported.get(16).getCause());
        assertThat(test.book.sum(Counter.ABANDONED)).isEqualTo(3);
    }

    @Test
    void shouldLeaveNoGapInTheRingWhenAWorkerFailsBetweenTwoMessagesOfARun() {
        make(1, 8, key -> "", (event, state) -> {});
        test.offer(1);
        test.offer(2);
        test.offer(3);
        test.offer(4);
        test.ring.slot(1).length = Integer.MAX_VALUE; // cannot be copied out
        test.pool.start();
        Awaitility.await().until(() -> test.book.sum(Counter.ABANDONED) == 4);
        Awaitility.await().until(() -> !reported.isEmpty());
        assertThat(reported).singleElement().isInstanceOf(IndexOutOfBoundsException.class);
        for (int i = 1; i <= 3 * test.ring.capacity(); i++) {
            test.offer(5);
            int handled = i;
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> test.book.sum(Counter.HANDLED) == handled);
        }
        test.end();
        checkSums(4 + 3 * test.ring.capacity(), 3 * test.ring.capacity());
    }

    @Test
    void shouldDiscardWhatIsThereAndNotWaitForAPublisherWhenTimeIsUp() {
        make(1, 8, key -> "", (event, state) -> {});
        for (int i = 0; i < 20; i++) {
            test.offer(1);
        }
        StuckPublisher publisher = new StuckPublisher(test.ring);
        test.offer(1);
        test.ring.seal();
        test.pool.abandonRest(System.nanoTime() - TestPool.SECOND_NANOS);
        assertThat(test.book.sum(Counter.ABANDONED)).isEqualTo(20);
        publisher.publish();
        test.pool.abandonRest(System.nanoTime() - TestPool.SECOND_NANOS);
        assertThat(test.book.sum(Counter.ABANDONED)).isEqualTo(22);
        assertThat(test.ring.drained()).isTrue();
    }

    @Test
    void shouldLeaveTheProcessorToOthersWhileItWaitsForAPublisher() throws InterruptedException {
        make(1, 8, key -> "", (event, state) -> {});
        StuckPublisher publisher = new StuckPublisher(test.ring);
        test.offer(1);
        test.ring.seal();
        Thread guard = new Thread(() -> test.pool.abandonRest(System.nanoTime() + 50 * TestPool.SECOND_NANOS));
        guard.start();
        Awaitility.await().until(() -> guard.getState() == Thread.State.TIMED_WAITING);
        assertThat(test.ring.drained()).isFalse();
        publisher.publish();
        guard.join();
        assertThat(test.book.sum(Counter.ABANDONED)).isEqualTo(2);
        assertThat(test.ring.drained()).isTrue();
    }

    @Test
    void shouldSpreadASmallBacklogOverAllWorkers() {
        int workers = 4;
        CountDownLatch allAreIn = new CountDownLatch(workers);
        AtomicInteger inTime = new AtomicInteger();
        test.parser = (buffer, offset, length, out) -> {
            allAreIn.countDown();
            try {
                if (allAreIn.await(30, TimeUnit.SECONDS)) {
                    inTime.incrementAndGet();
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            TestPool.BYTES.parse(buffer, offset, length, out);
        };
        make(workers, 64, key -> "", (event, state) -> {});
        for (int key = 0; key < workers; key++) {
            test.offer(key);
        }
        test.pool.start();
        test.end();
        assertThat(inTime).as("parsed at the same time").hasValue(workers);
        checkSums(workers, workers);
    }
}
