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
    static <S extends @Nullable Object> Settings<S> of(SettingsDraft<S> draft) {
        checkRelations(draft);
        return new Settings<>(
                draft.name,
                draft.parser,
                new Callbacks<>(draft.factory, draft.handler, draft.sink, draft.disposer),
                draft.errorListener == null ? ErrorListener.logging() : draft.errorListener,
                draft.stallListener == null ? StallListener.logging() : draft.stallListener,
                draft.stallTimeout,
                new WindowRules(
                        draft.window.toNanos(),
                        draft.slide.toNanos(),
                        draft.timeBasis == TimeBasis.EVENT,
                        draft.emitWhenQuiet,
                        draft.idleTimeout.toNanos()),
                draft.shards,
                draft.maxKeys,
                draft.maxRetainedEvents,
                new DispatchSettings(
                        draft.workers,
                        draft.ringCapacity,
                        draft.maxClaim,
                        draft.maxMessageLength,
                        draft.maxKeyLength,
                        draft.maxEventsPerMessage,
                        draft.waitMode),
                draft.overloadPolicy,
                draft.clock,
                draft.closeTimeout);
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

    private static void checkRelations(SettingsDraft<?> draft) {
        if (draft.slide.compareTo(draft.window) > 0) {
            throw Checks.broken("slide", Checks.text(draft.slide), "> 0 and <= window " + Checks.text(draft.window));
        }
        if (draft.handler == null && draft.sink == null) {
            throw Checks.broken("handler, sink", "neither is set", "at least one of them");
        }
        if (draft.disposer != null && draft.factory == null) {
            throw Checks.broken("disposer", "set without state", "a state factory with it");
        }
        long scratchBytes = (long) draft.maxClaim * draft.maxMessageLength;
        if (scratchBytes > MAX_SCRATCH_BYTES) {
            throw Checks.broken(
                    "maxClaim * maxMessageLength",
                    scratchBytes + " bytes",
                    "at most " + MAX_SCRATCH_BYTES + ", the scratch array of each worker");
        }
    }
}
