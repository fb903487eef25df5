package io.trafilo.engine;

import static java.util.Objects.requireNonNull;

import io.trafilo.Counter;
import io.trafilo.EngineClock;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.Key;
import io.trafilo.Ledger;
import io.trafilo.Stall;
import io.trafilo.StallListener;
import io.trafilo.TimeBasis;
import io.trafilo.Trafilo;
import io.trafilo.TrafiloSettings;
import io.trafilo.aggregate.AggregateRules;
import io.trafilo.dispatch.DirectIntake;
import io.trafilo.dispatch.DispatchSettings;
import io.trafilo.dispatch.ListenerIntake;
import io.trafilo.dispatch.MessageRing;
import io.trafilo.dispatch.Parking;
import io.trafilo.dispatch.RingIntake;
import io.trafilo.dispatch.WorkCursor;
import io.trafilo.dispatch.WorkerPool;
import io.trafilo.failures.EngineThreads;
import io.trafilo.failures.Failures;
import io.trafilo.failures.Guard;
import io.trafilo.failures.Progress;
import io.trafilo.failures.Reporter;
import io.trafilo.failures.StallWatch;
import io.trafilo.ledger.CounterRow;
import io.trafilo.ledger.LedgerBook;
import io.trafilo.ledger.LedgerSnapshot;
import io.trafilo.ledger.LossHistory;
import io.trafilo.spi.BufferAccess;
import io.trafilo.spi.Intake;
import io.trafilo.spi.ListenerHandle;
import io.trafilo.spi.ListenerHost;
import io.trafilo.state.Callbacks;
import io.trafilo.state.KeyHash;
import io.trafilo.state.Shards;
import io.trafilo.state.WindowRules;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The engine, assembled from its parts. {@link EngineLifecycle} starts and closes it. */
public final class Engine<S extends @Nullable Object> implements Trafilo<S>, ListenerHost {
    private final TrafiloSettings<S> settings;
    private final MemoryBound memoryBound;
    private final EngineClock clock;
    private final EngineThreads threads = new EngineThreads();
    private final LedgerBook book = new LedgerBook();
    private final Failures failures;
    private final MessageRing ring;
    private final KeyHash keyHash = new KeyHash(new SecureRandom());
    private final Shards<S> shards;
    private final StallWatch watch;
    private final WorkerPool<S> pool;
    private final EngineListeners listeners;
    private final EngineLifecycle lifecycle;

    /** Rejects settings whose memory does not fit the heap of this JVM. */
    public Engine(TrafiloSettings<S> settings) {
        this.settings = settings;
        this.memoryBound = MemoryBound.of(settings);
        memoryBound.requireFits(settings, Runtime.getRuntime().maxMemory());
        this.clock = settings.clock();
        long nowNanos = clock.epochNanos();
        String name = settings.name();
        WindowRules rules = windowRules(settings);
        DispatchSettings dispatch = dispatchSettings(settings, settings.ringCapacity());
        WorkCursor cursor = new WorkCursor(dispatch.workers(), dispatch.maxClaim());
        Parking parking = new Parking(dispatch.workers(), isSystemTime(clock));
        int lookAhead = dispatch.workers() * dispatch.maxClaim();
        this.ring = new MessageRing(dispatch.ringCapacity(), cursor, parking, lookAhead, book.shared());
        Reporter reporter = new Reporter(threads, name + "-reporter", book.shared());
        this.failures = new Failures(settings.errorListener(), book.shared(), this::stop, reporter);
        if (clock instanceof FollowingClock following) {
            following.onStep(new WallClockSteps(name, book.shared(), failures));
        }
        this.shards = new Shards<>(
                settings.shards(),
                new Callbacks<>(settings.state(), settings.handler(), settings.sink(), settings.disposer()),
                rules,
                settings.maxKeys(),
                settings.maxRetainedEvents(),
                nowNanos,
                settings.stallTimeout().toNanos(),
                aggregateRules(settings),
                keyHash);
        String parser = settings.parser().getClass().getName();
        shards.eventTimes()
                .warn(message -> failures.callLater(() -> EngineLog.warn("parser " + parser + ": " + message)));
        LossHistory losses = new LossHistory(book, rules.sizeNanos(), nowNanos);
        this.watch =
                new StallWatch(settings.stallTimeout().toNanos(), System.nanoTime(), later(settings.stallListener()));
        var parts = new WorkerPool.Parts<>(
                ring, cursor, parking, shards, settings.parser(), keyHash, clock, failures, threads, losses);
        this.pool = new WorkerPool<>(dispatch, parts, book, watch, name);
        this.listeners = new EngineListeners(threads, name + "-closer-", failures);
        this.lifecycle = new EngineLifecycle(
                settings,
                threads,
                pool,
                listeners,
                new CloseSequence(ring, pool, shards, listeners, failures, losses, book),
                failures,
                new Guard(watch, pool::relieveStalled, failures));
    }

    private static boolean isSystemTime(EngineClock clock) {
        return clock instanceof FollowingClock || clock instanceof AnchoredClock;
    }

    static DispatchSettings dispatchSettings(TrafiloSettings<?> settings, int ringCapacity) {
        return new DispatchSettings(
                settings.workers(),
                ringCapacity,
                settings.maxClaim(),
                settings.maxMessageLength(),
                settings.maxKeyLength(),
                settings.maxEventsPerMessage(),
                settings.waitMode());
    }

    static AggregateRules aggregateRules(TrafiloSettings<?> settings) {
        return new AggregateRules(
                settings.aggregate(),
                settings.window().toNanos(),
                settings.slide().toNanos());
    }

