package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trafilo.Counter;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.Key;
import io.trafilo.Ledger;
import io.trafilo.Stall;
import io.trafilo.StallListener;
import io.trafilo.Trafilo;
import io.trafilo.WindowView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The sink stalls for ten seconds on one key while datagrams come in, with the default bound for a stall. */
@Tag("slow")
@ExtendWith(LeakGuard.class)
@Timeout(120)
class StalledSinkFaultTest {
    private static final Duration STALL = Duration.ofSeconds(10);
    private static final Key STALLED = Key.of("key0");
    private static final int KEYS = 10;
    private static final int PER_SECOND = 2_000; // so few that the ring takes those of a second

    /** A tenth of those that are due in what is left of the stall after it was reported. */
    private static final int WINDOWS = 16;

    private final Map<Key, AtomicLong> handled = new ConcurrentHashMap<>();
    private final Map<Key, AtomicLong> windows = new ConcurrentHashMap<>();
    private final List<Stall> stalls = new CopyOnWriteArrayList<>();
    private final List<Stall> ends = new CopyOnWriteArrayList<>();
    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final CountDownLatch isOver = new CountDownLatch(1);
    private volatile boolean stall;
    private volatile long sinceNanos;

    @AfterEach
    void letGo() {
        isOver.countDown();
    }

    @Test
    void shouldReportItGoOnWithOtherShardsAndRecover() throws InterruptedException {
        Trafilo<Void> engine = Trafilo.<Void>builder()
                .handler((event, none) -> count(handled, event.key()))
                .sink((window, none) -> take(window))
                .stallListener(new Hearing())
                .errorListener((stage, key, error) -> errors.add(error))
                .window(Duration.ofMillis(200))
                .slide(Duration.ofMillis(50))
                .workers(2)
                .build();
        engine.start();
        long sent;
        try (engine;
                UdpListener listener =
                        UdpListener.builder(engine).bind("127.0.0.1", 0).start();
                SteadyLoad load = new SteadyLoad(listener.address(), 4, PER_SECOND)) {
            awaitThat(() -> handled.size() == KEYS && windows.size() == KEYS);
            stall = true;
            awaitThat(() -> !stalls.isEmpty());

            Map<Key, Long> handledBefore = copy(handled);
            Map<Key, Long> windowsBefore = copy(windows);
            awaitThat(() -> System.nanoTime() - sinceNanos > STALL.toNanos());
            Set<Key> goOn = moved(handledBefore, handled, 1);
            assertThat(goOn).hasSizeGreaterThan(KEYS / 2).doesNotContain(STALLED);
            assertThat(moved(windowsBefore, windows, WINDOWS)).containsAll(goOn);
            assertThat(stalls).hasSize(1);
            checkReport(stalls.get(0), false);

            isOver.countDown();
            awaitThat(() -> ends.size() == 1);
            checkReport(ends.get(0), true);
            assertThat(ends.get(0).duration()).isGreaterThan(STALL.dividedBy(2));
            Map<Key, Long> handledAfter = copy(handled);
            Map<Key, Long> windowsAfter = copy(windows);
            awaitThat(() -> moved(handledAfter, handled, 2).size() == KEYS
                    && moved(windowsAfter, windows, 2).size() == KEYS);
            sent = load.stop();
            awaitThat(() ->
                    engine.ledger().count(Counter.RECEIVED) + engine.ledger().count(Counter.KERNEL_DROPPED) == sent);
        }
        checkSums(engine.ledger(), sent);
    }

    private final class Hearing implements StallListener {
        @Override
        public void onStall(Stall begun) {
            if (begun.stage() == Stage.SINK) {
                stalls.add(begun);
            }
        }

        @Override
        public void onStallEnd(Stall over) {
            if (over.stage() == Stage.SINK) {
                ends.add(over);
            }
        }
    }

    private void take(WindowView window) {
        if (stall && window.key().equals(STALLED)) {
            stall = false;
            sinceNanos = System.nanoTime();
            while (isOver.getCount() > 0) {
                try {
                    isOver.await();
                } catch (InterruptedException e) {
                    // stalls on
                }
            }
        }
        count(windows, window.key());
    }

    private static void checkReport(Stall stall, boolean over) {
        assertThat(stall.stage()).isEqualTo(Stage.SINK);
        assertThat(stall.key()).isEqualTo(STALLED);
        assertThat(stall.stack().isEmpty()).isEqualTo(over);
        assertThat(stall.thread()).contains("-worker-").doesNotContain("substitute");
    }

    private void checkSums(Ledger ledger, long sent) {
        System.out.println("StalledSinkFaultTest: " + ends.get(0) + ", of " + sent + " datagrams "
                + ledger.count(Counter.STALLED) + " were given up");
        assertThat(ledger.imbalances()).isEmpty();
        assertThat(ledger.count(Counter.RECEIVED) + ledger.count(Counter.KERNEL_DROPPED))
                .isEqualTo(sent);
        assertThat(ledger.count(Counter.STALLED)).isPositive().isEqualTo(ledger.count(Counter.HANDLER_FAILED));
        assertThat(ledger.count(Counter.HANDLED))
                .isEqualTo(ledger.count(Counter.RECEIVED) - ledger.count(Counter.STALLED));
        assertThat(ledger.count(Counter.HANDLED)).isEqualTo(sum(handled));
        assertThat(ledger.count(Counter.DELIVERED)).isEqualTo(sum(windows));
        assertThat(ledger.count(Counter.SINK_FAILED) + ledger.count(Counter.ABANDONED))
                .isZero();
    }

    private static void count(Map<Key, AtomicLong> counts, Key key) {
        counts.computeIfAbsent(key, any -> new AtomicLong()).incrementAndGet();
    }

    private static Map<Key, Long> copy(Map<Key, AtomicLong> counts) {
        return counts.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue()
                .get()));
    }

    private static Set<Key> moved(Map<Key, Long> before, Map<Key, AtomicLong> counts, int least) {
        return counts.keySet().stream()
                .filter(key -> counts.get(key).get() >= before.get(key) + least)
                .collect(Collectors.toSet());
    }

    private static long sum(Map<Key, AtomicLong> counts) {
        return counts.values().stream().mapToLong(AtomicLong::get).sum();
    }

    private static void awaitThat(Callable<Boolean> condition) {
        await().atMost(TestEngine.PATIENCE).until(condition);
    }
}
