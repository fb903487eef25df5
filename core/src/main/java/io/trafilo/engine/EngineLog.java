package io.trafilo.engine;

import io.trafilo.Key;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Logs for the default error and stall listeners. Each kind of warning is logged at most once per second; the next entry
 * says how many were left out. Thread-safe.
 */
final class EngineLog {
    private static final System.Logger LOGGER = System.getLogger("io.trafilo");
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int LONGEST_KEY = 256;

    private final AtomicLongArray nextEntryNanos;
    private final AtomicLongArray leftOut;

    EngineLog(int kinds) {
        nextEntryNanos = new AtomicLongArray(kinds);
        leftOut = new AtomicLongArray(kinds);
        long nowNanos = System.nanoTime();
        for (int i = 0; i < kinds; i++) {
            nextEntryNanos.set(i, nowNanos);
        }
    }

    void warn(int kind, Supplier<String> message, @Nullable Throwable error) {
        long nowNanos = System.nanoTime();
        long dueNanos = nextEntryNanos.get(kind);
        if (nowNanos - dueNanos < 0 || !nextEntryNanos.compareAndSet(kind, dueNanos, nowNanos + QUIET_NANOS)) {
            leftOut.incrementAndGet(kind);
            return;
        }
        long omitted = leftOut.getAndSet(kind, 0);
        String more = omitted == 0 ? "" : " (" + omitted + " more since the last entry)";
        LOGGER.log(Level.WARNING, message.get() + more, error);
    }

    static void info(String message) {
        LOGGER.log(Level.INFO, message);
    }

    /** Logs what is said once in an engine's life. */
    static void warn(String message) {
        LOGGER.log(Level.WARNING, message);
    }

    static void error(String message, @Nullable Throwable error) {
        LOGGER.log(Level.ERROR, message, error);
    }

    /** Describes a key for a log entry; "" for none. The bytes come from a sender: escaped, and no longer than a line may be. */
    static String at(@Nullable Key key) {
        if (key == null) {
            return "";
        }
        String whole = key.toString();
        boolean cut = whole.codePointCount(0, whole.length()) > LONGEST_KEY;
        String shown = cut ? whole.substring(0, whole.offsetByCodePoints(0, LONGEST_KEY)) : whole;
        return ", key '" + Key.printable(shown).replace("'", "\\'") + (cut ? "'..." : "'");
    }
}
