package io.trafilo;

import org.jspecify.annotations.Nullable;

/** Writes errors into the log, by stage. */
final class LoggingErrorListener implements ErrorListener {
    private final EngineLog log = new EngineLog(Stage.values().length);

    @Override
    public void onError(Stage stage, @Nullable Key key, Throwable error) {
        log.warn(stage.ordinal(), () -> stage + " failed" + EngineLog.at(key), error);
    }
}
