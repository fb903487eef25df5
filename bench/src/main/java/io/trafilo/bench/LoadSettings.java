package io.trafilo.bench;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a load test is to do. */
record LoadSettings(
        LoadEngine engine,
        long rate,
        Duration duration,
        Duration warmup,
        TrafficOptions traffic,
        EngineOptions engineOptions,
        ListenerOptions listener) {

    LoadSettings with(long otherRate, Duration otherDuration, Duration otherWarmup) {
        return new LoadSettings(engine, otherRate, otherDuration, otherWarmup, traffic, engineOptions, listener);
    }

    /** The settings in a report: those that the engine has. Others, given all the same, change nothing. */
    record Applied(
            long rate,
            Duration duration,
            Duration warmup,
            @Inline TrafficOptions.Traffic traffic,
            @Nullable Duration window,
            @Nullable Duration slide,
            @Nullable Integer workers,
            @Nullable Integer shards,
            @Nullable Integer ring,
            @Nullable Long maxKeys,
            @Nullable Long maxRetained,
            @Nullable String policy,
            @Nullable String transport,
            @Nullable Integer threads,
            int receiveBuffer,
            @Nullable Boolean gro,
            @Nullable Boolean listenerWarmup,
            @Nullable Boolean runToCompletion) {}

    Applied applied() {
        boolean full = engine == LoadEngine.TRAFILO;
        boolean windowed = engine != LoadEngine.BARE;
        return new Applied(
                rate,
                duration,
                warmup,
                traffic.traffic(),
                windowed ? engineOptions.window : null,
                windowed ? engineOptions.slide : null,
                windowed ? engineOptions.workerCount() : null,
                full ? engineOptions.shards : null,
                windowed ? engineOptions.ring : null,
                full ? engineOptions.maxKeys : null,
                full ? engineOptions.maxRetained : null,
                full ? EngineOptions.PolicyConverter.text(engineOptions.policy) : null,
                full ? listener.transport.name().toLowerCase(Locale.ROOT) : null,
                full ? listener.threads : null,
                listener.receiveBufferBytes,
                engine != LoadEngine.PLAIN ? listener.gro : null,
                full ? listener.warmUp : null,
                full ? listener.runToCompletion : null);
    }

    /** With UDP_GRO the kernel drops a packet of the sender's whole; loopback puts no packets together. */
    int datagramsPerDrop() {
        return listener.gro && engine != LoadEngine.PLAIN ? traffic.segments : 1;
    }
}
