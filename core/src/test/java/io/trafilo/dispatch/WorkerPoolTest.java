package io.trafilo.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.EngineClock;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.EventHandler;
import io.trafilo.EventParser;
import io.trafilo.StateFactory;
import io.trafilo.WaitMode;
import io.trafilo.ledger.Counter;
import io.trafilo.ledger.LedgerBook;
import io.trafilo.ledger.LossHistory;
import io.trafilo.state.Callbacks;
import io.trafilo.state.ErrorReporter;
import io.trafilo.state.KeyHash;
import io.trafilo.state.Shards;
import io.trafilo.state.WindowRules;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Workers on a ring, without the engine around them. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WorkerPoolTest {
    private static final long SECOND_NANOS = 1_000_000_000L;

    /** Each byte of a message is the key of an event. */
    private static final EventParser BYTES = (buffer, offset, length, out) -> {
        for (int i = 0; i < length; i++) {
            out.event(offset + i, 1, offset + i, 1);
        }
    };

    private final LedgerBook book = new LedgerBook();
    private EventParser parser = BYTES;
    private MessageRing ring;
    private WorkerPool<String> pool;

    /** How often the engine cannot even take note of an error that must stop it, which leads out of the callback's run. */
    private int failuresLeft = 1;

    private final List<Throwable> failures = new ArrayList<>();
    private final List<Throwable> reported = new ArrayList<>();

    private void failAgain(Throwable error) {
        failures.add(error);
        if (failuresLeft-- > 0) {
            throw new IllegalStateException("injected: in the engine's own code", error);
        }
    }

    private void make(int workers, int maxClaim, StateFactory<String> factory, EventHandler<String> handler) {
        EngineClock clock = EngineClock.anchored();
        WorkCursor cursor = new WorkCursor(workers, maxClaim);
        Parking parking = new Parking(workers);
        ring = new MessageRing(64, cursor, parking, workers * maxClaim, book.shared());
        Callbacks<String> callbacks = new Callbacks<>(factory, handler, null, null);
        WindowRules rules = new WindowRules(SECOND_NANOS, SECOND_NANOS, false, false, 0);
        Shards<String> shards = new Shards<>(8, callbacks, rules, 100, 100, clock.nanoTime(), SECOND_NANOS);
        ErrorReporter errors = new ErrorReporter(
                (stage, key, error) -> {
                    if (stage == Stage.ENGINE) {
                        reported.add(error);
                    }
                },
                book.shared(),
                this::failAgain);
        LossHistory losses = new LossHistory(book, SECOND_NANOS, clock.nanoTime());
        Reporter reporter = new Reporter(this, "pool-reporter", book.shared());
        var parts = new WorkerPool.Parts<>(
                ring,
                cursor,
                parking,
                shards,
                parser,
                new KeyHash(new SecureRandom()),
                clock,
                errors,
                reporter,
                losses);
        var settings = new DispatchSettings(workers, 64, maxClaim, 16, 16, 16, WaitMode.PARK);
        StallWatch watch = new StallWatch(SECOND_NANOS, System.nanoTime(), stall -> {});
        pool = new WorkerPool<>(settings, parts, book, watch, "pool", this);
    }

    private void emit(int... keys) {
        byte[] message = new byte[keys.length];
        for (int i = 0; i < keys.length; i++) {
            message[i] = (byte) keys[i];
        }
        assertThat(ring.offer(message, 0, message.length, 1)).isTrue();
    }

    private void end() {
        ring.seal();
        pool.halt();
        assertThat(pool.awaitEnd(System.nanoTime() + 50 * SECOND_NANOS)).isTrue();
        pool.discardRest(System.nanoTime() + SECOND_NANOS);
    }

    private void checkSums(int messages, int events) {
        assertThat(book.sum(Counter.EMITTED)).isEqualTo(messages);
        assertThat(book.sum(Counter.PARSED) + book.sum(Counter.ABANDONED)).isEqualTo(messages);
        assertThat(book.sum(Counter.EVENTS)).isEqualTo(events);
        assertThat(book.sum(Counter.HANDLED) + book.sum(Counter.HANDLER_FAILED) + book.sum(Counter.KEY_REFUSED))
                .isEqualTo(events);
    }

    @Test
    void shouldGiveEveryEventAnOutcomeWhenAWorkerFailsBehindAHandler() {
        make(1, 8, key -> "", (event, state) -> {
            if (event.payloadByte(0) == 3) {
                throw new OutOfMemoryError("test");
            }
        });
        emit(1, 2);
        emit(1, 2, 3, 4, 5);
        emit(6);
        pool.start();
        end();
        checkSums(3, 7);
        assertThat(book.sum(Counter.HANDLED)).isEqualTo(4);
        assertThat(book.sum(Counter.HANDLER_FAILED)).isEqualTo(3);
        assertThat(book.sum(Counter.ABANDONED)).isEqualTo(1);
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
        emit(1, 2, 3, 4, 5);
        pool.start();
        end();
        checkSums(1, 5);
        assertThat(book.sum(Counter.HANDLED)).isEqualTo(2);
        assertThat(book.sum(Counter.HANDLER_FAILED)).isEqualTo(3);
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
            emit(1, 2, 3, 4, 5);
            emit(6);
        }
        pool.start();
        end();
        checkSums(20, 60);
        assertThat(book.sum(Counter.HANDLED)).isEqualTo(10 * 3);
        assertThat(book.sum(Counter.HANDLER_FAILED)).isEqualTo(10 * 3);
        assertThat(book.sum(Counter.ABANDONED)).isZero();
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
        emit(1);
        emit(2);
        ring.slot(1).length = Integer.MAX_VALUE; // cannot be copied out
        pool.start();
        end();
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
            emit(1);
        }
        pool.start();
        Awaitility.await().until(pool::ended);
        end();
        checkSums(20, 17);
        assertThat(reported).hasSize(17);
        assertThat(failures.get(17)).as("the error that led out of the run").isSameAs(reported.get(16));
        assertThat(book.sum(Counter.ABANDONED)).isEqualTo(3);
    }

    @Test
    void shouldLeaveNoGapInTheRingWhenAWorkerFailsBetweenTwoMessagesOfARun() {
        make(1, 8, key -> "", (event, state) -> {});
        emit(1);
        emit(2);
        emit(3);
        emit(4);
        ring.slot(1).length = Integer.MAX_VALUE; // cannot be copied out
        pool.start();
        Awaitility.await().until(() -> book.sum(Counter.ABANDONED) == 4);
        assertThat(reported).singleElement().isInstanceOf(IndexOutOfBoundsException.class);
        for (int i = 1; i <= 3 * ring.capacity(); i++) {
            emit(5);
            int handled = i;
            Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> book.sum(Counter.HANDLED) == handled);
        }
        end();
        checkSums(4 + 3 * ring.capacity(), 3 * ring.capacity());
    }

    @Test
    void shouldDiscardWhatIsThereAndNotWaitForAPublisherWhenTimeIsUp() {
        make(1, 8, key -> "", (event, state) -> {});
        for (int i = 0; i < 20; i++) {
            emit(1);
        }
        StuckPublisher publisher = new StuckPublisher(ring);
        emit(1);
        ring.seal();
        pool.discardRest(System.nanoTime() - SECOND_NANOS);
        assertThat(book.sum(Counter.ABANDONED)).isEqualTo(20);
        publisher.publish();
        pool.discardRest(System.nanoTime() - SECOND_NANOS);
        assertThat(book.sum(Counter.ABANDONED)).isEqualTo(22);
        assertThat(ring.drained()).isTrue();
    }

    @Test
    void shouldSpreadASmallBacklogOverAllWorkers() {
        int workers = 4;
        CountDownLatch allAreIn = new CountDownLatch(workers);
        AtomicInteger inTime = new AtomicInteger();
        parser = (buffer, offset, length, out) -> {
            allAreIn.countDown();
            try {
                if (allAreIn.await(30, TimeUnit.SECONDS)) {
                    inTime.incrementAndGet();
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            BYTES.parse(buffer, offset, length, out);
        };
        make(workers, 64, key -> "", (event, state) -> {});
        for (int key = 0; key < workers; key++) {
            emit(key);
        }
        pool.start();
        end();
        assertThat(inTime).as("parsed at the same time").hasValue(workers);
        checkSums(workers, workers);
    }
}
