package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.spi.Intake;
import io.trafilo.spi.ListenerHost;
import io.trafilo.testing.ByteArrays;
import io.trafilo.testing.CollidingKeys;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Keys that collide under well-known hash functions cost the engine what random keys of the same length cost. The ratio is
 * printed. The assertion leaves room for a noisy machine: chains of thousands of keys would make it a hundred times smaller.
 */
@Tag("slow")
@Timeout(value = 900, unit = TimeUnit.SECONDS)
class PreparedCollisionsSystemTest {
    private static final int KEYS = 100_000;
    private static final int PAIRS = 6;
    private static final int WARM_UP = 2;
    private static final int ROUNDS = 5;
    private static final int TURNS = 4;
    private static final int BATCH = 32;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    static Stream<Arguments> sets() {
        return Stream.of(
                Arguments.of("String.hashCode", CollidingKeys.forStringHashCode(KEYS)),
                Arguments.of("FNV-1a, 32 bits", CollidingKeys.forFnv1a32(KEYS)),
                Arguments.of("FNV-1a, 64 bits", CollidingKeys.forFnv1a64(KEYS)),
                Arguments.of("xxHash32", CollidingKeys.forXxHash32(KEYS)),
                Arguments.of("wyhash", CollidingKeys.forWyhash(KEYS)));
    }

    /** An engine that handles what the test's own thread publishes on that thread, so that its processor time is all there is. */
    private static final class Subject implements AutoCloseable {
        private final byte[][] keys;
        private final byte[][] batch = new byte[BATCH][];
        private final Trafilo<Void> engine;
        private final Intake<byte[]> intake;

        Subject(byte[][] keys) {
            this.keys = Arrays.stream(keys).map(byte[]::clone).toArray(byte[][]::new); // side by side in memory
            engine = Trafilo.<Void>builder()
                    .parser(EventParser.wholeMessage())
                    .handler((event, none) -> {})
                    .window(Duration.ofMillis(100))
                    .slide(Duration.ofMillis(100))
                    .workers(1)
                    .maxKeys(KEYS)
                    .build();
            engine.start();
            intake = ListenerHost.of(engine).openIntake(new ByteArrays(), new DirectHandle());
        }

        /** The processor time of this thread for some turns through all keys. */
        double seconds() {
            long startNanos = THREADS.getCurrentThreadCpuTime();
            for (int turn = 0; turn < TURNS; turn++) {
                for (int i = 0; i < KEYS; i += BATCH) {
                    System.arraycopy(keys, i, batch, 0, BATCH);
                    intake.publish(batch, BATCH, intake.epochNanos());
                }
            }
            return (THREADS.getCurrentThreadCpuTime() - startNanos) / 1e9;
        }

        @Override
        public void close() {
            intake.close();
            engine.close();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sets")
    void shouldTakeTheTimeOfRandomKeys(String name, byte[][] prepared) {
        Random random = new Random(4711);
        byte[][] randomKeys = new byte[KEYS][prepared[0].length];
        for (byte[] key : randomKeys) {
            random.nextBytes(key);
        }
        double[] ratios = new double[PAIRS * ROUNDS];
        for (int pair = 0; pair < PAIRS; pair++) { // where objects lie in memory differs from one to the next
            try (Subject first = new Subject(pair % 2 == 0 ? prepared : randomKeys);
                    Subject second = new Subject(pair % 2 == 0 ? randomKeys : prepared)) {
                compare(first, second, pair % 2 == 0, ratios, pair * ROUNDS);
            }
        }
        Arrays.sort(ratios);
        double median = (ratios[ratios.length / 2] + ratios[(ratios.length - 1) / 2]) / 2;
        System.out.printf(
                "PreparedCollisionsSystemTest, %s: throughput by that of random keys %.2f (%.2f to %.2f)%n",
                name, median, ratios[0], ratios[ratios.length - 1]);
        assertThat(median).isGreaterThan(0.5);
    }

    private static void compare(Subject first, Subject second, boolean preparedFirst, double[] ratios, int from) {
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            double before = first.seconds();
            double between = second.seconds();
            double after = first.seconds();
            double ofFirst = (before + after) / 2;
            if (round >= 0) {
                ratios[from + round] = preparedFirst ? between / ofFirst : ofFirst / between;
            }
        }
        assertThat(first.engine.ledger().count(Counter.LIVE_KEYS)).isEqualTo(KEYS);
        assertThat(second.engine.ledger().count(Counter.LIVE_KEYS)).isEqualTo(KEYS);
    }
}
