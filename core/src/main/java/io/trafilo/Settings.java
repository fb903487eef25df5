package io.trafilo;

import io.trafilo.dispatch.DispatchSettings;
import io.trafilo.state.Callbacks;
import io.trafilo.state.WindowRules;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a builder was told, checked and immutable. */
record Settings<S extends @Nullable Object>(
        String name,
        EventParser parser,
        Callbacks<S> callbacks,
        ErrorListener errorListener,
        StallListener stallListener,
        Duration stallTimeout,
        WindowRules windowRules,
        int shards,
        long maxKeys,
        long maxRetainedEvents,
        DispatchSettings dispatch,
        OverloadPolicy overloadPolicy,
        @Nullable EngineClock clock,
        Duration closeTimeout) {

    private static final long MAX_SCRATCH_BYTES = 1 << 26;

    /** Checks how the values of a builder fit together and copies them. */
    static <S extends @Nullable Object> Settings<S> of(Trafilo.Builder<S> builder) {
        checkRelations(builder);
        return new Settings<>(
                builder.name,
                builder.parser,
                new Callbacks<>(builder.factory, builder.handler, builder.sink, builder.disposer),
                builder.errorListener == null ? ErrorListener.logging() : builder.errorListener,
                builder.stallListener == null ? StallListener.logging() : builder.stallListener,
                builder.stallTimeout,
                new WindowRules(
                        builder.window.toNanos(),
                        builder.slide.toNanos(),
                        builder.timeBasis == TimeBasis.EVENT,
                        builder.emitWhenQuiet,
                        builder.idleTimeout.toNanos()),
                builder.shards,
                builder.maxKeys,
                builder.maxRetainedEvents,
                new DispatchSettings(
                        builder.workers,
                        builder.ringCapacity,
                        builder.maxClaim,
                        builder.maxMessageLength,
                        builder.maxKeyLength,
                        builder.maxEventsPerMessage,
                        builder.waitMode),
                builder.overloadPolicy,
                builder.clock,
                builder.closeTimeout);
    }

    /** The most heap that an engine with these settings takes. */
    MemoryBound memoryBound() {
        return MemoryBound.of(this);
    }

    /** These settings, if what an engine takes by them is no more than there is. */
    Settings<S> requireHeap(long heapBytes) {
        memoryBound().requireFits(this, heapBytes);
        return this;
    }

    private static void checkRelations(Trafilo.Builder<?> builder) {
        if (builder.slide.compareTo(builder.window) > 0) {
            throw Checks.broken(
                    "slide", Checks.text(builder.slide), "> 0 and <= window " + Checks.text(builder.window));
        }
        if (builder.handler == null && builder.sink == null) {
            throw Checks.broken("handler, sink", "neither is set", "at least one of them");
        }
        if (builder.disposer != null && builder.factory == null) {
            throw Checks.broken("disposer", "set without state", "a state factory with it");
        }
        long scratchBytes = (long) builder.maxClaim * builder.maxMessageLength;
        if (scratchBytes > MAX_SCRATCH_BYTES) {
            throw Checks.broken(
                    "maxClaim * maxMessageLength",
                    scratchBytes + " bytes",
                    "at most " + MAX_SCRATCH_BYTES + ", the scratch array of each worker");
        }
    }
}
