package io.trafilo.failures;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.Counter;
import io.trafilo.EngineFailedException;
import io.trafilo.ErrorListener;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.Key;
import io.trafilo.ledger.CounterRow;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class FailuresTest {
    private static final Key KEY = Key.of("k");

    private final CounterRow shared = new CounterRow();
    private final List<String> said = new ArrayList<>();
    private final List<Runnable> later = new ArrayList<>();
    private Executor reporter = later::add;
    private ErrorListener listener = (stage, key, error) -> {};
    private final Failures failures = new Failures(this::hear, shared, this::stop, call -> reporter.execute(call));

    private void hear(Stage stage, Key key, Throwable error) {
        said.add(stage + " " + key + " " + error.getMessage());
        listener.onError(stage, key, error);
    }

    private void stop(Throwable error) {
        said.add("stop " + error.getMessage());
    }

    private void makeCalls() {
        said.add("later");
        later.forEach(Runnable::run);
    }

    private void check(int listenerFailures, String... expected) {
        assertThat(said).containsExactly(expected);
        assertThat(shared.get(Counter.ERROR_LISTENER_FAILED)).isEqualTo(listenerFailures);
    }

    @Test
    void shouldReportAnErrorAndGoOn() {
        failures.report(Stage.HANDLER, KEY, new IllegalStateException("a"));
        failures.report(Stage.PARSER, null, new StackOverflowError("b"));
        check(0, "HANDLER k a", "PARSER null b");
    }

    @Test
    void shouldStopForAFatalErrorBeforeItIsReported() {
        failures.report(Stage.SINK, KEY, new OutOfMemoryError("a"));
        check(0, "stop a", "SINK k a");
    }

    @Test
    void shouldOutliveSixteenErrorsOfTheEngineInARowAndStopForTheNext() {
        for (int i = 0; i < FailureBudget.MAX_FAILURES; i++) {
            assertThat(failures.reportOwn(new IllegalStateException("" + i))).isTrue();
        }
        said.clear();
        IllegalStateException last = new IllegalStateException("last");
        listener = (stage, key, error) ->
                assertThat(error).isInstanceOf(EngineFailedException.class).hasCause(last);
        assertThat(failures.reportOwn(last)).isFalse();
        check(0, "stop last", "ENGINE null engine stopped: java.lang.IllegalStateException: last");
    }

    @Test
    void shouldStopForAFatalErrorOfTheEngineItself() {
        assertThat(failures.reportOwn(new OutOfMemoryError("a"))).isFalse();
        check(0, "stop a", "ENGINE null a");
    }

    @Test
    void shouldDecideNowAndReportLaterOnTheGuardsThread() {
        failures.reportOwnLater(new OutOfMemoryError("a"));
        makeCalls();
        check(0, "stop a", "later", "ENGINE null a");
    }

    @Test
    void shouldReportLaterAndStopNowForAFatalErrorOnly() {
        failures.reportLater(Stage.LISTENER, new IllegalStateException("a"));
        failures.reportLater(Stage.LISTENER, new OutOfMemoryError("b"));
        makeCalls();
        check(0, "stop b", "later", "LISTENER null a", "LISTENER null b");
    }

    @Test
    void shouldStopWhenThereIsNoMemoryToReport() {
        reporter = call -> {
            throw new OutOfMemoryError("no memory");
        };
        failures.reportLater(Stage.LISTENER, new IllegalStateException("a"));
        check(0, "stop no memory");
    }

    @Test
    void shouldCountWhatTheListenerThrowsAndStopIfThatIsFatal() {
        listener = (stage, key, error) -> {
            throw stage == Stage.SINK ? new OutOfMemoryError("fatal") : new AssertionError("harmless");
        };
        failures.report(Stage.HANDLER, KEY, new IllegalStateException("a"));
        failures.report(Stage.SINK, KEY, new IllegalStateException("b"));
        check(2, "HANDLER k a", "SINK k b", "stop fatal");
    }

    @Test
    void shouldCountWhatACallMadeLaterThrowsAndStopIfThatIsFatal() {
        failures.callLater(() -> {
            throw new AssertionError("harmless");
        });
        failures.callLater(() -> {
            throw new OutOfMemoryError("fatal");
        });
        makeCalls();
        check(2, "later", "stop fatal");
    }
}
