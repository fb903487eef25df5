package io.trafilo.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a load test and says whether every datagram is accounted for. */
@Command(
        name = "load",
        description =
                "Runs an engine under load from a blaster in a process of its own, over loopback, and reports rate,"
                        + " latency and every counter. Ends with 1 if the sums do not close.")
final class LoadCommand implements Callable<Integer> {
    private final Console console;

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
        Json.checkWritable("--json", json);
        TrafficOptions.checkRate(rate);
        if (duration.isZero()) {
            throw SettingException.of("--duration", "0s", "more than 0");
        }
        LoadSettings settings = new LoadSettings(rate, duration, warmup, traffic, engineOptions, listenerOptions);
        LoadReport report = new LoadTest(settings, console).run();
        console.out().print(report.text());
        console.out().flush();
        if (json != null) {
            Json.writeFile(json, report.asMap());
        }
        return report.conserved() ? 0 : 1;
    }
}
