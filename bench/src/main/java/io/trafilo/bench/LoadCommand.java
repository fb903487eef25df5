package io.trafilo.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a load test and says whether every datagram is accounted for. */
@Command(
        name = "load",
        description =
                "Runs an engine under load from a blaster in a process of its own, over loopback, and reports rate,"
                        + " latency and every counter. Ends with 1 if the sums do not close.")
final class LoadCommand implements Callable<Integer> {
    private static final int MAX_ROUNDS = 1_000;

    private final Console console;

    @Spec
    @Nullable
    CommandSpec commandSpec;

    @Option(
            names = "--engine",
            paramLabel = "trafilo|plain|bare",
            description = "What to load: the engine, a baseline written with the JDK alone, or Netty alone, counting"
                    + " (default: ${DEFAULT-VALUE}).",
            defaultValue = "trafilo")
    LoadEngine engine = LoadEngine.TRAFILO;

    @Option(
            names = "--rate",
            paramLabel = "<n>",
            description = "Datagrams per second, 0 for as fast as it can (default: ${DEFAULT-VALUE}).",
            defaultValue = "100000")
    long rate;

    @Option(
            names = "--duration",
            paramLabel = "<time>",
            description = "How long to measure (default: ${DEFAULT-VALUE}).",
            defaultValue = "10s")
    Duration duration = Duration.ZERO;

    @Option(
            names = "--warmup",
            paramLabel = "<time>",
            description = "How long to warm up before, counted apart (default: ${DEFAULT-VALUE}).",
            defaultValue = "3s")
    Duration warmup = Duration.ZERO;

    @Option(
            names = "--vs",
            paramLabel = "trafilo|plain|bare",
            description = "Compare with another engine: runs in turn, medians, ratios round by round.")
    @Nullable
    LoadEngine vs;

    @Option(
            names = "--rounds",
            paramLabel = "<n>",
            description = "How many runs of each engine, each in a JVM of its own (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    int rounds;

    @Option(
            names = "--ramp",
            description = "Instead of one run at --rate, find the highest rate without loss, by bisection.")
    boolean ramp;

    @Option(
            names = "--soak",
            paramLabel = "<time>",
            description =
                    "Instead of --duration: run for so long, at 70 %% of what it can unless --rate is given, and end"
                            + " with 1 if memory, threads, files or latency grow.")
    @Nullable
    Duration soak;

    @Option(names = "--json", paramLabel = "<file>", description = "Write the report to a file, too.")
    @Nullable
    Path json;

    @Mixin
    TrafficOptions traffic = new TrafficOptions();

    @Mixin
    EngineOptions engineOptions = new EngineOptions();

    @Mixin
    ListenerOptions listenerOptions = new ListenerOptions();

    LoadCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        traffic.check();
        traffic.checkStamped();
        Json.checkWritable("--json", json);
        TrafficOptions.checkRate(rate);
        if (duration.isZero()) {
            throw SettingException.of("--duration", "0s", "more than 0");
        }
        SettingException.inRange("--rounds", rounds, 1, MAX_ROUNDS);
        boolean series = vs != null || rounds != 1 || ramp;
        if (soak != null) {
            if (series || soak.compareTo(Soak.SHORTEST) < 0) {
                throw SettingException.of(
                        "--soak", DurationConverter.text(soak), "at least 30s, without --vs, --rounds and --ramp");
            }
            return runSoak(soak);
        }
        return series ? runSeries() : runOnce();
    }

    private int runSeries() throws IOException, InterruptedException {
        CommandSpec spec = Objects.requireNonNull(commandSpec);
        List<String> arguments = spec.root().commandLine().getParseResult().originalArgs();
        LoadChild child =
                new LoadChild(arguments.subList(arguments.indexOf(spec.name()) + 1, arguments.size()), console);
        LoadSeries.Run run =
                ramp ? of -> LoadRamp.search(stepRate -> child.run(of, stepRate), console) : of -> child.run(of, rate);
        LoadSeries series = LoadSeries.run(engine, vs, rounds, run, console);
        console.out().print(series.text());
        console.out().flush();
        if (json != null) {
            Json.writeFile(json, series.asMap());
        }
        return 0;
    }

    private int runOnce() throws IOException, InterruptedException {
        LoadReport report = new LoadTest(settings(), console).run();
        console.out().print(report.text());
        console.out().flush();
        if (json != null) {
            Json.writeFile(json, report.asMap());
        }
        return report.conserved() ? 0 : 1;
    }

    private int runSoak(Duration length) throws IOException, InterruptedException {
        CommandSpec spec = Objects.requireNonNull(commandSpec);
        boolean rateGiven = spec.commandLine().getParseResult().hasMatchedOption("--rate");
        Soak soakTest = Soak.run(settings(), length, rateGiven, console);
        console.out().print(soakTest.text());
        console.out().flush();
        if (json != null) {
            Json.writeFile(json, soakTest.asMap());
        }
        return soakTest.passed() ? 0 : 1;
    }

    LoadSettings settings() {
        return new LoadSettings(engine, rate, duration, warmup, traffic, engineOptions, listenerOptions);
    }
}
