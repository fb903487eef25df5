package io.trafilo.engine;

import io.trafilo.Key;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the engine logs when the application has no listeners of its own. Of each kind of warning at most one entry a second; the
 * others are counted, and the next entry says how many. Thread-safe.
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

    static void error(String message, @Nullable Throwable error) {
        LOGGER.log(Level.ERROR, message, error);
    }

    /** Names a key, whose bytes come from a sender: no line ends, no control characters, not too long; "" for none. */
    static String at(@Nullable Key key) {
        if (key == null) {
            return "";
        }
        StringBuilder text = new StringBuilder(", key '");
        String whole = key.toString();
        int shown = Math.min(whole.length(), LONGEST_KEY);
        whole.substring(0, shown).codePoints().forEach(c -> {
            if (c == '\'' || c == '\\') {
                text.append('\\').append((char) c);
            } else if (isPrintable(c)) {
                text.appendCodePoint(c);
            } else {
                text.append("\\u{").append(Integer.toHexString(c)).append('}');
            }
        });
        return text.append(shown < whole.length() ? "'..." : "'").toString();
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
