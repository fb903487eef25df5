package io.trafilo.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A server that receives StatsD: how to run it with nothing else to do, and how it tells what it has handled. */
enum Peer {
    COLLECTD,
    NETDATA,
    STATSD,
    RSYSLOG,
    TRAFILO,
    TRAFILO_RUN_TO_COMPLETION;

    private static final String NETDATAS_COUNTERS =
            "http://127.0.0.1:${secondPort}/api/v1/allmetrics?format=prometheus&source=as-collected&filter=netdata.statsd_events";

    /**
     * A peer that is on this machine.
     *
     * @param path where its program is; empty for the engine
     */
    record Program(Peer peer, Path path, String version) {}

    /** What to run; nothing for the engine, which is in this jar. */
    @Nullable
    PeerSoftware software() {
        return switch (this) {
            case COLLECTD -> PeerSoftware.ofDebian("collectd", "-h", "collectd-core");
            case NETDATA -> PeerSoftware.ofDebian("netdata", "-V", "netdata-core");
            case STATSD ->
                new PeerSoftware(
                        "statsd", "", "npm install --prefix DIR statsd, then PATH=DIR/node_modules/.bin:$PATH");
            case RSYSLOG -> PeerSoftware.ofDebian("rsyslogd", "-v", "rsyslog");
            case TRAFILO, TRAFILO_RUN_TO_COMPLETION -> null;
        };
    }

    /** What follows the program on its command line, with {@code ${...}} for what a {@link PeerPlace} knows. */
    List<String> arguments() {
        return switch (this) {
            case COLLECTD -> List.of("-f", "-C", "${configuration}");
            case NETDATA -> List.of("-D", "-c", "${configuration}");
            case STATSD -> List.of("${configuration}");
            case RSYSLOG -> List.of("-n", "-f", "${configuration}", "-i", "${directory}/pid");
            case TRAFILO -> List.of();
            case TRAFILO_RUN_TO_COMPLETION -> List.of("--run-to-completion");
        };
    }

    /** Whether it is Trafilo, which tells what it has handled when it has ended; others do so every few seconds. */
    boolean isEngine() {
        return software() == null;
    }

    /** How many datagrams it says it has handled since it started. */
    long handled(PeerPlace place) throws IOException {
        return switch (this) {
            case COLLECTD -> PeerCounts.inLastLines(place.directory().resolve("csv/peers/statsd"));
            case NETDATA -> PeerCounts.ofNetdata(PeerCounts.page(place.fill(NETDATAS_COUNTERS)));
            case STATSD -> PeerCounts.ofStatsd(PeerCounts.text(place.output()));
            case RSYSLOG ->
                PeerCounts.ofRsyslog(PeerCounts.text(place.directory().resolve("statistics")));
            case TRAFILO, TRAFILO_RUN_TO_COMPLETION -> PeerCounts.inLedger(place);
        };
    }

    /** As a command line and a report have it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
