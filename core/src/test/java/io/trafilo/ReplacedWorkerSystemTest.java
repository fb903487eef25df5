package io.trafilo;

import static io.trafilo.testing.TestEngine.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.testing.Gate;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a worker leaves behind that came back from a callback too late to keep its seat, while nothing else happens. */
@Timeout(60)
class ReplacedWorkerSystemTest {
    @Test
    void shouldFireTheTimersThatAReplacedWorkerSet() {
        Gate stalled = new Gate();
        Gate over = new Gate();
        AtomicInteger emptyWindows = new AtomicInteger();
        try (Trafilo<Integer> engine = Trafilo.<Integer>builder()
                .name("replaced")
                .workers(1)
                .state(key -> 0)
                .handler((event, state) -> over.pass())
                .sink((window, state) -> emptyWindows.addAndGet(window.count() == 0 ? 1 : 0))
                .window(Duration.ofMillis(100))
                .slide(Duration.ofMillis(50))
                .stallTimeout(Duration.ofMillis(20))
                .stallListener(stall -> stalled.open())
                .build()) {
            engine.start();
            assertThat(engine.offer("k 1".getBytes(StandardCharsets.US_ASCII), 0, 3))
                    .isTrue();
            stalled.pass();
            until(() -> Thread.getAllStackTraces().keySet().stream()
                    .anyMatch(thread -> thread.getName().equals("replaced-worker-0-substitute-1")
                            && thread.getState() == Thread.State.TIMED_WAITING));
            over.open();
            until(() -> emptyWindows.get() == 1); // the last window of a key that is quiet
        }
    }
}
