package io.trafilo.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Measures the engine beside the StatsD servers that people run. */
@Command(
        name = "peers",
        description =
                "Sends counters of StatsD to the engine and to other servers, one at a time, on this machine, as fast"
                        + " as it can: how many each handles, and the processor time each takes.",
        footer = {
            "",
            "A peer has a minimal configuration in a temporary directory, handles StatsD",
            "and nothing else, and runs in the foreground until its run is over. rsyslog",
            "does not know StatsD, and only parses messages. Peers that are not installed",
            "are skipped. Handled is what was sent, less what the kernel dropped at the",
            "peer's socket; the peer's own count, warm-up included, must be the same, or",
            "the exit code is 1. Processor time is that of all its threads and children."
        })
final class PeersCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Console console;

    @Option(names = "--peers", paramLabel = "<peers>", split = ",", splitSynopsisLabel = ",")
    List<Peer> peers = List.of(Peer.values());

    @Option(names = "--rounds", paramLabel = "<count>", defaultValue = "5")
    @Range(min = 1, max = 1_000)
    int rounds;

    @Option(names = "--duration", paramLabel = "<time>", defaultValue = "10s")
    Duration duration = Duration.ZERO;

    @Option(names = "--warmup", paramLabel = "<time>", defaultValue = "9s")
    Duration warmup = Duration.ZERO;

    @Option(names = "--keys", paramLabel = "<count>", defaultValue = "1000")
    @Range(min = 1, max = 1_000_000)
    int keys;

    @Option(names = "--json", paramLabel = "<file>")
    @Nullable
    Path json;

    PeersCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Json.checkWritable("--json", json);
        if (duration.isZero() || warmup.isZero()) {
            throw SettingException.of(duration.isZero() ? "--duration" : "--warmup", "0s", "more than 0");
        }
        Map<String, String> skipped = new LinkedHashMap<>();
        List<Peer.Program> programs = find(skipped);
        List<PeerRun> runs = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        TrafficOptions traffic = traffic();
        try (StopSignal signal = new StopSignal(PATIENCE, null)) {
            PeerTrial trial = new PeerTrial(traffic, warmup, duration, signal);
            List<Peer.Program> order = new ArrayList<>(programs);
            for (int round = 1; round <= rounds && !signal.isRequested(); round++) {
                for (Peer.Program program : order) {
                    if (!signal.isRequested()) {
                        run(trial, program, round, runs, failures);
                    }
                }
                // so that nobody always comes after the same
                Collections.rotate(order, 1);
            }
            if (runs.isEmpty()) {
                // said here, since the JVM ends as soon as the signal is closed
                console.err().println("nothing was measured");
                return ExitCode.SOFTWARE;
            }
            PeerReport.Setting setting = PeerReport.Setting.of(rounds, warmup, duration, traffic);
            PeerReport report = PeerReport.of(setting, programs, skipped, runs, failures);
            console.out().print(report.text());
            console.out().flush();
            if (json != null) {
                Json.writeFile(json, report);
            }
            return report.complaints().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
        }
    }

    private List<Peer.Program> find(Map<String, String> skipped) throws IOException, InterruptedException {
        List<Peer.Program> programs = new ArrayList<>();
        for (Peer peer : EnumSet.copyOf(peers)) {
            PeerSoftware software = peer.software();
            if (software == null) {
                String version = Main.class.getPackage().getImplementationVersion();
                programs.add(new Peer.Program(peer, Path.of(""), version == null ? "unknown" : version));
                continue;
            }
            Optional<Path> program =
                    software.find(Optional.ofNullable(System.getenv("PATH")).orElse(""));
            if (program.isPresent()) {
                programs.add(new Peer.Program(peer, program.get(), software.version(program.get())));
            } else {
                String how = "no " + software.program() + " found; " + software.installation();
                skipped.put(peer.toString(), how);
                console.err().println("skipped: " + peer + ", " + how);
            }
        }
        return programs;
    }

    private void run(PeerTrial trial, Peer.Program program, int round, List<PeerRun> runs, List<String> failures)
            throws IOException, InterruptedException {
        try {
            PeerRun run = trial.run(program, round);
            runs.add(run);
            console.err().println(run.text());
        } catch (FailureException failure) {
            failures.add("round " + round + " " + program.peer() + ": " + failure.getMessage());
            console.err().println(failures.get(failures.size() - 1));
        }
    }

    /** One line a datagram, each as short as it can be. */
    private TrafficOptions traffic() {
        TrafficOptions traffic = new TrafficOptions();
        traffic.format = MessageSet.Form.STATSD;
        traffic.keys = keys;
        traffic.sizeBytes = traffic.format.leastBytes(keys);
        traffic.segments = 1;
        traffic.zipfExponent = 1;
        traffic.seed = 1;
        traffic.check();
        return traffic;
    }
}