    private static WindowRules windowRules(TrafiloSettings<?> settings) {
        return new WindowRules(
                settings.window().toNanos(),
                settings.slide().toNanos(),
                settings.timeBasis() == TimeBasis.EVENT,
                settings.emitWhenQuiet(),
                settings.idleTimeout().toNanos());
    }

    /** Calls the application's listener on the reporter thread. */
    private StallListener later(StallListener listener) {
        return new StallListener() {
            @Override
            public void onStall(Stall stall) {
                failures.callLater(() -> listener.onStall(stall));
            }

            @Override
            public void onStallEnd(Stall stall) {
                failures.callLater(() -> listener.onStallEnd(stall));
            }
        };
    }

    private void stop(Throwable error) {
        lifecycle.stop(error);
    }

    // ---- life cycle

    @Override
    public void start() {
        lifecycle.start();
    }

    @Override
    public void run() throws InterruptedException {
        if (threads.isInside()) {
            throw new IllegalStateException("run: called from a callback of the same engine (expected: from outside;"
                    + " it would wait for the callback)");
        }
        lifecycle.run();
    }

    @Override
    public void shutdown() {
        lifecycle.requestClose();
    }

    @Override
    public void close() {
        lifecycle.requestClose();
        if (!threads.isInside()) { // otherwise the close waits for this caller
            lifecycle.awaitEnd();
        }
    }

    @Override
    public boolean isRunning() {
        return lifecycle.isRunning();
    }

    @Override
    public Optional<Throwable> failure() {
        return lifecycle.failure();
    }

    // ---- messages in

    @Override
    public boolean offer(byte[] message, int offset, int length) {
        int max = settings.maxMessageLength();
        if (length < 1 || length > max) {
            throw Checks.broken("message", length + " bytes", "1 to maxMessageLength " + max);
        }
        Objects.checkFromIndexSize(offset, length, message.length);
        boolean taken = lifecycle.isRunning() && ring.offer(message, offset, length, clock.epochNanos());
        if (!taken) {
            book.shared().addShared(Counter.OFFER_REFUSED, 1);
        }
        return taken;
    }

    @Override
    public <B> Intake<B> openIntake(BufferAccess<B> access, ListenerHandle handle) {
        requireNonNull(access, "access");
        requireNonNull(handle, "handle");
        CounterRow row = book.openRow();
        ListenerIntake<B> intake = handle.runsToCompletion()
                ? new DirectIntake<>(pool, threads, access, clock, row, failures, this::closeIntake)
                : new RingIntake<>(
                        ring,
                        access,
                        settings.overloadPolicy(),
                        clock,
                        row,
                        failures,
                        handle::whileWaiting,
                        this::closeIntake);
        try {
            lifecycle.attach(intake, handle);
            pool.catchUp().attach(intake, handle);
        } catch (RuntimeException refused) {
            book.retire(row);
            throw refused;
        }
        try {
            watch.add(intake.progress());
        } catch (Throwable noMemory) {
            closeIntake(intake);
            throw noMemory;
        }
        return intake;
    }

    private void closeIntake(ListenerIntake<?> intake) {
        listeners.detach(intake);
        pool.catchUp().detach(intake);
        watch.remove(intake.progress());
        book.retire(intake.row());
    }

    @Override
    public void reportError(Throwable error) {
        failures.reportLater(Stage.LISTENER, error);
    }

    @Override
    public boolean stopsEngine(Throwable error) {
        return Failures.isFatal(error);
    }

    // ---- states

    @Override
    public <R> Optional<R> read(Key key, Function<? super S, ? extends @Nullable R> reader) {
        Progress progress = beginRead("read");
        try {
            return Optional.ofNullable(shards.read(progress, key, keyHash.hash(key), reader));
        } finally {
            endRead(progress);
        }
    }

    @Override
    public void forEachKey(BiConsumer<? super Key, ? super S> visitor) {
        Progress progress = beginRead("forEachKey");
        try {
            shards.forEach(progress, visitor);
        } finally {
            endRead(progress);
        }
    }

    private Progress beginRead(String method) {
        StackRoom.require();
        if (threads.isInside()) {
            throw new IllegalStateException(
                    method + ": called from a callback of the same engine (expected: a call from outside;"
                            + " waiting for another shard while holding one could deadlock)");
        }
        Progress progress = new Progress();
        progress.bindThread();
        threads.enter();
        try {
            watch.add(progress);
        } catch (Throwable noMemory) {
            threads.forget();
            throw noMemory;
        }
        return progress;
    }

    private void endRead(Progress progress) {
        threads.forget();
        watch.remove(progress);
    }

    // ---- counters and settings

    @Override
    public Ledger ledger() {
        Ledger atClose = lifecycle.finalLedger();
        return atClose == null
                ? LedgerSnapshot.of(book.sums(), shards.liveTimestamps(), shards.liveKeys())
                        .withUnknown(book.unknown())
                : atClose;
    }

    @Override
    public long ringFill() {
        return ring.fill();
    }

    @Override
    public long maxMemoryBytes() {
        return memoryBound.totalBytes();
    }

    @Override
    public TrafiloSettings<S> settings() {
        return settings;
    }

    @Override
    public String toString() {
        return "Trafilo[" + settings.name() + ", " + lifecycle + ", ring " + ringFill() + "/" + ring.capacity()
                + ", keys " + shards.liveKeys() + "/" + settings.maxKeys() + ", at most " + memoryBound + "]";
    }
}
