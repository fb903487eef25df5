package io.trafilo.bench;

import io.trafilo.Key;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Runs a load test and says whether every datagram is accounted for. */
@Command(
        name = "load",
        description =
                "Runs an engine under load from a blaster in a process of its own, over loopback, and reports rate,"
                        + " latency and every counter. Ends with 1 if the sums do not close or a run failed."
                        + " Ctrl-C ends it early, with what was measured so far and the exit code 130.")
final class LoadCommand implements Callable<Integer> {
    /** For the datagrams under way, and for the engine to close. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Console console;
    private final LoadTest.TargetFactory targets;

    @Spec
    @Nullable
    CommandSpec commandSpec;

    @Option(names = "--engine", paramLabel = "trafilo|plain|bare", defaultValue = "trafilo")
    LoadEngine engine = LoadEngine.TRAFILO;

    @Option(names = "--duration", paramLabel = "<time>", defaultValue = "10s")
    Duration duration = Duration.ZERO;

    @Option(names = "--warmup", paramLabel = "<time>", defaultValue = "9s")
    Duration warmup = Duration.ZERO;

    @Option(names = "--vs", paramLabel = "trafilo|plain|bare")
    @Nullable
    LoadEngine vs;

    @Option(names = "--rounds", paramLabel = "<count>", defaultValue = "1")
    @Range(min = 1, max = 1_000)
    int rounds;

    @Option(names = "--ramp")
    boolean ramp;

    @Option(names = "--soak", paramLabel = "<time>")
    @Nullable
    Duration soak;

    @Option(names = "--json", paramLabel = "<file>")
    @Nullable
    Path json;

    @Option(names = "--report", paramLabel = "<dir>")
    @Nullable
    Path report;

    @Mixin
    TrafficOptions traffic = new TrafficOptions();

    @Mixin
    EngineOptions engineOptions = new EngineOptions();

    @Mixin
    ListenerOptions listenerOptions = new ListenerOptions();

    LoadCommand(Console console) {
        this(console, LoadTest::open);
    }

    LoadCommand(Console console, LoadTest.TargetFactory targets) {
        this.console = console;
        this.targets = targets;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        traffic.check();
        traffic.checkStamped();
        Json.checkWritable("--json", json);
        if (duration.isZero()) {
            throw SettingException.of("--duration", "0s", "more than 0");
        }
        if (vs == engine) {
            throw SettingException.of("--vs", engine.label(), "another engine than that of --engine");
        }
        boolean series = vs != null || rounds != 1 || ramp;
        if (soak != null) {
            if (series || report != null || soak.compareTo(Soak.SHORTEST) < 0) {
                throw SettingException.of(
                        "--soak",
                        DurationConverter.text(soak),
                        "at least 30s, without --vs, --rounds, --ramp and --report");
            }
        }
        LoadPage page = report == null ? null : new LoadPage("--report", report, arguments());
        try (StopSignal signal = new StopSignal(PATIENCE, null)) {
            return run(series, page, signal);
        }
    }

    private int run(boolean series, @Nullable LoadPage page, StopSignal signal)
            throws IOException, InterruptedException {
        try {
            if (soak != null) {
                return runSoak(soak, signal);
            }
            return series ? runSeries(page, signal) : runOnce(page, signal);
        } catch (FailureException failure) {
            if (!signal.isRequested()) {
                throw failure;
            }
            // said here, since the JVM ends as soon as the signal is closed
            console.err().println(Key.printable(String.valueOf(failure.getMessage())));
            return ExitCode.SOFTWARE;
        }
    }

    private ParseResult parsed() {
        return Objects.requireNonNull(commandSpec).commandLine().getParseResult();
    }

    /** Those behind the name of the command. */
    private List<String> arguments() {
        List<String> all = parsed().originalArgs();
        return all.subList(all.indexOf("load") + 1, all.size());
    }

    private int runSeries(@Nullable LoadPage page, StopSignal signal) throws IOException, InterruptedException {
        LoadChild child =
                new LoadChild(parsed().matchedOptions(), console, new Progress(console.err(), Terminal.isThere()));
        LoadSeries.Run run = ramp
                ? of -> LoadRamp.search(stepRate -> child.run(of, stepRate), console)
                : of -> child.run(of, traffic.rate);
        LoadSeries series = LoadSeries.run(engine, vs, rounds, run, signal::isRequested, console);
        if (signal.isRequested() && series.runs().isEmpty()) {
            throw new FailureException("stopped before a run was over");
        }
        keep(series.text(), series.report());
        if (page != null && series.runs().isEmpty()) {
            throw new FailureException("no report: every run failed");
        }
        if (page != null) {
            tell(page.write(title(), series.runs(), series.failures(), series.ratioTexts()));
        }
        return series.failures().isEmpty() ? 0 : 1;
    }

    private int runOnce(@Nullable LoadPage page, StopSignal signal) throws IOException, InterruptedException {
        LoadRun run = LoadRun.of(new LoadTest(settings(), console, targets, signal::isRequested).run());
        keep(LoadText.console(run), run);
        if (page != null) {
            tell(page.write(title(), List.of(run), List.of(), Map.of()));
        }
        return run.report().conserved() ? 0 : 1;
    }

    private void keep(String text, Record report) throws IOException {
        console.out().print(text);
        console.out().flush();
        if (json != null) {
            Json.writeFile(json, report);
        }
    }

    private void tell(Path pageFile) {
        console.say("%nreport: %s", pageFile);
    }

    private String title() {
        return "Load test of " + engine.label() + (vs == null ? "" : " against " + vs.label())
                + (ramp ? ": the highest rate without loss" : "");
    }

    private int runSoak(Duration length, StopSignal signal) throws IOException, InterruptedException {
        LoadRun run = Soak.run(settings(), length, parsed().hasMatchedOption("--rate"), console, signal::isRequested);
        SoakVerdict verdict = run.soak();
        keep(LoadText.console(run) + (verdict == null ? "" : verdict.text()), run);
        return run.report().conserved() && verdict != null && verdict.steady() ? 0 : 1;
    }

    LoadSettings settings() {
        return new LoadSettings(engine, traffic.rate, duration, warmup, traffic, engineOptions, listenerOptions);
    }
}
