package io.trafilo;

import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/** At most one log entry a second and stage; the others are counted and named in the next entry. */
final class LoggingErrorListener implements ErrorListener {
    private static final System.Logger LOGGER = System.getLogger("io.trafilo");
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final AtomicLongArray nextEntryNanos = new AtomicLongArray(Stage.values().length);
    private final AtomicLong[] leftOut = new AtomicLong[Stage.values().length];

    LoggingErrorListener() {
        long nowNanos = System.nanoTime();
        for (int i = 0; i < leftOut.length; i++) {
            leftOut[i] = new AtomicLong();
            nextEntryNanos.set(i, nowNanos);
        }
    }

    @Override
    public void onError(Stage stage, @Nullable Key key, Throwable error) {
        int i = stage.ordinal();
        long nowNanos = System.nanoTime();
        long dueNanos = nextEntryNanos.get(i);
        if (nowNanos - dueNanos < 0 || !nextEntryNanos.compareAndSet(i, dueNanos, nowNanos + QUIET_NANOS)) {
            leftOut[i].incrementAndGet();
            return;
        }
        long omitted = leftOut[i].getAndSet(0);
        String at = key == null ? "" : ", key '" + key + "'";
        String more = omitted == 0 ? "" : " (" + omitted + " more since the last entry)";
        LOGGER.log(Level.WARNING, stage + " failed" + at + more, error);
    }
}
