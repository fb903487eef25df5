package io.trafilo;

import static io.trafilo.testing.TestEngine.SLIDE;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.testing.TimedParser;
import java.util.concurrent.atomic.AtomicLong;

/** Ways to fail, for the tests of what becomes of it. */
final class FailingCallbacks {
    private FailingCallbacks() {}

    /** Makes the callback of one stage fail for the key {@code fail}. */
    static void failAt(TrafiloBuilder<AtomicLong> builder, Stage stage, Runnable failure) {
        TimedParser parser = new TimedParser();
        builder.idleTimeout(SLIDE.multipliedBy(3));
        switch (stage) {
            case PARSER ->
                builder.parser((buffer, offset, length, out) -> {
                    if (buffer[offset] == 'f') {
                        failure.run();
                    }
                    parser.parse(buffer, offset, length, out);
                });
            case STATE_FACTORY ->
                builder.state(key -> {
                    runFor(key, failure);
                    return new AtomicLong();
                });
            case HANDLER -> builder.handler((event, state) -> runFor(event.key(), failure));
            case SINK -> {
                var sink = builder.settings().sink();
                builder.sink((window, state) -> {
                    runFor(window.key(), failure);
                    sink.onWindow(window, state);
                });
            }
            case DISPOSER -> builder.disposer((key, state) -> runFor(key, failure));
            default -> throw new AssertionError(stage);
        }
    }

    private static void runFor(Key key, Runnable failure) {
        if (key.toString().equals("fail")) {
            failure.run();
        }
    }

    @SuppressWarnings("InfiniteRecursion")
    static void overflow() {
        overflow();
    }
}
