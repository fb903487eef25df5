package io.trafilo;

import io.trafilo.spi.ListenerHandle;
import java.time.Duration;

/** Of a listener that runs to completion, on the publishing thread, and need not be stopped. */
final class DirectHandle implements ListenerHandle {
    @Override
    public void close(Duration timeout) {}

    @Override
    public boolean runsToCompletion() {
        return true;
    }
}
