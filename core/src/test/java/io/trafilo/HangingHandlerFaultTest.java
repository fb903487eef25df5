package io.trafilo;

import static io.trafilo.testing.TestEngine.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.testing.Feeder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A handler hangs on one key, while events of all keys come as fast as the engine takes them. */
@Tag("slow")
@Timeout(180)
class HangingHandlerFaultTest {
    /** Long, so that a busy machine makes nothing late that is not. */
    private static final Duration STALL_TIMEOUT = Duration.ofSeconds(2);

    /** What the handler takes of its worker, but not of the processor, so that other programs cannot take it away. */
    private static final Duration REST = Duration.ofNanos(200_000);

    private static final Duration MEASURED = Duration.ofSeconds(1);
    private static final int ROUNDS = 5;
    private static final int KEYS = 64;
    private static final Key HANGING = Key.of("key0");

    private final Map<Key, AtomicLong> handled = new ConcurrentHashMap<>();
    private final AtomicLong emitted = new AtomicLong();
    private final AtomicInteger ends = new AtomicInteger();
    private volatile boolean hangs;
    private volatile CountDownLatch gate = new CountDownLatch(1);
    private volatile long hangsSinceNanos;
    private volatile long reportedNanos;
    private volatile boolean stopped;

    @AfterEach
    void letGo() {
        stopped = true;
        hangs = false;
        gate.countDown();
    }

    /** Rounds in which it hangs in turn with others. */
    @Test
    void shouldKeepTheRateOfOtherShardsAndReportInTime() throws Exception {
        Trafilo<AtomicLong> engine = Trafilo.<AtomicLong>builder()
                .state(key -> handled.computeIfAbsent(key, any -> new AtomicLong()))
                .handler((event, count) -> handle(event.key(), count))
                .workers(2)
                .shards(16)
                .stallTimeout(STALL_TIMEOUT)
                .stallListener(new Hearing())
                .build();
        engine.start();
        Thread emitter = new Thread(() -> offer(new Feeder(engine)), "test-emitter");
        emitter.start();
        double[] quiet = new double[ROUNDS];
        double[] hung = new double[ROUNDS];
        double[] reported = new double[ROUNDS];
        try (engine) {
            until(() -> handled.size() == KEYS);
            List<AtomicLong> others = hangAndFindOthers(engine);
            for (int round = 0; round < ROUNDS; round++) {
                quiet[round] = perSecond(others);
                reported[round] = hang(engine);
                hung[round] = perSecond(others);
                letGo(engine);
            }
            stopped = true;
            emitter.join();
        }
        double ratio = median(hung) / median(quiet);
        System.out.printf(
                "HangingHandlerFaultTest: %.2f of the rate (%s by %s); reported after %s s%n",
                ratio, text(hung), text(quiet), Arrays.toString(reported));
        assertThat(ratio).as("part of the rate that is left").isGreaterThanOrEqualTo(0.8);
        assertThat(Arrays.stream(reported).max().getAsDouble()).isLessThan(2.0 * STALL_TIMEOUT.toSeconds());
        checkSums(engine.ledger());
    }

    private void handle(Key key, AtomicLong count) {
        LockSupport.parkNanos(REST.toNanos());
        if (hangs && key.equals(HANGING)) {
            hangsSinceNanos = System.nanoTime();
            hangOn();
        }
        count.incrementAndGet();
    }

    private void hangOn() {
        CountDownLatch closed = gate;
        while (closed.getCount() > 0) {
            try {
                closed.await();
            } catch (InterruptedException e) {
                // hangs on
            }
        }
    }

    private final class Hearing implements StallListener {
        @Override
        public void onStall(Stall stall) {
            assertThat(stall.key()).isEqualTo(HANGING);
            reportedNanos = System.nanoTime();
        }

        @Override
        public void onStallEnd(Stall stall) {
            assertThat(stall.key()).isEqualTo(HANGING);
            ends.incrementAndGet();
        }
    }

    private void offer(Feeder feeder) {
        byte[][] messages = new byte[KEYS][];
        Arrays.setAll(messages, i -> ("key" + i + " 1").getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; !stopped; i = (i + 1) % KEYS) {
            feeder.offer(messages[i]);
            emitted.incrementAndGet();
        }
    }

    /** Makes it hang until a substitute has the seat, and gives the seconds from its beginning to the report. */
    private double hang(Trafilo<?> engine) {
        gate = new CountDownLatch(1);
        hangsSinceNanos = 0;
        reportedNanos = 0;
        hangs = true;
        until(() -> hangsSinceNanos != 0);
        until(() -> reportedNanos != 0);
        until(() -> Thread.getAllStackTraces().keySet().stream()
                .anyMatch(
                        thread -> thread.getName().startsWith(engine.settings().name() + "-worker-")
                                && thread.getName().contains("-substitute-")));
        return (reportedNanos - hangsSinceNanos) / 1e9;
    }

    private void letGo(Trafilo<?> engine) {
        int before = ends.get();
        hangs = false;
        gate.countDown();
        until(() -> ends.get() > before);
        long handledBefore = handled.get(HANGING).get();
        until(() -> handled.get(HANGING).get() > handledBefore + 1);
        assertThat(engine.isRunning()).isTrue();
    }

    /** Those that go on while it hangs are of other shards. */
    private List<AtomicLong> hangAndFindOthers(Trafilo<?> engine) {
        hang(engine);
        Map<Key, Long> before = new ConcurrentHashMap<>();
        handled.forEach((key, count) -> before.put(key, count.get()));
        long stalled = engine.ledger().count(Counter.STALLED);
        until(() -> engine.ledger().count(Counter.STALLED) > stalled + KEYS);
        perSecond(List.of()); // the first event of each key would have come
        List<AtomicLong> others = new ArrayList<>();
        handled.forEach((key, count) -> {
            if (count.get() > before.get(key)) {
                others.add(count);
            }
        });
        letGo(engine);
        assertThat(others).hasSizeBetween(KEYS / 2, KEYS - 1);
        return others;
    }

    private static double perSecond(List<AtomicLong> counts) {
        long startNanos = System.nanoTime();
        long before = sum(counts);
        until(() -> System.nanoTime() - startNanos > MEASURED.toNanos());
        return (sum(counts) - before) * 1e9 / (System.nanoTime() - startNanos);
    }

    private static long sum(List<AtomicLong> counts) {
        return counts.stream().mapToLong(AtomicLong::get).sum();
    }

    private static double median(double[] values) {
        return Arrays.stream(values).sorted().toArray()[values.length / 2];
    }

    private static String text(double[] values) {
        return Arrays.toString(Arrays.stream(values).mapToLong(Math::round).toArray());
    }

    private void checkSums(Ledger ledger) {
        assertThat(ledger.imbalances()).isEmpty();
        assertThat(ledger.count(Counter.OFFERED)).isEqualTo(emitted.get());
        assertThat(ledger.count(Counter.ERROR_LISTENER_FAILED))
                .as("stalls of other keys")
                .isZero();
        assertThat(ledger.count(Counter.STALLED)).isPositive().isEqualTo(ledger.count(Counter.HANDLER_FAILED));
        assertThat(ledger.count(Counter.HANDLED)).isEqualTo(emitted.get() - ledger.count(Counter.STALLED));
        assertThat(ledger.count(Counter.HANDLED)).isEqualTo(sum(List.copyOf(handled.values())));
    }
}
