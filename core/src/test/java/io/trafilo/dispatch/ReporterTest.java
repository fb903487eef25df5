package io.trafilo.dispatch;

import static io.trafilo.testing.TestEngine.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.ledger.Counter;
import io.trafilo.ledger.CounterRow;
import io.trafilo.state.ErrorReporter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReporterTest {
    private final CounterRow shared = new CounterRow();
    private final List<Throwable> stopped = new CopyOnWriteArrayList<>();
    private final List<Throwable> heard = new CopyOnWriteArrayList<>();
    private final ErrorReporter errors =
            new ErrorReporter((stage, key, error) -> heard.add(error), shared, stopped::add);
    private final Reporter reporter = new Reporter(this, "test-reporter", shared, errors);
    private final List<Integer> made = new CopyOnWriteArrayList<>();

    @Test
    void shouldMakeCallsInOrderOnAThreadThatEnds() {
        for (int i = 0; i < 100; i++) {
            int call = i;
            reporter.submit(() -> {
                assertThat(EngineThread.isCurrentOf(this)).isTrue();
                made.add(call);
            });
        }
        until(() -> made.size() == 100);
        assertThat(made).isSorted();
        until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("test-reporter")));
        reporter.submit(() -> made.add(100));
        until(() -> made.size() == 101);
        assertThat(shared.get(Counter.ERROR_LISTENER_FAILED)).isZero();
    }

    @Test
    void shouldStopAtOnceForAFatalErrorAndTellOfEach() {
        CountDownLatch letGo = new CountDownLatch(1);
        reporter.submit(() -> awaitUninterruptibly(letGo));
        Throwable harmless = new IllegalStateException("on purpose");
        Throwable fatal = new OutOfMemoryError("on purpose");
        reporter.report(Stage.LISTENER, harmless);
        assertThat(stopped).isEmpty();
        reporter.report(Stage.ENGINE, fatal);
        assertThat(stopped).containsExactly(fatal);
        assertThat(heard).isEmpty();
        letGo.countDown();
        until(() -> heard.size() == 2);
        assertThat(heard).containsExactly(harmless, fatal);
    }

    @Test
    void shouldStopWhenThereIsNoMemoryToTell() {
        Error noMemory = new OutOfMemoryError("on purpose");
        Reporter failing = new Reporter(this, "test-reporter", shared, errors) {
            @Override
            public void submit(Runnable call) {
                throw noMemory;
            }
        };
        failing.report(Stage.LISTENER, new IllegalStateException("on purpose"));
        assertThat(stopped).containsExactly(noMemory);
    }

    @Test
    void shouldMakeTheNextCallWhenOneThrows() {
        reporter.submit(() -> {
            throw new IllegalStateException("on purpose");
        });
        reporter.submit(() -> made.add(1));
        until(() -> made.size() == 1);
        assertThat(shared.get(Counter.ERROR_LISTENER_FAILED)).isEqualTo(1);
    }

    @Test
    void shouldLetNobodyWaitAndCountWhatIsTooMuchWhenACallHangs() throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        reporter.submit(() -> {
            inside.countDown();
            awaitUninterruptibly(release);
        });
        inside.await();
        for (int i = 0; i < 300; i++) {
            int call = i;
            reporter.submit(() -> made.add(call));
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
