package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class SoakSamplerTest {
    private final LatencyRecorder latencies = new LatencyRecorder(true);
    private final SoakSampler sampler = new SoakSampler(Duration.ofSeconds(3), latencies);

    private void recordAndTick(int micros) {
        for (int i = 0; i < 1_000; i++) {
            latencies.record(0, 0, micros * 1_000L);
        }
        sampler.run();
    }

    private void awaitSamples(int count, int micros) {
        Awaitility.await().pollInterval(Duration.ofMillis(20)).until(() -> {
            recordAndTick(micros);
            return sampler.samples().size() == count;
        });
    }

    @Test
    void shouldLookAtThisProcessAndAtTheLatenciesSinceTheLastTime() {
        latencies.begin();
        recordAndTick(50_000); // before the soak begins
        awaitSamples(1, 300);
        awaitSamples(2, 700);
        SoakSampler.Sample first = sampler.samples().get(0);
        SoakSampler.Sample second = sampler.samples().get(1);
        assertThat(first.p999Micros()).isBetween(300.0, 301.0);
        assertThat(second.p999Micros()).isBetween(700.0, 701.0);
        assertThat(second.seconds()).isGreaterThan(first.seconds());
        assertThat(second.heapBytes()).as("of the collection that it asked for").isPositive();
        assertThat(second.residentBytes()).isGreaterThan(second.heapBytes());
        assertThat(second.threads()).isGreaterThanOrEqualTo(1);
        assertThat(second.openFiles()).isGreaterThanOrEqualTo(3);
        assertThat(second.directBytes()).isNotNegative();
    }
}
