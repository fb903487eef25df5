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

    private static CommandLine parser(LoadCommand command) {
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
        return new LoadReport(
                settings,
                new LoadReport.Environment("nio", 1, "nio", 1, "jdk", 1, "processor"),
                LoadPhase.none(),
                new LoadPhase(new BlastResult(sent, 1, 0, Map.of()), LoadCounts.NONE, end, 1),
                new LoadReport.Latencies(latency, latency),
                new Usage(1, 1, 0, 0, 1, stealPercent),
                0,
                List.of(new LoadSample(0.2, 5, 4, 1, 0.5), new LoadSample(0.4, 5, 4, 1, Double.NaN)),
                List.of());
    }
}
