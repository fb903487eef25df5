package io.trafilo.bench;

import java.net.PortUnreachableException;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What became of the datagrams handed to the kernel: taken, or refused with which error. Not thread-safe. */
final class SendTally {
    private final Map<String, Long> errors = new TreeMap<>();
    private long sent;

    void addSent(long count) {
        sent += count;
    }

    void addFailed(long count, Throwable error) {
        errors.merge(label(error), count, Long::sum);
    }

    long sent() {
        return sent;
    }

    Map<String, Long> errors() {
        return Collections.unmodifiableMap(new TreeMap<>(errors));
    }

    private static String label(Throwable error) {
        String message = String.valueOf(error.getMessage());
        String lower = message.toLowerCase(Locale.ROOT);
        if (error instanceof PortUnreachableException || lower.contains("connection refused")) {
            return "ECONNREFUSED";
        }
        if (lower.contains("no buffer space")) {
            return "ENOBUFS";
        }
        if (lower.contains("message too long")) {
            return "EMSGSIZE";
        }
        if (lower.contains("not permitted") || lower.contains("permission denied")) {
            return "EPERM";
        }
        return error.getClass().getSimpleName() + ": " + message;
    }
}
