package io.trafilo.bench;

import io.trafilo.Counter;
import io.trafilo.EngineClock;
import io.trafilo.EventView;
import io.trafilo.Ledger;
import io.trafilo.Trafilo;
import io.trafilo.TrafiloBuilder;
import io.trafilo.netty.UdpListener;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The engine and its listener under load. */
final class TrafiloTarget implements LoadTarget {
    /** What the kernel can hand over in two windows of the usual size. */
    private static final long LEAST_RETAINED_EVENTS = 16_000_000;

    private final Trafilo<BusyKey.Stats> engine;
    private final UdpListener listener;
    private long eventsInStates = -1;

    TrafiloTarget(LoadSettings settings, LatencyRecorder latencies, PrintStream err) {
        EngineClock clock = EngineClock.anchored();
        long epochNanos = clock.epochNanos() - System.nanoTime(); // by which the blaster, another process, stamps
        TrafiloBuilder<BusyKey.Stats> builder = Trafilo.<BusyKey.Stats>builder()
                .state(key -> new BusyKey.Stats())
                .handler((event, stats) -> {
                    stats.events++;
                    latencies.record(sentNanos(event), event.receiptNanos() - epochNanos, System.nanoTime());
                })
                .sink((window, stats) -> {
                    stats.windowCount = window.count();
                    stats.windowStartNanos = window.startNanos();
                    stats.windowEndNanos = window.endNanos();
                })
                .errorListener(new ConsoleErrors(err::println))
                .clock(clock);
        builder.maxKeys(settings.traffic().keys);
        builder.maxRetainedEvents(retainedEvents(settings));
        settings.engineOptions().apply(builder);
        builder.maxMessageLength(Math.max(settings.traffic().sizeBytes, 2048));
        builder.maxClaim(settings.traffic().sizeBytes > 2048 ? 32 : 64);
        builder.maxKeyLength(MessageSet.payloadOffset(settings.traffic().keys - 1));
        engine = EngineOptions.build(builder);
        engine.start();
        try {
            listener = settings.listener().start(engine, "127.0.0.1", 0, List.of());
        } catch (RuntimeException refused) {
            engine.close();
            throw refused;
        }
    }

    /** As many as the rate fills a window with, and a quarter more, for a sender that makes good what it was late with. */
    private static long retainedEvents(LoadSettings settings) {
        double windowSeconds = settings.engineOptions().window.toNanos() / 1e9;
        return Math.max(LEAST_RETAINED_EVENTS, (long) (1.25 * settings.rate() * windowSeconds));
    }

    private static long sentNanos(EventView event) {
        long nanos = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            nanos = nanos << 8 | (event.payloadByte(i) & 0xff);
        }
        return nanos;
    }

    @Override
    public Socket socket() {
        return new Socket(
                listener.address(),
                listener.transport().name().toLowerCase(Locale.ROOT),
                listener.receiveBufferBytes());
    }

    @Override
    public LoadCounts counts() {
        Ledger ledger = engine.ledger();
        long messages = ledger.count(Counter.PUBLISHED)
                - sum(ledger, Counter.PARSED, Counter.PARSE_FAILED, Counter.MALFORMED, Counter.ABANDONED);
        long events = ledger.count(Counter.EVENTS)
                - sum(ledger, Counter.HANDLED, Counter.HANDLER_FAILED, Counter.KEY_REFUSED);
        List<String> imbalances = new ArrayList<>(ledger.imbalances());
        if (eventsInStates >= 0 && eventsInStates != ledger.count(Counter.HANDLED)) {
            imbalances.add("handled = " + ledger.count(Counter.HANDLED) + ", but the states saw " + eventsInStates
                    + " events");
        }
        return new LoadCounts(
                ledger.count(Counter.RECEIVED),
                ledger.count(Counter.HANDLED),
                messages + events,
                lostByLayer(ledger),
                imbalances,
                LedgerReport.of(ledger).counters());
    }

    static Map<String, Long> lostByLayer(Ledger ledger) {
        Map<String, Long> lost = new LinkedHashMap<>();
        lost.put(LoadCounts.KERNEL, ledger.count(Counter.KERNEL_DROPPED));
        lost.put(
                "listener",
                sum(ledger, Counter.EMPTY, Counter.OVERSIZED, Counter.FILTERED, Counter.DISCARDED_AT_CLOSE));
        lost.put("ring", sum(ledger, Counter.SHED, Counter.ABANDONED));
        lost.put("parser", sum(ledger, Counter.PARSE_FAILED, Counter.MALFORMED));
        lost.put("state", sum(ledger, Counter.KEY_REFUSED, Counter.HANDLER_FAILED));
        return lost;
    }

    private static long sum(Ledger ledger, Counter... counters) {
        return Stream.of(counters).mapToLong(ledger::count).sum();
    }

    @Override
    public double ringFill() {
        return (double) engine.ringFill() / engine.settings().ringCapacity();
    }

    @Override
    public Optional<Throwable> failure() {
        return engine.isRunning() ? Optional.empty() : engine.failure();
    }

    @Override
    public long retainedTimestamps() {
        return engine.ledger().count(Counter.LIVE_TIMESTAMPS);
    }

    @Override
    public List<BusyKey> busiest(int limit) {
        return BusyKey.busiest(engine, limit);
    }

    @Override
    public void close() {
        listener.close();
        long[] sum = new long[1];
        if (counts().pending() == 0) {
            // a witness of its own: no counter of the ledger had a hand in it
            engine.forEachKey((key, stats) -> sum[0] += stats.events);
            eventsInStates = sum[0];
        }
        engine.close();
    }
}
