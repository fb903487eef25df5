package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With what the peers really write. */
class PeerCountsTest {
    @Test
    void shouldTakeTheEventsOfCountersFromNetdatasPage() {
        String page = """
                netdata_netdata_statsd_metrics{chart="netdata.statsd_metrics",family="statsd",dimension="counters"} 1000 1
                netdata_netdata_statsd_events_total{chart="netdata.statsd_events",family="statsd",dimension="gauges"} 3 1
                netdata_netdata_statsd_events_total{chart="netdata.statsd_events",family="statsd",dimension="counters"} 20000 1
                """;
        assertThat(PeerCounts.ofNetdata(page)).isEqualTo(20_000);
        assertThat(PeerCounts.ofNetdata("")).isZero();
    }

    @Test
    void shouldSumUpTheFlushesOfStatsd() {
        String flush = """
                Flushing stats at  Mon Nov 30 2026 21:13:30 GMT+0000
                {
                  counters: {
                    'statsd.bad_lines_seen': 0,
                    'statsd.packets_received': %d,
                    'svc0.hits': 17
                  },
                  timers: {},
                  counter_rates: {
                    'statsd.packets_received': 1749,
                    'svc0.hits': 1.7
                  }
                }
                """;
        String output = Console.format(flush, 17_490) + Console.format(flush, 510);
        assertThat(PeerCounts.ofStatsd(output)).isEqualTo(18_000);
    }

    @Test
    void shouldTakeTheLastCountOfRsyslogsStatistics() {
        String line =
                "Mon Nov 30 21:13:56 2026: { \"name\": \"imudp(127.0.0.1\\/28127\\/IPv4)\", \"origin\": \"imudp\", \"submitted\": ";
        String statistics = line + "0, \"disallowed\": 0 }\n" + line + "20000, \"disallowed\": 0 }\n"
                + "{ \"name\": \"main Q\", \"origin\": \"core.queue\", \"size\": 0, \"enqueued\": 7 }\n";
        assertThat(PeerCounts.ofRsyslog(statistics)).isEqualTo(20_000);
    }

    @Test
    void shouldSumUpTheLastTotalOfEachKeyOfCollectd(@TempDir Path directory) throws Exception {
        assertThat(PeerCounts.inLastLines(directory.resolve("none"))).isZero();
        Files.writeString(directory.resolve("derive-svc0.hits-2026-11-30"), "epoch,value\n1796073160.4,20\n");
        Files.writeString(directory.resolve("derive-svc0.hits-2026-12-01"), "epoch,value\n1796073170.4,20\n1.4,25\n");
        Files.writeString(directory.resolve("derive-svc1.hits-2026-12-01"), "epoch,value\n1796073170.490,7\n");
        Files.writeString(directory.resolve("derive-svc2.hits-2026-12-01"), "epoch,value\n");
        assertThat(PeerCounts.inLastLines(directory)).isEqualTo(32);
    }

    @Test
    void shouldTakeWhatTheEngineHandledFromItsLedger() throws Exception {
        try (PeerPlace place = PeerPlace.create()) {
            assertThat(PeerCounts.inLedger(place)).isZero();
            Files.writeString(place.ledger(), "{\n  \"received\": 12,\n  \"handled\": 11,\n  \"conserved\": true\n}\n");
            assertThat(PeerCounts.inLedger(place)).isEqualTo(11);
        }
    }
}
