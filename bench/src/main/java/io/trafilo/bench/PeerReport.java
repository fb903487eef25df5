package io.trafilo.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The runs of all peers and their medians.
 *
 * @param skipped peers that are not there, and how to get them
 */
record PeerReport(
        @Inline Setting setting,
        List<Median> medians,
        List<Ratio> ratios,
        Map<String, String> skipped,
        List<String> complaints,
        List<PeerRun> runs) {
    /** A peer that drops less could handle more. */
    private static final double SENDERS_LIMIT_PERCENT = 1;

    /** What was measured, and on what. */
    record Setting(
            int rounds,
            Duration warmup,
            Duration duration,
            int keys,
            int size,
            String transport,
            int cpus,
            String processor,
            String os,
            String jdk) {
        static Setting of(int rounds, Duration warmup, Duration duration, TrafficOptions traffic) {
            return new Setting(
                    rounds,
                    warmup,
                    duration,
                    traffic.keys,
                    traffic.sizeBytes,
                    "one datagram a packet",
                    Runtime.getRuntime().availableProcessors(),
                    Proc.processor(),
                    System.getProperty("os.name") + " " + System.getProperty("os.version"),
                    System.getProperty("java.vm.name") + " " + Runtime.version());
        }
    }

    /** One peer over its rounds. */
    record Median(
            String peer,
            String version,
            int rounds,
            Spread handledPerSecond,
            Spread cpuMicrosPerDatagram,
            Spread droppedPercent) {}

    /** The engine's figures by those of a peer, each taken within a round. */
    record Ratio(String engine, String peer, Spread handledPerSecond, Spread cpuMicrosPerDatagram) {}

    static PeerReport of(
            Setting setting,
            List<Peer.Program> programs,
            Map<String, String> skipped,
            List<PeerRun> runs,
            List<String> failures) {
        Map<Peer, List<PeerRun>> byPeer = new EnumMap<>(Peer.class);
        List<Median> medians = new ArrayList<>();
        for (Peer.Program program : programs) {
            List<PeerRun> its = runs.stream()
                    .filter(run -> run.peer().equals(program.peer().toString()))
                    .toList();
            if (!its.isEmpty()) {
                byPeer.put(program.peer(), its);
                medians.add(median(program.version(), its));
            }
        }
        List<String> complaints = new ArrayList<>(failures);
        runs.stream().map(PeerRun::complaint).filter(text -> !text.isEmpty()).forEach(complaints::add);
        return new PeerReport(setting, medians, ratios(byPeer), skipped, complaints, runs);
    }

    private static List<Ratio> ratios(Map<Peer, List<PeerRun>> byPeer) {
        List<Ratio> ratios = new ArrayList<>();
        byPeer.forEach((engine, ours) -> byPeer.forEach((peer, theirs) -> {
            if (engine.isEngine() && !peer.isEngine()) {
                ratios.add(ratio(ours, theirs));
            }
        }));
        return ratios;
    }

    private static Median median(String version, List<PeerRun> runs) {
        return new Median(
                runs.get(0).peer(),
                version,
                runs.size(),
                spread(runs, PeerRun::handledPerSecond),
                spread(runs, PeerRun::cpuMicrosPerDatagram),
                spread(runs, PeerRun::droppedPercent));
    }

    private static Spread spread(List<PeerRun> runs, ToDoubleFunction<PeerRun> figure) {
        return Spread.of(runs.stream().mapToDouble(figure).toArray());
    }

    private static Ratio ratio(List<PeerRun> ours, List<PeerRun> theirs) {
        return new Ratio(
                ours.get(0).peer(),
                theirs.get(0).peer(),
                ratios(ours, theirs, PeerRun::handledPerSecond),
                ratios(ours, theirs, PeerRun::cpuMicrosPerDatagram));
    }

    private static Spread ratios(List<PeerRun> ours, List<PeerRun> theirs, ToDoubleFunction<PeerRun> figure) {
        return Spread.of(ours.stream()
                .flatMapToDouble(our -> theirs.stream()
                        .filter(their -> their.round() == our.round())
                        .mapToDouble(their -> figure.applyAsDouble(our) / figure.applyAsDouble(their)))
                .toArray());
    }

    /** For the console. */
    String text() {
        StringBuilder out = new StringBuilder();
        line(out, "%n%s, %d processors, %s; %s", setting.os, setting.cpus, setting.processor, setting.jdk);
        line(
                out,
                "medians of %d rounds of %s; %,d keys, %d bytes, %s; the sender alone %s/s",
                setting.rounds,
                DurationConverter.text(setting.duration),
                setting.keys,
                setting.size,
                setting.transport,
                spread(runs, PeerRun::senderCeiling).text(0));
        line(
                out,
                "%n%-26s %-14s %-34s %-24s %s",
                "",
                "version",
                "handled per second",
                "us of processor time",
                "dropped, %");
        for (Median median : medians) {
            line(
                    out,
                    "%-26s %-14s %-34s %-24s %s",
                    median.peer,
                    median.version,
                    median.handledPerSecond.text(0),
                    median.cpuMicrosPerDatagram.text(2),
                    median.droppedPercent.text(1));
        }
        if (!ratios.isEmpty()) {
            line(out, "%n%-54s %-24s %s", "", "handled per second", "processor time");
        }
        for (Ratio ratio : ratios) {
            line(
                    out,
                    "%-54s %-24s %s",
                    ratio.engine + " by " + ratio.peer,
                    ratio.handledPerSecond.text(2),
                    ratio.cpuMicrosPerDatagram.text(2));
        }
        for (Median median : medians) {
            if (median.droppedPercent.median() < SENDERS_LIMIT_PERCENT) {
                line(out, "%s dropped next to nothing: its rate is the sender's, not its own", median.peer);
            }
        }
        skipped.forEach((peer, how) -> line(out, "skipped: %s, %s", peer, how));
        complaints.forEach(complaint -> line(out, "%s", complaint));
        return out.toString();
    }

    private static void line(StringBuilder out, String format, Object... values) {
        out.append(Console.format(format, values)).append(System.lineSeparator());
    }
}
