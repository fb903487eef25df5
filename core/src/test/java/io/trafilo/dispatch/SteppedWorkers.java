package io.trafilo.dispatch;

import io.trafilo.OverloadPolicy;
import io.trafilo.failures.StallWatch;
import io.trafilo.ledger.LedgerBook;
import io.trafilo.spi.BufferAccess;
import io.trafilo.state.ShardAccess;
import io.trafilo.state.Shards;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A ring with workers that have no threads: a test makes each of their steps. What the loop of {@link Worker#run} does between
 * two looks at the ring is cut in two, taking a run and handling it, so that others may come in between.
 */
public final class SteppedWorkers<S extends @Nullable Object> {
    /** How many events are looked ahead for. */
    public static final int GROUP_EVENTS = RunHandler.GROUP_EVENTS;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final MessageRing ring;
    private final WorkCursor cursor;
    private final WorkerPool.Parts<S> parts;
    private final WorkerPool<S> pool;
    private final LedgerBook book;
    private final List<Worker<S>> workers = new ArrayList<>();

    /** {@code others} is everything but ring, cursor and parking, which are made here. */
    public SteppedWorkers(DispatchSettings settings, LedgerBook book, Others<S> others) {
        this.book = book;
        this.cursor = new WorkCursor(settings.workers(), settings.maxClaim());
        Parking parking = new Parking(settings.workers());
        int lookAhead = settings.workers() * settings.maxClaim();
        this.ring = new MessageRing(settings.ringCapacity(), cursor, parking, lookAhead, book.shared());
        this.parts = others.with(ring, cursor, parking);
        StallWatch watch = new StallWatch(PATIENCE_NANOS, System.nanoTime(), stall -> {});
        this.pool = new WorkerPool<>(settings, parts, book, watch, "simulated");
        for (int i = 0; i < settings.workers(); i++) {
            workers.add(new Worker<>(i, pool, parts, settings, book.openRow(), () -> {}));
        }
    }

    /** What the workers work with besides the ring. */
    @FunctionalInterface
    public interface Others<S extends @Nullable Object> {
        WorkerPool.Parts<S> with(MessageRing ring, WorkCursor cursor, Parking parking);
    }

    // ---- publishers

    public <B> RingIntake<B> openIntake(BufferAccess<B> access, OverloadPolicy policy) {
        return new RingIntake<>(
                ring,
                access,
                policy,
                parts.clock(),
                book.openRow(),
                parts.failures(),
                () -> {},
                closed -> book.retire(closed.row()));
    }

    public boolean offer(byte[] message, long receiptNanos) {
        return ring.offer(message, 0, message.length, receiptNanos);
    }

    /** The number of slots that can be claimed. */
    public long room() {
        return ring.remainingCapacity();
    }

    /** How many slots were ever claimed by workers. */
    public long taken() {
        return cursor.claimed() + 1;
    }

    // ---- workers

    /** Claims a run and copies it out; false if there was none. */
    public boolean take(int worker) {
        return workers.get(worker).takeRun();
    }

    /** Handles the run taken, which is then said to have lasted for so long. */
    public void handle(int worker, long durationNanos) {
        workers.get(worker).handleRun();
        workers.get(worker).updatePace(0, durationNanos);
    }

    public void pollTimers(int worker, long nowNanos) {
        workers.get(worker).pollTimers(nowNanos);
    }

    /** Does what a worker's loop does when something is thrown out of a step; false if the worker ends. */
    public boolean recover(int worker, Throwable error) {
        return workers.get(worker).recover(error);
    }

    /** Whether a worker would leave its loop. */
    public boolean mayEnd() {
        return pool.halting() && ring.drained();
    }

    // ---- the steps of a close

    public void refuseMessagesByHand() {
        ring.refuseOffers();
    }

    public void sealAndHalt() {
        ring.seal();
        pool.halt();
    }

    public void abandon() {
        pool.abandon();
    }

    public void abandonRest() {
        pool.abandonRest(System.nanoTime() + PATIENCE_NANOS);
    }

    /** Forgets all keys; called last. */
    public boolean disposeAll(Shards<S> shards) {
        var access = new ShardAccess(book.openRow(), parts.failures(), parts.losses());
        return shards.disposeAll(access, System.nanoTime() + PATIENCE_NANOS);
    }
}
