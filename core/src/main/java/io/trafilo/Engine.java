package io.trafilo;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.dispatch.DirectIntake;
import io.trafilo.dispatch.EngineScope;
import io.trafilo.dispatch.EngineThread;
import io.trafilo.dispatch.Guard;
import io.trafilo.dispatch.ListenerIntake;
import io.trafilo.dispatch.MessageRing;
import io.trafilo.dispatch.Parking;
import io.trafilo.dispatch.Reporter;
import io.trafilo.dispatch.RingIntake;
import io.trafilo.dispatch.StallWatch;
import io.trafilo.dispatch.WorkCursor;
import io.trafilo.dispatch.WorkerPool;
import io.trafilo.ledger.Counter;
import io.trafilo.ledger.CounterRow;
import io.trafilo.ledger.LedgerBook;
import io.trafilo.ledger.LossHistory;
import io.trafilo.spi.BufferAccess;
import io.trafilo.spi.Intake;
import io.trafilo.spi.ListenerHandle;
import io.trafilo.state.ErrorReporter;
import io.trafilo.state.KeyHash;
import io.trafilo.state.Progress;
import io.trafilo.state.Shards;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The parts of an engine, put together. Its beginning and end are in {@link EngineLifecycle}. */
final class Engine<S extends @Nullable Object> {
    private final Settings<S> settings;
    private final EngineClock clock;
    private final LedgerBook book = new LedgerBook();
    private final ErrorReporter errors;
    private final MessageRing ring;
    private final KeyHash keyHash = new KeyHash(new SecureRandom());
    private final Shards<S> shards;
    private final Reporter reporter;
    private final StallWatch watch;
    private final WorkerPool<S> pool;
    private final EngineListeners listeners;
    private final EngineLifecycle lifecycle;

    /** Of threads that look at states, and of listeners that run to completion. */
    private final EngineScope scope = new EngineScope();

    Engine(Settings<S> settings) {
        this.settings = settings;
        this.clock = settings.clock() == null ? EngineClock.anchored() : settings.clock();
        var dispatch = settings.dispatch();
        long nowNanos = clock.nanoTime();
        WorkCursor cursor = new WorkCursor(dispatch.workers(), dispatch.maxClaim());
        Parking parking = new Parking(dispatch.workers());
        int lookAhead = dispatch.workers() * dispatch.maxClaim();
        this.ring = new MessageRing(dispatch.ringCapacity(), cursor, parking, lookAhead, book.shared());
        this.errors = new ErrorReporter(settings.errorListener(), book.shared(), this::fail);
        this.shards = new Shards<>(
                settings.shards(),
                settings.callbacks(),
                settings.windowRules(),
                settings.maxKeys(),
                settings.maxRetainedEvents(),
                nowNanos,
                settings.stallTimeout().toNanos());
        LossHistory losses = new LossHistory(book, settings.windowRules().sizeNanos(), nowNanos);
        String name = settings.name();
        this.reporter = new Reporter(this, name + "-reporter", book.shared(), errors);
        var parts = new WorkerPool.Parts<>(
                ring, cursor, parking, shards, settings.parser(), keyHash, clock, errors, reporter, losses);
        this.watch = new StallWatch(
                settings.stallTimeout().toNanos(),
                System.nanoTime(),
                stall -> reporter.submit(
                        () -> errors.tell(() -> settings.stallListener().onStall(stall))));
        this.pool = new WorkerPool<>(dispatch, parts, book, watch, name, this);
        this.listeners = new EngineListeners(this, name + "-closer-", reporter);
        String timeout = Checks.text(settings.closeTimeout());
        this.lifecycle = new EngineLifecycle(
                name,
                settings.closeTimeout(),
                this,
                pool,
                listeners,
                new EngineDrain(timeout, ring, pool, shards, listeners, errors, reporter, losses, book),
                reporter,
                new Guard(watch, pool));
    }

    Settings<S> settings() {
        return settings;
    }

