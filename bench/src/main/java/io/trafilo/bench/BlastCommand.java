package io.trafilo.bench;

import io.trafilo.Key;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sends datagrams to a target. */
@Command(
        name = "blast",
        description = "Sends datagrams to a UDP port: \"svc<number> xxx...\", or lines of StatsD.",
        footer = {
            "",
            "Pace: a datagram is due every 1/rate, sent in bursts of half a millisecond's worth. A late",
            "sender sends at most 1 ms worth at once and makes up at 5/4 of the rate; what is more than",
            "100 ms late is skipped and counted. sent + failed + skipped = rate * duration.",
            "Datagrams that the kernel refuses, such as those to a closed port, count as failed; the exit",
            "code is 0 all the same."
        })
final class BlastCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Console console;

    @Option(names = "--target", paramLabel = "<host:port>", required = true)
    String target = "";

    @Option(names = "--duration", paramLabel = "<time>", defaultValue = "10s")
    Duration duration = Duration.ZERO;

    @Option(names = "--allow-remote")
    boolean allowRemote;

    @Option(names = "--json", paramLabel = "<file>")
    @Nullable
    Path json;

    @Option(names = "--format", paramLabel = "token|statsd", defaultValue = "token")
    MessageSet.Form format = MessageSet.Form.TOKEN;

    @Mixin
    TrafficOptions traffic = new TrafficOptions();

    /** What was done, and what was asked for. */
    private record Report(
            @Inline BlastResult result,
            String target,
            long rate,
            Duration duration,
            String format,
            @Inline TrafficOptions.Traffic traffic,
            String transport) {}

    BlastCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        traffic.format = format;
        traffic.check();
        Json.checkWritable("--json", json);
        InetSocketAddress address = LoopbackTarget.parse(target, allowRemote);
        try (DatagramSender sender = traffic.openSender(address, traffic.rate, false)) {
            Blaster blaster = new Blaster(sender, traffic.segments);
            try (StopSignal signal = new StopSignal(PATIENCE, blaster::stop)) {
                BlastResult result = blaster.run(traffic.rate, duration);
                if (signal.isRequested()) {
                    console.say("stopped before the time was over");
                }
                report(result, sender.transport());
            }
        }
        return 0;
    }

    private void report(BlastResult result, String transport) throws IOException {
        console.say(
                "sent %,d datagrams in %.3f s: %,.0f/s (%s)",
                result.sent(), result.seconds(), result.achievedRate(), transport);
        if (result.skipped() > 0) {
            console.say("skipped %,d: the sender came too late", result.skipped());
        }
        result.sendErrors().forEach((label, count) -> console.say("failed %,d: %s", count, Key.printable(label)));
        if (json != null) {
            String form = format.name().toLowerCase(Locale.ROOT);
            Json.writeFile(
                    json, new Report(result, target, traffic.rate, duration, form, traffic.traffic(), transport));
        }
    }
}
