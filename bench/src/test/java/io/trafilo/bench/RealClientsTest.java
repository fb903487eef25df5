package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.timgroup.statsd.NonBlockingStatsDClientBuilder;
import com.timgroup.statsd.StatsDClient;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import io.micrometer.statsd.StatsdConfig;
import io.micrometer.statsd.StatsdFlavor;
import io.micrometer.statsd.StatsdMeterRegistry;
import io.trafilo.EventParser;
import io.trafilo.Ledger;
import io.trafilo.Trafilo;
import io.trafilo.formats.DogStatsD;
import io.trafilo.formats.KeyOf;
import io.trafilo.formats.StatsD;
import io.trafilo.netty.UdpListener;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that other people wrote send to a real listener, and the sums are theirs. */
@Timeout(120)
class RealClientsTest {
    private static final int CALLS = 500;

    /** What came in for a key. */
    private static final class Sums {
        long events;
        double weighted;
        double sum;
    }

    /** An engine that listens for StatsD, and keeps all that it was sent. */
    private static final class Receiver implements AutoCloseable {
        private final Trafilo<Sums> engine;
        private final UdpListener listener;

        Receiver(EventParser parser) {
            engine = Trafilo.<Sums>builder()
                    .parser(parser)
                    .state(key -> new Sums())
                    .handler((event, sums) -> {
                        sums.events++;
                        sums.weighted += event.weight();
                        sums.sum += event.hasValue() ? event.weight() * event.value() : 0;
                    })
                    .build();
            engine.start();
            listener = UdpListener.builder(engine).bind("127.0.0.1", 0).start();
        }

        int port() {
            return listener.address().getPort();
        }

        Map<String, Sums> sums() {
            Map<String, Sums> all = new TreeMap<>();
            engine.forEachKey((key, sums) -> {
                Sums copy = new Sums();
                copy.events = sums.events;
                copy.weighted = sums.weighted;
                copy.sum = sums.sum;
                all.put(key.toString(), copy);
            });
            return all;
        }

        /** Of the only key that begins like this, zeros if there is none yet. */
        Sums of(String start) {
            return sums().entrySet().stream()
                    .filter(entry -> entry.getKey().startsWith(start))
                    .map(Map.Entry::getValue)
                    .reduce((one, another) -> {
                        throw new AssertionError("two keys begin with " + start + ": " + sums().keySet());
                    })
                    .orElseGet(Sums::new);
        }

        void await(Predicate<Receiver> condition) {
            Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> condition.test(this));
        }

        @Override
        public void close() {
            listener.close();
            engine.close();
            Ledger ledger = engine.ledger();
            assertThat(ledger.imbalances()).isEmpty();
            assertThat(ledger.count(io.trafilo.Counter.REJECTED)).isZero();
        }
    }

    private static StatsdConfig config(StatsdFlavor flavor, int port) {
        return new StatsdConfig() {
            @Override
            public String get(String key) {
                return null;
            }

            @Override
            public StatsdFlavor flavor() {
                return flavor;
            }

            @Override
            public int port() {
                return port;
            }

            @Override
            public Duration pollingFrequency() {
                return Duration.ofMillis(50);
            }
        };
    }

    @ParameterizedTest
    @EnumSource(StatsdFlavor.class)
    void shouldSumWhatMicrometerSends(StatsdFlavor flavor) {
        EventParser parser = flavor == StatsdFlavor.DATADOG ? DogStatsD.parser() : StatsD.parser();
        try (Receiver receiver = new Receiver(parser)) {
            StatsdMeterRegistry registry = new StatsdMeterRegistry(config(flavor, receiver.port()), Clock.SYSTEM);
            Counter probe = registry.counter("probe"); // lines are lost until it is connected
            receiver.await(r -> {
                probe.increment();
                return r.of("probe").events > 0;
            });
            Counter counter = registry.counter("orders", "region", "eu", "kind", "new");
            DistributionSummary summary = registry.summary("basket");
            Timer timer = registry.timer("latency");
            double sum = 0;
            double millis = 0;
            for (int i = 1; i <= CALLS; i++) {
                counter.increment(i);
                summary.record(i / 4.0);
                timer.record(i, TimeUnit.MILLISECONDS);
                sum += i;
                millis += i;
            }
            receiver.await(r -> r.of("orders").events + r.of("basket").events + r.of("latency").events == 3L * CALLS);
            registry.close();
            assertThat(receiver.of("orders").sum).isEqualTo(sum);
            assertThat(receiver.of("basket").sum).isEqualTo(sum / 4);
            assertThat(receiver.of("latency").sum).isEqualTo(millis);
        }
    }

    @Test
    void shouldSumWhatADogStatsDClientSends() {
        try (Receiver receiver = new Receiver(DogStatsD.parser(KeyOf.name().and("region")))) {
            StatsDClient client = new NonBlockingStatsDClientBuilder()
                    .prefix("shop")
                    .hostname("127.0.0.1")
                    .port(receiver.port())
                    .enableTelemetry(false)
                    .enableAggregation(false)
                    .originDetectionEnabled(false)
                    .build();
            double sum = 0;
            for (int i = 1; i <= CALLS; i++) {
                client.count("orders", i, "kind:new", "region:eu");
                client.recordDistributionValue("basket", i / 8.0, "region:eu");
                client.recordExecutionTime("latency", i);
                sum += i;
            }
            receiver.await(r -> r.of("shop.orders").events + r.of("shop.basket").events + r.of("shop.latency").events
                    == 3L * CALLS);
            client.close();
            assertThat(receiver.sums())
                    .containsOnlyKeys("shop.orders,region=eu", "shop.basket,region=eu", "shop.latency");
            assertThat(receiver.of("shop.orders").sum).isEqualTo(sum);
            assertThat(receiver.of("shop.basket").sum).isEqualTo(sum / 8);
            assertThat(receiver.of("shop.latency").sum).isEqualTo(sum);
        }
    }

    /** Of a quarter of the calls each stands for four. */
    @Test
    void shouldWeighWhatADogStatsDClientSamples() {
        try (Receiver receiver = new Receiver(DogStatsD.parser())) {
            StatsDClient client = new NonBlockingStatsDClientBuilder()
                    .hostname("127.0.0.1")
                    .port(receiver.port())
                    .enableTelemetry(false)
                    .enableAggregation(false)
                    .originDetectionEnabled(false)
                    .build();
            for (int i = 0; i < 4 * CALLS; i++) {
                client.count("hits", 1, 0.25);
            }
            client.count("end", 1);
            receiver.await(r -> r.of("end").events == 1);
            client.close();
            Sums hits = receiver.of("hits");
            assertThat(hits.events).isBetween((long) CALLS / 2, 2L * CALLS); // as chance has it
            assertThat(hits.weighted).isEqualTo(4.0 * hits.events);
            assertThat(hits.sum).isEqualTo(4.0 * hits.events);
        }
    }
}
