package io.trafilo.bench;

import io.trafilo.Key;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Engine, listener and blaster in one go, over loopback: a warm-up, then the measured phase. Each phase ends when every
 * datagram sent is accounted for, or no more come, so that the counts of the two do not mix.
 */
final class LoadTest {
    private static final int BUSIEST = 10;
    private static final long SETTLE_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    /** More than the listener takes between two looks at the kernel's count of drops. */
    private static final long NO_PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(3);
    /** How much later than planned a blaster may be. */
    private static final long OVERTIME_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final LoadSettings settings;
    private final Console console;
    private final TargetFactory targets;
    private final Runnable tick;
    private final BooleanSupplier stop;
    private final LatencyRecorder latencies;
    private LoadCounts before = LoadCounts.NONE;
    private List<LoadSampler.Sample> samples = List.of();

    /** Opens what is put under load. */
    interface TargetFactory {
        LoadTarget open(LoadSettings settings, LatencyRecorder latencies, PrintStream err) throws IOException;
    }

    LoadTest(LoadSettings settings, Console console, TargetFactory targets) {
        this(settings, console, targets, () -> false);
    }

    LoadTest(LoadSettings settings, Console console, TargetFactory targets, BooleanSupplier stop) {
        this(settings, console, targets, new LatencyRecorder(false), () -> {}, stop);
    }

    /**
     * @param tick is called about five times a second of the measured phase
     * @param stop whether to end early, with what was measured so far
     */
    LoadTest(
            LoadSettings settings,
            Console console,
            TargetFactory targets,
            LatencyRecorder latencies,
            Runnable tick,
            BooleanSupplier stop) {
        this.settings = settings;
        this.console = console;
        this.targets = targets;
        this.latencies = latencies;
        this.tick = tick;
        this.stop = stop;
    }

    static LoadTarget open(LoadSettings settings, LatencyRecorder latencies, PrintStream err) throws IOException {
        return switch (settings.engine()) {
            case TRAFILO -> new TrafiloTarget(settings, latencies, err);
            case PLAIN -> new PlainTarget(settings, latencies);
            case BARE -> new BareTarget(settings);
        };
    }

    LoadReport run() throws IOException, InterruptedException {
        LoadTarget target = targets.open(settings, latencies, console.err());
        LoadReport.Environment environment;
        LoadPhase warmup;
        LoadPhase measured;
        Usage.Meter meter;
        List<BusyKey> busiest;
        try (target;
                GcPauses pauses = new GcPauses(stop);
                BlasterProcess blaster =
                        BlasterProcess.start(settings.traffic(), target.socket().address(), settings.rate())) {
            environment = LoadReport.Environment.of(target.socket(), blaster.ready());
            console.say("%s: %s", settings.engine().label(), environment.text());
            warmup = settings.warmup().isZero()
                    ? LoadPhase.NONE
                    : phase("warm-up", target, blaster, settings.warmup(), () -> {}, () -> {});
            if (stop.getAsBoolean()) {
                throw new FailureException("stopped while warming up: nothing was measured");
            }
            latencies.begin();
            meter = new Usage.Meter(pauses, target);
            measured = phase("measured", target, blaster, settings.duration(), tick, meter);
            busiest = target.busiest(BUSIEST);
        }
        target.failure()
                .ifPresent(failure -> console.err().println("the engine failed: " + Key.printable(failure.toString())));
        return LoadReport.of(
                settings,
                environment,
                warmup,
                new LoadPhase(measured.blast(), measured.before(), target.counts(), measured.nanos()),
                target.recordsLatency()
                        ? LoadReport.Latencies.of(latencies, measured.blast().skipped())
                        : null,
                meter.usage(),
                samples,
                busiest);
    }

    private LoadPhase phase(
            String name,
            LoadTarget target,
            BlasterProcess blaster,
            Duration duration,
            Runnable tickOfPhase,
            Runnable atRest)
            throws IOException, InterruptedException {
        LoadSampler sampler = new LoadSampler(target, duration, System::nanoTime);
        LiveLine live = new LiveLine(console, name, sampler.last());
        long startNanos = System.nanoTime();
        blaster.begin(duration);
        boolean told = false;
        BlastResult result = blaster.await(sampler.periodNanos());
        while (result == null) {
            if (!told && stop.getAsBoolean()) {
                blaster.stop();
                told = true;
            }
            sampler.sample();
            live.print(sampler.last(), false);
            tickOfPhase.run();
            Optional<Throwable> failure = target.failure();
            if (failure.isPresent()) {
                throw new FailureException("the engine stopped: " + failure.get());
            }
            if (System.nanoTime() - startNanos - duration.toNanos() > OVERTIME_NANOS) {
                throw new FailureException("the blaster does not come to an end");
            }
            result = blaster.await(sampler.periodNanos());
        }
        sampler.sample();
        long endNanos = settle(target, before.arrived() + result.sent(), atRest);
        sampler.end(endNanos);
        live.print(sampler.last(), true);
        samples = sampler.samples();
        LoadPhase phase = new LoadPhase(result, before, target.counts(), endNanos - startNanos);
        before = phase.after();
        return phase;
    }

    /**
     * Waits until all that was sent is received or known as dropped, and handled; gives up when nothing moves. Tells when the
     * target is at rest: it has nothing to do, and nothing came since the look before. Returns when it last saw something handled.
     */
    private static long settle(LoadTarget target, long sent, Runnable atRest) {
        LoadCounts last = target.counts();
        long progressNanos = System.nanoTime();
        long handledNanos = progressNanos;
        boolean resting = false;
        while ((last.arrived() < sent || last.pending() != 0)
                && System.nanoTime() - progressNanos < NO_PROGRESS_NANOS
                && target.failure().isEmpty()) {
            LockSupport.parkNanos(SETTLE_POLL_NANOS);
            LoadCounts now = target.counts();
            if (now.arrived() != last.arrived() || now.handled() != last.handled()) {
                progressNanos = System.nanoTime();
            }
            if (now.handled() != last.handled()) {
                handledNanos = System.nanoTime();
            }
            // drops are learned late, and under UDP_GRO one may stand for several: the wait for them is not the
            // target's
            if (!resting && now.pending() == 0 && now.received() == last.received()) {
                resting = true;
                atRest.run();
            }
            last = now;
        }
        if (!resting) {
            atRest.run();
        }
        return handledNanos;
    }
}
