package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PeerReportTest {
    private static final PeerReport.Setting SETTING = new PeerReport.Setting(
            3,
            Duration.ofSeconds(9),
            Duration.ofSeconds(2),
            1_000,
            15,
            "one datagram a packet",
            2,
            "cpu",
            "Linux 6",
            "vm");

    private final List<PeerRun> runs = new ArrayList<>();

    /** A run of 2 s in which 1,000,000 more were sent than read. */
    private void add(Peer peer, int round, long perSecond, double micros) {
        long read = 2 * perSecond;
        runs.add(new PeerRun(
                peer.toString(),
                round,
                read + 1_000_000,
                2,
                1_000_000,
                read * micros / 1e6,
                read + 5,
                read + 5,
                900_000));
    }

    private PeerReport report(String... failures) {
        List<Peer.Program> programs = List.of(
                new Peer.Program(Peer.NETDATA, Path.of(""), "1.37.1"),
                new Peer.Program(Peer.RSYSLOG, Path.of(""), "8.1"),
                new Peer.Program(Peer.TRAFILO, Path.of(""), "0.1"));
        return PeerReport.of(SETTING, programs, Map.of("collectd", "no collectd found"), runs, List.of(failures));
    }

    @Test
    void shouldGiveMediansOfEachPeerAndRatiosWithinARound() {
        add(Peer.NETDATA, 1, 600_000, 1.5);
        add(Peer.TRAFILO, 1, 500_000, 2.4);
        add(Peer.TRAFILO, 2, 300_000, 3.0);
        add(Peer.NETDATA, 2, 200_000, 2.0);
        add(Peer.NETDATA, 3, 500_000, 1.8);
        add(Peer.TRAFILO, 3, 400_000, 2.7);
        PeerReport report = report();

        assertThat(report.medians()).extracting(PeerReport.Median::peer).containsExactly("netdata", "trafilo");
        PeerReport.Median netdata = report.medians().get(0);
        assertThat(netdata.version()).isEqualTo("1.37.1");
        assertThat(netdata.rounds()).isEqualTo(3);
        assertThat(netdata.handledPerSecond()).isEqualTo(new Spread(500_000, 200_000, 600_000));
        assertThat(netdata.cpuMicrosPerDatagram().median()).isCloseTo(1.8, within(1e-9));
        assertThat(netdata.droppedPercent().median()).isCloseTo(50, within(1e-9));

        assertThat(report.ratios()).hasSize(1);
        PeerReport.Ratio ratio = report.ratios().get(0);
        assertThat(ratio.engine() + " by " + ratio.peer()).isEqualTo("trafilo by netdata");
        // by round 0.83, 1.5 and 0.8: not the ratio of the medians
        assertThat(ratio.handledPerSecond().median()).isCloseTo(5.0 / 6, within(1e-9));
        assertThat(ratio.cpuMicrosPerDatagram().median()).isCloseTo(1.5, within(1e-9));
        assertThat(report.complaints()).isEmpty();
    }

    @Test
    void shouldCompareOnlyRoundsThatBothHave() {
        add(Peer.NETDATA, 1, 600_000, 1.5);
        add(Peer.TRAFILO, 2, 300_000, 3.0);
        add(Peer.TRAFILO, 3, 400_000, 2.7);
        add(Peer.NETDATA, 3, 500_000, 1.8);
        PeerReport report = report("round 1 trafilo: ended with 1");
        assertThat(report.ratios().get(0).handledPerSecond().median()).isCloseTo(0.8, within(1e-9));
        assertThat(report.complaints()).containsExactly("round 1 trafilo: ended with 1");
        assertThat(report.text()).contains("round 1 trafilo: ended with 1");
    }

    @Test
    void shouldComplainWhenAPeerHasNotHandledWhatItRead() {
        runs.add(new PeerRun("netdata", 2, 1_000, 1, 100, 1, 1_800, 1_799, 900_000));
        assertThat(report().complaints())
                .containsExactly("round 2 netdata: read 1,800 datagrams, says it handled 1,799");
    }

    @Test
    void shouldSayWhenTheSenderWasTheLimit() {
        add(Peer.NETDATA, 1, 600_000, 1.5);
        assertThat(report().text()).doesNotContain("the sender's");
        runs.add(new PeerRun("trafilo", 1, 1_000_000, 1, 9_000, 1, 5, 5, 1_000_000));
        assertThat(report().text()).contains("trafilo dropped next to nothing: its rate is the sender's");
    }

    @Test
    void shouldTellVersionsMediansAndWhatWasSkipped() {
        add(Peer.NETDATA, 1, 600_000, 1.5);
        add(Peer.TRAFILO, 1, 500_000, 2.4);
        String text = report().text();
        assertThat(text)
                .contains("Linux 6, 2 processors, cpu; vm", "the sender alone 900,000/s")
                .containsPattern("netdata +1\\.37\\.1 +600,000 +1\\.50 +45\\.5")
                .containsPattern("trafilo by netdata +0\\.83 +1\\.60")
                .contains("skipped: collectd, no collectd found");
        assertThat(TestJson.object(Json.pretty(report())))
                .containsKeys("rounds", "processor", "os", "medians", "ratios", "skipped", "complaints", "runs");
    }
}
