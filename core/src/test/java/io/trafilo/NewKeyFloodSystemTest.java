package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.testing.Feeder;
import io.trafilo.testing.UsedHeap;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Somebody makes up a new key for each message, far beyond {@code maxKeys}. */
@Timeout(value = 900, unit = TimeUnit.SECONDS)
class NewKeyFloodSystemTest {
    private static final int KEYS = 100_000;
    private static final int ROUND = 1_000_000;
    private static final int ROUNDS = 10;

    private static Trafilo<Void> start() {
        Trafilo<Void> engine = Trafilo.<Void>builder()
                .parser(EventParser.wholeMessage())
                .sink((window, none) -> {})
                .name("flood")
                .window(Duration.ofMillis(200))
                .slide(Duration.ofMillis(100))
                .workers(1)
                .maxKeys(KEYS)
                .maxKeyLength(8)
                .build();
        engine.start();
        return engine;
    }

    private static void known(Feeder feeder, int events) {
        for (int i = 0; i < events; i++) {
            feeder.offer(i % KEYS);
        }
    }

    private static void half(Feeder feeder, int events, long firstNew) {
        for (int i = 0; i < events / 2; i++) {
            feeder.offer(i % KEYS);
            feeder.offer(firstNew + i);
        }
    }

    @Test
    void shouldRefuseWhatIsNewAndKeepWhatIsKnown() {
        Trafilo<Void> engine = start();
        try (engine) {
            Feeder feeder = new Feeder(engine);
            known(feeder, KEYS);
            half(feeder, 4 * KEYS, KEYS);
            feeder.await();
            assertThat(engine.ledger().count(Counter.KEY_REFUSED)).isEqualTo(2 * KEYS);
            assertThat(engine.ledger().count(Counter.HANDLED)).isEqualTo(3 * KEYS);
            assertThat(engine.ledger().count(Counter.LIVE_KEYS)).isEqualTo(KEYS);
            assertThat(engine.read(Key.of(new byte[8], 0, 8), none -> true)).isPresent();
        }
        assertThat(engine.ledger().imbalances()).isEmpty();
    }

    /**
     * Ten million new keys, in turn with known ones; rounds without them in between, to compare with. The throughput is that of
     * the worker while it has the processor.
     */
    @Test
    @Tag("slow")
    void shouldStayWithinItsBoundAndKeepTheThroughputOfKnownKeys() {
        long before = UsedHeap.bytes();
        Trafilo<Void> engine = start();
        try (engine) {
            Feeder feeder = new Feeder(engine);
            known(feeder, 4 * ROUND); // which warms up, too
            half(feeder, 2 * ROUND, 1L << 40);
            feeder.await();
            double[] ratios = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                long firstNew = KEYS + (long) round * ROUND;
                double flooded = feeder.seconds(() -> half(feeder, 2 * ROUND, firstNew));
                double quiet = feeder.seconds(() -> known(feeder, 2 * ROUND));
                ratios[round] = quiet / flooded;
                long taken = UsedHeap.bytes() - before;
                assertThat(taken).as("round %s", round).isLessThan((long) (1.05 * engine.maxMemoryBytes()));
            }
            Arrays.sort(ratios);
            double median = (ratios[ROUNDS / 2] + ratios[(ROUNDS - 1) / 2]) / 2;
            System.out.printf(
                    "NewKeyFloodSystemTest: %,d of at most %,d bytes; throughput per event, flooded by quiet %.2f %s%n",
                    UsedHeap.bytes() - before, engine.maxMemoryBytes(), median, Arrays.toString(ratios));
            assertThat(median).as("part of the throughput that is left").isGreaterThan(0.8);
            assertThat(engine.ledger().count(Counter.KEY_REFUSED)).isEqualTo((1L + ROUNDS) * ROUND);
            assertThat(engine.ledger().count(Counter.LIVE_KEYS)).isEqualTo(KEYS);
        }
        assertThat(engine.ledger().imbalances()).isEmpty();
    }
}
