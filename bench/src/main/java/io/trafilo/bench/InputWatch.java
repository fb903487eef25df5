package io.trafilo.bench;

import io.trafilo.Counter;
import io.trafilo.Ledger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sees what comes in from one look at the ledger to the next, and what becomes of it. For one thread. */
final class InputWatch {
    private static final List<Counter> LOST = List.of(
            Counter.MALFORMED,
            Counter.PARSE_FAILED,
            Counter.EMPTY,
            Counter.OVERSIZED,
            Counter.FILTERED,
            Counter.SHED,
            Counter.KEY_REFUSED);

    private final String rule;
    private Ledger last;
    private long lastNanos;

    /**
     * From one look to the next.
     *
     * @param lostByLayer since the beginning
     * @param complaint what is wrong if datagrams came and none became an event, else empty
     */
    record Look(double receivedPerSecond, double handledPerSecond, Map<String, Long> lostByLayer, String complaint) {}

    /** {@code rule}: what the parser asks of a message. */
    InputWatch(Ledger first, long nowNanos, String rule) {
        this.rule = rule;
        last = first;
        lastNanos = nowNanos;
    }

    Look look(Ledger now, long nowNanos) {
        double seconds = (nowNanos - lastNanos) / 1e9;
        Look look = new Look(
                since(now, Counter.RECEIVED) / seconds,
                since(now, Counter.HANDLED) / seconds,
                TrafiloTarget.lostByLayer(now),
                complaint(now));
        last = now;
        lastNanos = nowNanos;
        return look;
    }

    private long since(Ledger now, Counter counter) {
        return now.count(counter) - last.count(counter);
    }

    private String complaint(Ledger now) {
        Map<Counter, Long> lost = new LinkedHashMap<>();
        LOST.forEach(counter -> lost.put(counter, since(now, counter)));
        lost.values().removeIf(count -> count == 0);
        if (lost.isEmpty() || since(now, Counter.HANDLED) > 0) {
            return "";
        }
        StringBuilder text = new StringBuilder(Console.format("%,d received", since(now, Counter.RECEIVED)));
        lost.forEach((counter, count) -> text.append(Console.format(", %,d %s", count, counter.label())));
        List<String> rules = new ArrayList<>();
        lost.keySet().forEach(counter -> rules.add(rule(counter)));
        rules.removeIf(String::isEmpty);
        return text + (rules.isEmpty() ? "" : ": " + String.join("; ", rules));
    }

    private String rule(Counter counter) {
        return switch (counter) {
            case MALFORMED -> rule;
            case OVERSIZED -> "a datagram has at most " + ListenCommand.MAX_DATAGRAM_BYTES + " bytes";
            case FILTERED -> "senders must be in a network of --allow";
            case SHED -> "the ring is full";
            case KEY_REFUSED -> "there are as many keys as --max-keys allows";
            default -> "";
        };
    }
}
