package io.trafilo.engine;

import io.trafilo.EngineFailedException;
import io.trafilo.ErrorListener;
import io.trafilo.Key;
import io.trafilo.failures.Failures;
import org.jspecify.annotations.Nullable;

/** Logs errors by stage. An error that stops the engine is always logged. */
public final class LoggingErrorListener implements ErrorListener {
    private final EngineLog log = new EngineLog(Stage.values().length);

    @Override
    public void onError(Stage stage, @Nullable Key key, Throwable error) {
        if (Failures.isFatal(error)) {
            EngineLog.error(
                    "engine stopped: " + Key.printable(error.toString()) + ", thrown at " + stage + EngineLog.at(key),
                    error);
        } else if (stage == Stage.ENGINE && error instanceof EngineFailedException) {
            EngineLog.error(Key.printable(String.valueOf(error.getMessage())), error.getCause());
        } else {
            log.warn(stage.ordinal(), () -> stage + " failed" + EngineLog.at(key), error);
        }
    }
}
