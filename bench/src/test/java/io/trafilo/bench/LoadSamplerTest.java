package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadSamplerTest {
    private long nanos;
    private long received;
    private double ringFill;
    private final LoadTarget target = (LoadTarget) Proxy.newProxyInstance(
            LoadTarget.class.getClassLoader(),
            new Class<?>[] {LoadTarget.class},
            (proxy, method, arguments) -> method.getName().equals("ringFill")
                    ? (Object) ringFill
                    : TestLoads.counts(received, received / 2, 0));
    private final LoadSampler sampler = new LoadSampler(target, Duration.ofSeconds(10), () -> nanos);

    private void pass(long millis, long more, double fill) {
        nanos += millis * 1_000_000;
        received += more;
        ringFill = fill;
    }

    @Test
    void shouldGiveRatesBetweenSamplesWhenTimePasses() {
        pass(200, 20, 0.5);
        sampler.sample();
        pass(200, 40, 0.25);
        sampler.sample();
        assertThat(sampler.samples())
                .containsExactly(
                        new LoadSampler.Sample(0.2, 100, 50, 0, 0.5), new LoadSampler.Sample(0.4, 200, 100, 0, 0.25));
    }

    @Test
    void shouldAddWhatCameAMomentAfterASampleToItWhenItEnds() {
        pass(200, 20, 0.5);
        sampler.sample();
        pass(200, 20, 0.75);
        sampler.sample();
        pass(50, 5, 0);
        sampler.sample();
        pass(1, 3, 0);
        long endNanos = nanos;
        pass(3_000, 0, 0);
        sampler.end(endNanos);
        List<LoadSampler.Sample> samples = sampler.samples();
        assertThat(samples).hasSize(2);
        assertThat(samples.get(1).seconds()).isEqualTo(0.451);
        assertThat(samples.get(1).receivedPerSecond() * 0.251).isCloseTo(28, within(1e-9));
        assertThat(samples.get(1).ringFill()).isEqualTo(0.75);
    }

    @Test
    void shouldTakeNoMoreSamplesWhenNothingHappens() {
        pass(200, 20, 0.5);
        sampler.sample();
        pass(3_000, 0, 0);
        sampler.end(nanos);
        assertThat(sampler.samples()).hasSize(1);
    }

    @Test
    void shouldTakeSamplesLessOftenWhenTheLoadIsLong() {
        assertThat(sampler.periodNanos()).isEqualTo(200_000_000);
        LoadSampler ofLong = new LoadSampler(target, Duration.ofHours(1), () -> nanos);
        assertThat(ofLong.periodNanos()).isEqualTo(1_000_000_000);
    }
}
