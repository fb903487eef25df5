package io.trafilo.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.EngineClock;
import io.trafilo.ErrorListener;
import io.trafilo.EventHandler;
import io.trafilo.EventParser;
import io.trafilo.StateFactory;
import io.trafilo.WaitMode;
import io.trafilo.WindowSink;
import io.trafilo.failures.EngineThreads;
import io.trafilo.failures.Failures;
import io.trafilo.failures.Reporter;
import io.trafilo.failures.StallWatch;
import io.trafilo.ledger.LedgerBook;
import io.trafilo.ledger.LossHistory;
import io.trafilo.ledger.PaddedLongs;
import io.trafilo.state.Callbacks;
import io.trafilo.state.KeyHash;
import io.trafilo.state.Shards;
import io.trafilo.state.WindowRules;
import io.trafilo.testing.Parts;
import java.security.SecureRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A pool of workers and what they work on, without the engine around them. Set what is to differ, then {@link #make}. */
final class TestPool {
    static final int RING = 64;
    static final long SECOND_NANOS = 1_000_000_000L;

    /** Each byte of a message is the key of an event. */
    static final EventParser BYTES = (buffer, offset, length, out) -> {
        for (int i = 0; i < length; i++) {
            out.event(offset + i, 1, offset + i, 1);
        }
    };

    int workers = 1;
    int maxClaim = 8;
    EventParser parser = BYTES;
    StateFactory<String> factory = key -> "";
    EventHandler<String> handler = (event, state) -> {};

    @Nullable
    WindowSink<String> sink;

    EngineClock clock = EngineClock.anchored();
    WaitMode waitMode = WaitMode.PARK;
    ErrorListener errorListener = (stage, key, error) -> {};
    Consumer<Throwable> stop = error -> {};

    final LedgerBook book = new LedgerBook();
    WorkCursor cursor;
    Parking parking;
    MessageRing ring;
    WorkerPool.Parts<String> parts;
    WorkerPool<String> pool;
    private DispatchSettings settings;

    /** Windows of a second, which slide by a millisecond, also when their keys are quiet. */
    void make() {
        cursor = new WorkCursor(workers, maxClaim);
        parking = new Parking(workers);
        ring = new MessageRing(RING, cursor, parking, workers * maxClaim, book.shared());
        WindowRules rules = new WindowRules(SECOND_NANOS, SECOND_NANOS / 1000, false, true, 0);
        long nowNanos = clock.epochNanos();
        EngineThreads threads = new EngineThreads();
        Reporter reporter = new Reporter(threads, "pool-reporter", book.shared());
        Failures failures = new Failures(errorListener, book.shared(), stop, reporter);
        parts = new WorkerPool.Parts<>(
                ring,
                cursor,
                parking,
                new Shards<>(8, new Callbacks<>(factory, handler, sink, null), rules, 100, 100, nowNanos, SECOND_NANOS),
                parser,
                new KeyHash(new SecureRandom()),
                clock,
                failures,
                threads,
                new LossHistory(book, SECOND_NANOS, nowNanos));
        settings = new DispatchSettings(workers, RING, maxClaim, 16, 16, 16, waitMode);
        StallWatch watch = new StallWatch(SECOND_NANOS, System.nanoTime(), stall -> {});
        pool = new WorkerPool<>(settings, parts, book, watch, "pool");
    }

    /** A worker that has no thread. */
    Worker<String> newWorker(int index) {
        return new Worker<>(index, pool, parts, settings, book.openRow(), () -> {});
    }

    void offer(int... keys) {
        byte[] message = new byte[keys.length];
        for (int i = 0; i < keys.length; i++) {
            message[i] = (byte) keys[i];
        }
        assertThat(ring.offer(message, 0, message.length, clock.epochNanos())).isTrue();
    }

    /** Whether a publisher would take this worker for asleep. */
    boolean sleeps(int worker) {
        return sleeps(parking, worker);
    }

    static boolean sleeps(Parking parking, int worker) {
        try {
            return (((PaddedLongs) Parts.partOf(parking, "parked")).getAcquire(0) >> worker & 1) != 0;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    void end() {
        ring.seal();
        pool.halt();
        assertThat(pool.awaitEnd(System.nanoTime() + 50 * SECOND_NANOS)).isTrue();
        pool.abandonRest(System.nanoTime() + SECOND_NANOS);
    }
}
