package io.trafilo.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.ErrorListener;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.Key;
import io.trafilo.ledger.Counter;
import io.trafilo.ledger.CounterRow;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorReporterTest {
    private static final Key KEY = Key.of("k");

    private final CounterRow shared = new CounterRow();
    private final List<String> said = new ArrayList<>();
    private ErrorListener listener = (stage, key, error) -> {};
    private final ErrorReporter errors = new ErrorReporter(this::hear, shared, this::stop);

    private void hear(Stage stage, Key key, Throwable error) {
        said.add(stage + " " + key + " " + error.getMessage());
        assertThat(errors.isTelling()).isTrue();
        listener.onError(stage, key, error);
    }

    private void stop(Throwable error) {
        said.add("stop " + error.getMessage());
    }

    private void check(int listenerFailures, String... expected) {
        assertThat(said).containsExactly(expected);
        assertThat(errors.isTelling()).isFalse();
        assertThat(shared.get(Counter.ERROR_LISTENER_FAILED)).isEqualTo(listenerFailures);
    }

    @Test
    void shouldTellOfAnErrorAndGoOn() {
        errors.report(Stage.HANDLER, KEY, new IllegalStateException("a"));
        errors.report(Stage.PARSER, null, new StackOverflowError("b"));
        check(0, "HANDLER k a", "PARSER null b");
    }

    @Test
    void shouldStopForAFatalError() {
        errors.report(Stage.SINK, KEY, new OutOfMemoryError("a"));
        check(0, "stop a", "SINK k a");
    }

    /** For telling may fail for the same reason. */
    @Test
    void shouldStopBeforeItTellsOfAnErrorOfTheEnginesOwn() {
        errors.fail(new IllegalStateException("a"));
        check(0, "stop a", "ENGINE null a");
    }

    @Test
    void shouldCountWhatTheListenerThrowsAndStopIfThatIsFatal() {
        listener = (stage, key, error) -> {
            throw stage == Stage.SINK ? new OutOfMemoryError("fatal") : new AssertionError("harmless");
        };
        errors.report(Stage.HANDLER, KEY, new IllegalStateException("a"));
        errors.report(Stage.SINK, KEY, new IllegalStateException("b"));
        check(2, "HANDLER k a", "SINK k b", "stop fatal");
    }

    /** As when a listener calls what fails as well. */
    @Test
    void shouldBeTellingUntilTheOutermostCallEnds() {
        errors.tell(() -> {
            errors.report(Stage.HANDLER, KEY, new IllegalStateException("a"));
            said.add("telling " + errors.isTelling());
        });
        check(0, "HANDLER k a", "telling true");
    }
}
