package io.trafilo;

import io.trafilo.dispatch.Parking;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a builder was told so far, and the defaults of the rest. Not thread-safe. */
final class SettingsDraft<S extends @Nullable Object> {
    static final Duration LEAST_STALL_TIMEOUT = Duration.ofMillis(10);

    String name = "trafilo";
    EventParser parser = EventParser.firstToken();

    @Nullable
    StateFactory<? extends S> factory;

    @Nullable
    StateDisposer<? super S> disposer;

    @Nullable
    EventHandler<? super S> handler;

    @Nullable
    WindowSink<? super S> sink;

    @Nullable
    ErrorListener errorListener;

    @Nullable
    StallListener stallListener;

    Duration stallTimeout = Duration.ofSeconds(1);
    Duration window = Duration.ofSeconds(5);
    Duration slide = Duration.ofSeconds(1);
    TimeBasis timeBasis = TimeBasis.CLOCK;
    boolean emitWhenQuiet = true;
    Duration idleTimeout = Duration.ZERO;
    long maxKeys = 250_000;
    long maxRetainedEvents = 4_000_000;
    int shards = 128;
    int workers = Math.min(Runtime.getRuntime().availableProcessors(), Parking.MAX_WORKERS);
    int ringCapacity = 4096;
    int maxClaim = 64;
    int maxMessageLength = 2048;
    int maxKeyLength = 256;
    int maxEventsPerMessage = 1024;
    WaitMode waitMode = WaitMode.PARK;
    OverloadPolicy overloadPolicy = OverloadPolicy.BLOCK;

    @Nullable
    EngineClock clock;

    Duration closeTimeout = Duration.ofSeconds(10);
}
