package io.trafilo.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.trafilo.EngineFailedException;
import io.trafilo.ErrorListener;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.Key;
import io.trafilo.Stall;
import io.trafilo.StallListener;
import io.trafilo.testing.OnPurpose;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How keys, which senders choose, appear in the log. */
class EngineLogTest {
    @Test
    void shouldNameNoKeyWhenThereIsNone() {
        assertThat(EngineLog.at(null)).isEmpty();
    }

    static Stream<Arguments> keys() {
        return Stream.of(
                arguments("svc7", "svc7"),
                arguments("gr\u00f6\u00dfe \u6771\u4eac \ud83d\ude00", "gr\u00f6\u00dfe \u6771\u4eac \ud83d\ude00"),
                arguments("a\nWARNING b", "a\\u{a}WARNING b"),
                arguments("a\r\tb", "a\\u{d}\\u{9}b"),
                arguments("\033[31mred", "\\u{1b}[31mred"),
                arguments("\0", "\\u{0}"),
                arguments("line\u2028separator", "line\\u{2028}separator"),
                arguments("right\u202eto left", "right\\u{202e}to left"),
                arguments("tag \udb40\udc01", "tag \\u{e0001}"),
                arguments("it's", "it\\'s"),
                arguments("a\\b", "a\\\\b"));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void shouldEscapeWhatIsNotPlainText(String key, String expected) {
        assertThat(EngineLog.at(Key.of(key))).isEqualTo(", key '" + expected + "'");
    }

    private record Stuck(Stage stage, String thread, Key key, Duration duration, List<StackTraceElement> stack)
            implements Stall {}

    private static void capture(List<LogRecord> records, Runnable logging) {
        Handler capture = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                records.add(entry);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("io.trafilo"); // what System.Logger is backed by in a plain JVM
        logger.addHandler(capture);
        logger.setUseParentHandlers(false);
        try {
            logging.run();
        } finally {
            logger.removeHandler(capture);
            logger.setUseParentHandlers(true);
        }
    }

    @Test
    void shouldEscapeKeysOfErrorsAndStallsAlike() {
        List<LogRecord> records = new CopyOnWriteArrayList<>();
        Key key = Key.of("a\nb");
        List<StackTraceElement> stack = List.of(new StackTraceElement("Hanging", "method", "Hanging.java", 7));
        capture(records, () -> {
            ErrorListener.logging().onError(Stage.HANDLER, key, new OnPurpose());
            StallListener stalls = StallListener.logging();
            for (int i = 0; i < 2; i++) { // of each kind one entry a second
                stalls.onStall(new Stuck(Stage.SINK, "thread-1", key, Duration.ofMillis(1_250), stack));
                stalls.onStallEnd(new Stuck(Stage.SINK, "thread-1", key, Duration.ofSeconds(2), List.of()));
            }
        });
        assertThat(records.stream().map(LogRecord::getMessage).limit(3))
                .containsExactly(
                        "HANDLER failed, key 'a\\u{a}b'",
                        "SINK has been stuck for 1250 ms on thread thread-1, key 'a\\u{a}b'",
                        "SINK resumed after 2000 ms on thread thread-1, key 'a\\u{a}b'");
        assertThat(records.get(0).getThrown()).isInstanceOf(OnPurpose.class);
        assertThat(records.get(1).getThrown().getStackTrace()).containsExactlyElementsOf(stack);
        assertThat(records.get(2).getThrown()).isNull();
    }

    /** Whatever else was logged within the second. */
    @Test
    void shouldSayThatTheEngineStoppedAndWhy() {
        List<LogRecord> records = new CopyOnWriteArrayList<>();
        Error fatal = new OutOfMemoryError("Java heap space");
        Throwable last = new OnPurpose();
        capture(records, () -> {
            ErrorListener errors = ErrorListener.logging();
            errors.onError(Stage.HANDLER, Key.of("k"), new OnPurpose());
            errors.onError(Stage.HANDLER, Key.of("k"), fatal);
            errors.onError(Stage.ENGINE, null, new EngineFailedException("engine stopped: " + last, last));
            errors.onError(Stage.HANDLER, Key.of("k"), new StackOverflowError());
        });
        assertThat(records.stream().map(entry -> entry.getLevel() + " " + entry.getMessage()))
                .containsExactly(
                        "WARNING HANDLER failed, key 'k'",
                        "SEVERE engine stopped: java.lang.OutOfMemoryError: Java heap space, thrown at HANDLER, key 'k'",
                        "SEVERE engine stopped: " + last);
        assertThat(records.get(1).getThrown()).isSameAs(fatal);
        assertThat(records.get(2).getThrown()).isSameAs(last);
    }

    /** Such as one of another engine, which the handler runs. */
    @Test
    void shouldNotSayThatTheEngineStoppedWhenACallbackThrowsWhatSaysSo() {
        List<LogRecord> records = new CopyOnWriteArrayList<>();
        capture(records, () -> {
            ErrorListener errors = ErrorListener.logging();
            for (int i = 0; i < 2; i++) { // one entry a second, as of any callback
                errors.onError(Stage.HANDLER, Key.of("k"), new EngineFailedException("another", new OnPurpose()));
            }
        });
        assertThat(records.stream().map(entry -> entry.getLevel() + " " + entry.getMessage()))
                .containsExactly("WARNING HANDLER failed, key 'k'");
    }

    @Test
    void shouldCutALongKey() {
        assertThat(EngineLog.at(Key.of("a".repeat(256)))).isEqualTo(", key '" + "a".repeat(256) + "'");
        assertThat(EngineLog.at(Key.of("a".repeat(65_536)))).isEqualTo(", key '" + "a".repeat(256) + "'...");
        assertThat(EngineLog.at(Key.of("\ud83d\ude00".repeat(257))))
                .isEqualTo(", key '" + "\ud83d\ude00".repeat(256) + "'...");
    }

    @Test
    void shouldEscapeTheNameOfAThreadAndTheMessageOfAnErrorThatStopsTheEngine() {
        List<LogRecord> records = new CopyOnWriteArrayList<>();
        capture(records, () -> {
            StallListener.logging()
                    .onStall(new Stuck(Stage.SINK, "a\nb", Key.of("k"), Duration.ofMillis(1), List.of()));
            ErrorListener.logging().onError(Stage.HANDLER, Key.of("k"), new OutOfMemoryError("a\u2029b"));
        });
        assertThat(records.stream().map(LogRecord::getMessage))
                .containsExactly(
                        "SINK has been stuck for 1 ms on thread a\\u{a}b, key 'k'",
                        "engine stopped: java.lang.OutOfMemoryError: a\\u{2029}b, thrown at HANDLER, key 'k'");
    }
}
