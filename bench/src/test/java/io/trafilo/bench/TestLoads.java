package io.trafilo.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;

/** Load runs and their reports, made up. */
final class TestLoads {
    private TestLoads() {}

    static LoadCounts counts(long received, long handled, long pending) {
        return new LoadCounts(received, handled, pending, Map.of(LoadCounts.KERNEL, 0L), List.of(), Map.of());
    }

    /** Runs a command of a test's own making with a short load and gives its exit code. */
    static int line(LoadCommand command, String rate, String duration, String... more) {
        List<String> arguments = new ArrayList<>(List.of(rate, duration, "--warmup=0s", "--keys=10"));
        arguments.addAll(List.of(more));
        return parser(command).execute(arguments.toArray(String[]::new));
    }

    static CommandLine parser(Object command) {
        return new CommandLine(command)
                .registerConverter(Duration.class, new DurationConverter())
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    static LoadSettings settings(String... more) {
        LoadCommand command = new LoadCommand(new TestConsole().console());
        List<String> arguments =
                new ArrayList<>(List.of("--rate", "1000", "--duration", "300ms", "--warmup", "0s", "--keys", "10"));
        arguments.addAll(List.of(more));
        parser(command).parseArgs(arguments.toArray(String[]::new));
        return command.settings();
    }

    static LoadReport report(long sent, LoadCounts end, long measuredByHandler) {
        return report(settings(), sent, end, measuredByHandler);
    }

    static LoadReport report(LoadSettings settings, long sent, LoadCounts end, long measuredByHandler) {
        return report(settings, sent, end, measuredByHandler, Double.NaN);
    }

    static LoadReport report(
            LoadSettings settings, long sent, LoadCounts end, long measuredByHandler, double stealPercent) {
        Histogram histogram = new Histogram(3);
        histogram.recordValueWithCount(1_000, measuredByHandler);
        Latency latency = Latency.of(histogram);
        return LoadReport.of(
                settings,
                new LoadReport.Environment("nio", 1, "nio", 1, "jdk", 1, "processor", "os"),
                LoadPhase.NONE,
                new LoadPhase(BlastResult.of(sent, 1, 0, Map.of()), LoadCounts.NONE, end, 1),
                settings.engine() == LoadEngine.BARE ? null : new LoadReport.Latencies(latency, latency),
                new Usage(1, 1, 0, 0, 0, 1, stealPercent),
                List.of(new LoadSampler.Sample(0.2, 5, 4, 1, 0.5), new LoadSampler.Sample(0.4, 5, 4, 1, null)),
                settings.engine() == LoadEngine.TRAFILO ? List.of(new BusyKey("svc0", 3, 2, 1, 4)) : List.of());
    }

    /** A run of an engine that handled so many datagrams in a second, of those that were sent. */
    static LoadRun run(LoadEngine engine, long sent, long handled) {
        LoadCounts end = new LoadCounts(
                handled, handled, 0, Map.of(LoadCounts.KERNEL, sent - handled), List.of(), Map.of("received", handled));
        LoadSettings settings = settings("--engine", engine.label());
        LoadReport report = report(settings, sent, end, handled);
        LoadPhase phase =
                new LoadPhase(BlastResult.of(sent, 1_000_000_000, 0, Map.of()), LoadCounts.NONE, end, 1_000_000_000);
        LoadReport.Latencies latencies = report.latencyMicros() == null
                ? null
                : new LoadReport.Latencies(report.latencyMicros(), report.latencyMicros());
        return LoadRun.of(LoadReport.of(
                settings,
                report.environment(),
                LoadPhase.NONE,
                phase,
                latencies,
                new Usage(handled, handled, 0, 0, 0, 1 << 20, Double.NaN),
                report.samples(),
                report.busiestKeys()));
    }
}
