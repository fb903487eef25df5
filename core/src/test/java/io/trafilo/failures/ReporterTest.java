package io.trafilo.failures;

import static io.trafilo.testing.TestEngine.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.Counter;
import io.trafilo.ledger.CounterRow;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReporterTest {
    private final CounterRow shared = new CounterRow();
    private final EngineThreads threads = new EngineThreads();
    private final Reporter reporter = new Reporter(threads, "test-reporter", shared);
    private final List<Integer> made = new CopyOnWriteArrayList<>();

    @Test
    void shouldMakeCallsInOrderOnAThreadThatEnds() {
        for (int i = 0; i < 100; i++) {
            int call = i;
            reporter.execute(() -> {
                assertThat(threads.isInside()).isTrue();
                made.add(call);
            });
        }
        until(() -> made.size() == 100);
        assertThat(made).isSorted();
        until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("test-reporter")));
        reporter.execute(() -> made.add(100));
        until(() -> made.size() == 101);
        assertThat(shared.get(Counter.ERROR_LISTENER_FAILED)).isZero();
    }

    @Test
    void shouldMakeTheNextCallWhenOneThrows() {
        reporter.execute(() -> {
            throw new IllegalStateException("on purpose");
        });
        reporter.execute(() -> made.add(1));
        until(() -> made.size() == 1);
        assertThat(shared.get(Counter.ERROR_LISTENER_FAILED)).isEqualTo(1);
    }

    @Test
    void shouldLetNobodyWaitAndCountWhatIsTooMuchWhenACallHangs() throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        reporter.execute(() -> {
            inside.countDown();
            awaitUninterruptibly(release);
        });
        inside.await();
        for (int i = 0; i < 300; i++) {
            int call = i;
            reporter.execute(() -> made.add(call));
        }
        assertThat(shared.get(Counter.ERROR_LISTENER_FAILED)).isEqualTo(300 - 256);
        release.countDown();
        until(() -> made.size() == 256);
        assertThat(made)
                .containsExactlyElementsOf(IntStream.range(0, 256).boxed().toList());
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