    private void fail(Throwable error) {
        lifecycle.fail(error);
    }

    void start() {
        lifecycle.start();
    }

    Optional<Throwable> run() throws InterruptedException {
        return lifecycle.run();
    }

    void requestClose() {
        lifecycle.requestClose();
    }

    void close() {
        if (!scope.isInside() && !errors.isTelling()) {
            lifecycle.close();
        } else {
            lifecycle.requestClose(); // the caller holds a shard, or is a listener's thread, for which a close has to
            // wait
        }
    }

    boolean isRunning() {
        return lifecycle.isRunning();
    }

    Optional<Throwable> failure() {
        return lifecycle.failure();
    }

    boolean emit(byte[] message, int offset, int length) {
        int max = settings.dispatch().maxMessageLength();
        if (length < 1 || length > max) {
            throw Checks.broken("message", length + " bytes", "1 to maxMessageLength " + max);
        }
        Objects.checkFromIndexSize(offset, length, message.length);
        boolean taken = lifecycle.isRunning() && ring.offer(message, offset, length, clock.nanoTime());
        if (!taken) {
            book.shared().addShared(Counter.EMIT_REFUSED, 1);
        }
        return taken;
    }

    <R> Optional<R> read(Key key, Function<? super S, ? extends @Nullable R> reader) {
        Progress progress = beginLooking("read");
        try {
            return Optional.ofNullable(shards.read(progress, key, keyHash.hash(key), reader));
        } finally {
            endLooking(progress);
        }
    }

    void forEachKey(BiConsumer<? super Key, ? super S> visitor) {
        Progress progress = beginLooking("forEachKey");
        try {
            shards.forEach(progress, visitor);
        } finally {
            endLooking(progress);
        }
    }

    private Progress beginLooking(String method) {
        if (EngineThread.isCurrentOf(this) || scope.isInside()) {
            throw new IllegalStateException(
                    method + ": called from a callback of the same engine (expected: from outside;"
                            + " waiting for another shard while holding one could deadlock)");
        }
        Progress progress = new Progress();
        progress.onThisThread();
        scope.enter();
        try {
            watch.open(progress);
        } catch (Throwable noMemory) {
            scope.forget();
            throw noMemory;
        }
        return progress;
    }

    private void endLooking(Progress progress) {
        scope.forget();
        watch.close(progress);
    }

    Ledger ledger() {
        Ledger atClose = lifecycle.finalLedger();
        return atClose == null ? new Ledger(book.sums(), shards.liveTimestamps(), shards.liveKeys()) : atClose;
    }

    long ringFill() {
        return ring.fill();
    }

    <B> Intake<B> openIntake(BufferAccess<B> access, ListenerHandle handle) {
        CounterRow row = book.openRow();
        ListenerIntake<B> intake = handle.runsToCompletion()
                ? new DirectIntake<>(pool, scope, access, clock, row, reporter, this::closeIntake)
                : new RingIntake<>(
                        ring,
                        access,
                        settings.overloadPolicy(),
                        clock,
                        row,
                        reporter,
                        handle::whileWaiting,
                        this::closeIntake);
        try {
            lifecycle.attach(intake, handle);
        } catch (RuntimeException refused) {
            book.retire(row);
            throw refused;
        }
        try {
            watch.open(intake.progress());
        } catch (Throwable noMemory) {
            closeIntake(intake);
            throw noMemory;
        }
        return intake;
    }

    private void closeIntake(ListenerIntake<?> intake) {
        listeners.detach(intake);
        watch.close(intake.progress());
        book.retire(intake.row());
    }

    void reportListenerError(Throwable error) {
        reporter.report(Stage.LISTENER, error);
    }

    @Override
    public String toString() {
        return "Trafilo[" + settings.name() + ", " + lifecycle + ", ring " + ringFill() + "/" + ring.capacity()
                + ", keys " + shards.liveKeys() + "/" + settings.maxKeys() + ", at most "
                + settings.memoryBound() + "]";
    }
}
