package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an engine costs to which nothing is sent. */
@Tag("slow")
class IdleCostSystemTest {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final Duration MEASURED = Duration.ofSeconds(4);
    private static final int ROUNDS = 3;
    private static final double MAX_SHARE_OF_A_CORE = 0.001;

    @ParameterizedTest(name = "{0} workers")
    @ValueSource(ints = {1, 2, 16})
    void shouldTakeLessThanAThousandthOfACoreWhenNothingArrives(int workers) {
        String name = "idle-" + workers;
        try (Trafilo<Integer> engine = Trafilo.<Integer>builder()
                .name(name)
                .state(key -> 0)
                .sink((window, state) -> {})
                .window(Duration.ofMillis(200))
                .slide(Duration.ofMillis(100))
                .workers(workers)
                .build()) {
            engine.start();
            engine.offer("key 1".getBytes(StandardCharsets.US_ASCII), 0, 5);
            Awaitility.await().until(() -> engine.ledger().count(Counter.DELIVERED) > 2); // the last is empty
            Awaitility.await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            double share = 1;
            for (int round = 0; round < ROUNDS; round++) { // what else the machine does only adds to it
                long beforeNanos = cpuNanos(name);
                long startNanos = System.nanoTime();
                Awaitility.await().pollDelay(MEASURED).until(() -> true);
                share = Math.min(share, (double) (cpuNanos(name) - beforeNanos) / (System.nanoTime() - startNanos));
            }
            System.out.printf("IdleCostSystemTest: %d workers: %.4f %% of a core%n", workers, 100 * share);
            assertThat(share).isLessThan(MAX_SHARE_OF_A_CORE);
        }
    }

    private static long cpuNanos(String engine) {
        long sum = 0;
        int threads = 0;
        for (ThreadInfo info : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (info != null && info.getThreadName().startsWith(engine + "-")) {
                sum += THREADS.getThreadCpuTime(info.getThreadId());
                threads++;
            }
        }
        assertThat(threads).isGreaterThan(1);
        assertThat(sum).isLessThan(TimeUnit.SECONDS.toNanos(60)).isPositive();
        return sum;
    }
}
