package io.trafilo.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportRunTest {
    @Test
    void shouldKeepItsCopyInOrderWhenTheCallersCollectionsChange() {
        List<Sample> samples = new ArrayList<>(List.of(new Sample(1, 1, 1, 1, 1)));
        List<Percentile> latency = new ArrayList<>(List.of(new Percentile(50, 1)));
        Map<String, String> facts = new LinkedHashMap<>();
        for (int i = 20; i > 0; i--) {
            facts.put("fact " + i, "value");
        }
        List<String> names = List.copyOf(facts.keySet());
        ReportRun run = new ReportRun("a", 1, 1, 1, 1, samples, latency, latency, facts);
        samples.clear();
        latency.clear();
        facts.clear();
        assertThat(run.samples()).hasSize(1);
        assertThat(run.latency()).hasSize(1);
        assertThat(run.sendLatency()).hasSize(1);
        assertThat(run.facts().keySet()).containsExactlyElementsOf(names);
        assertThatThrownBy(() -> run.facts().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void shouldTakeThePointAboveWhenTheDistributionSkipsThePercentile() {
        List<Percentile> latency = List.of(
                new Percentile(99.95, 8),
                new Percentile(50, 2),
                new Percentile(99.91, Double.NaN),
                new Percentile(98.4, 4),
                new Percentile(99.2, 6));
        ReportRun run = new ReportRun("a", 1, 1, 1, 1, List.of(), latency, List.of(), Map.of());
        assertThat(run.latencyMicros(50)).isEqualTo(2);
        assertThat(run.latencyMicros(99)).isEqualTo(6);
        assertThat(run.latencyMicros(99.9)).isEqualTo(8);
        assertThat(run.latencyMicros(99.99)).isNaN();
    }

    @Test
    void shouldRefuseWhenAValueIsOutOfRange() {
        assertThatThrownBy(() -> new Percentile(100.1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Percentile(-1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TestRuns.unknown(" ", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TestRuns.unknown("a", 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
