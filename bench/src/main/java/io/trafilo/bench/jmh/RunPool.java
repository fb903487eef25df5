package io.trafilo.bench.jmh;

import io.trafilo.Counter;
import io.trafilo.EngineClock;
import io.trafilo.EventParser;
import io.trafilo.OverloadPolicy;
import io.trafilo.WaitMode;
import io.trafilo.dispatch.DispatchSettings;
import io.trafilo.dispatch.MessageRing;
import io.trafilo.dispatch.Parking;
import io.trafilo.dispatch.RingIntake;
import io.trafilo.dispatch.WorkCursor;
import io.trafilo.dispatch.WorkerPool;
import io.trafilo.failures.EngineThreads;
import io.trafilo.failures.Failures;
import io.trafilo.failures.StallWatch;
import io.trafilo.ledger.LedgerBook;
import io.trafilo.ledger.LossHistory;
import io.trafilo.spi.BufferAccess;
import io.trafilo.spi.Intake;
import io.trafilo.state.Callbacks;
import io.trafilo.state.KeyHash;
import io.trafilo.state.Shards;
import io.trafilo.state.WindowRules;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The engine's own ring and workers. Messages have no events, so the shards have nothing to do. */
final class RunPool implements MessagePool {
    static final int CAPACITY = 4096;

    private static final long SECOND_NANOS = 1_000_000_000;

    private final LedgerBook book = new LedgerBook();
    private final EngineClock clock = EngineClock.anchored();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Failures failures =
            new Failures((stage, key, error) -> failure.set(error), book.shared(), failure::set, Runnable::run);
    private final MessageRing ring;
    private final WorkerPool<Object> pool;

    RunPool(DispatchSettings settings, EventParser parser) {
        int workers = settings.workers();
        WorkCursor cursor = new WorkCursor(workers, settings.maxClaim());
        Parking parking = new Parking(workers);
        ring = new MessageRing(settings.ringCapacity(), cursor, parking, workers * settings.maxClaim(), book.shared());
        var parts = new WorkerPool.Parts<>(
                ring,
                cursor,
                parking,
                new Shards<>(
                        1,
                        new Callbacks<>(null, null, null, null),
                        new WindowRules(SECOND_NANOS, SECOND_NANOS, false, false, 0),
                        1,
                        1,
                        clock.epochNanos(),
                        SECOND_NANOS),
                parser,
                new KeyHash(new SecureRandom()),
                clock,
                failures,
                new EngineThreads(),
                new LossHistory(book, SECOND_NANOS, clock.epochNanos()));
        StallWatch watch = new StallWatch(SECOND_NANOS, System.nanoTime(), stall -> {});
        pool = new WorkerPool<>(settings, parts, book, watch, "bench");
        pool.start();
    }

    static DispatchSettings settings(int workers, int maxClaim, WaitMode waitMode) {
        return new DispatchSettings(workers, CAPACITY, maxClaim, 2048, 256, 1024, waitMode);
    }

    /** A listener's way in, for one thread. It waits while the ring is full. */
    <B> Intake<B> openIntake(BufferAccess<B> access) {
        return new RingIntake<>(
                ring, access, OverloadPolicy.BLOCK, clock, book.openRow(), failures, () -> {}, closed -> {});
    }

    @Override
    public boolean offer(byte[] message) {
        return ring.offer(message, 0, message.length, 0);
    }

    @Override
    public long parsed() {
        return book.sum(Counter.MALFORMED);
    }

    @Override
    public void close() {
        ring.seal();
        pool.halt();
        boolean ended = pool.awaitEnd(System.nanoTime() + TimeUnit.SECONDS.toNanos(10));
        if (!ended || failure.get() != null) {
            throw new IllegalStateException("workers ended: " + ended, failure.get());
        }
    }
}
