package io.trafilo.bench;

import io.trafilo.EngineClock;
import io.trafilo.Ledger;
import io.trafilo.Trafilo;
import io.trafilo.netty.UdpListener;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Engine, listener and blaster in one go, over loopback: a warm-up, then the measured phase. Each phase ends when every
 * datagram sent is accounted for, or no more come, so that the counts of the two do not mix.
 */
final class LoadTest {
    private static final int BUSIEST = 10;
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long SETTLE_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    /** More than the listener takes between two looks at the kernel's count of drops. */
    private static final long NO_PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(3);
    /** How much later than planned a blaster may be. */
    private static final long OVERTIME_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final LoadSettings settings;
    private final PrintStream out;
    private final PrintStream err;
    private final EngineClock clock = EngineClock.anchored();
    private final LatencyRecorder latencies = new LatencyRecorder();

    LoadTest(LoadSettings settings, Console console) {
        this.settings = settings;
        this.out = console.out();
        this.err = console.err();
    }

    LoadReport run() throws IOException, InterruptedException {
        Trafilo<KeyStats> engine = build();
        LoadPhase warmup;
        BlastResult measured;
        List<BusyKey> busiest;
        LoadReport.Environment environment;
        try (engine) {
            engine.start();
            try (UdpListener listener = settings.listener().start(engine, "127.0.0.1", 0, List.of());
                    BlasterProcess blaster =
                            BlasterProcess.start(settings.traffic(), listener.address(), settings.rate())) {
                environment = LoadReport.Environment.of(listener, blaster);
                out.println(environment.text());
                warmup = warmUp(engine, blaster);
                latencies.begin();
                measured = phase(
                        "measured",
                        engine,
                        blaster,
                        settings.duration(),
                        warmup.blast().sent());
                busiest = BusyKey.busiest(engine, BUSIEST);
            }
        }
        Ledger end = engine.ledger();
        engine.failure().ifPresent(failure -> err.println("the engine failed: " + failure));
        return new LoadReport(
                settings,
                environment,
                warmup,
                new LoadPhase(measured, warmup.after(), end),
                LoadReport.Latency.of(latencies),
                busiest);
    }

    private Trafilo<KeyStats> build() {
        Trafilo.Builder<KeyStats> builder = Trafilo.<KeyStats>builder()
                .state(key -> new KeyStats())
                .handler((event, stats) -> {
                    stats.events++;
                    latencies.record(event.receiptNanos(), clock.nanoTime());
                })
                .sink((window, stats) -> {
                    stats.windowCount = window.count();
                    stats.windowStartNanos = window.startNanos();
                    stats.windowEndNanos = window.endNanos();
                })
                .errorListener(new ConsoleErrors(err))
                .clock(clock);
        settings.engine().apply(builder);
        builder.maxMessageLength(Math.max(settings.traffic().sizeBytes, 2048));
        builder.maxClaim(settings.traffic().sizeBytes > 2048 ? 32 : 64);
        builder.maxKeys(Math.max(settings.traffic().keys, 1_000_000));
        return SettingException.naming("settings", builder::build);
    }

    private LoadPhase warmUp(Trafilo<KeyStats> engine, BlasterProcess blaster)
            throws IOException, InterruptedException {
        if (settings.warmup().isZero()) {
            return LoadPhase.none(engine.ledger());
        }
        BlastResult blast = phase("warm-up", engine, blaster, settings.warmup(), 0);
        return new LoadPhase(blast, null, engine.ledger());
    }

    private BlastResult phase(
            String name, Trafilo<KeyStats> engine, BlasterProcess blaster, Duration duration, long sentBefore)
            throws IOException, InterruptedException {
        LiveLine live = new LiveLine(out, engine, name);
        long startNanos = System.nanoTime();
        blaster.begin(duration);
        BlastResult result = blaster.await(TICK_NANOS);
        while (result == null) {
            live.print();
            if (!engine.isRunning()) {
                throw new FailureException("the engine stopped: " + engine.failure());
            }
            if (System.nanoTime() - startNanos - duration.toNanos() > OVERTIME_NANOS) {
                throw new FailureException("the blaster does not come to an end");
            }
            result = blaster.await(TICK_NANOS);
        }
        settle(engine, sentBefore + result.sent());
        live.print();
        return result;
    }

    /** Waits until all that was sent is received or known as dropped, and handled; gives up when nothing moves. */
    private static void settle(Trafilo<?> engine, long sent) {
        Ledger last = engine.ledger();
        long progressNanos = System.nanoTime();
        while (!isSettled(last, sent) && System.nanoTime() - progressNanos < NO_PROGRESS_NANOS && engine.isRunning()) {
            LockSupport.parkNanos(SETTLE_POLL_NANOS);
            Ledger now = engine.ledger();
            if (arrived(now) != arrived(last) || finished(now) != finished(last)) {
                progressNanos = System.nanoTime();
            }
            last = now;
        }
    }

    private static boolean isSettled(Ledger ledger, long sent) {
        return arrived(ledger) >= sent
                && finished(ledger) == ledger.events()
                && ledger.published() == ledger.parsed() + ledger.parseFailed() + ledger.malformed();
    }

    private static long arrived(Ledger ledger) {
        return ledger.received() + ledger.kernelDropped();
    }

    private static long finished(Ledger ledger) {
        return ledger.handled() + ledger.handlerFailed() + ledger.keyRefused();
    }
}
