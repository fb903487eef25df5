package io.trafilo.bench;

import io.trafilo.Counter;
import io.trafilo.EventHandler;
import io.trafilo.EventView;
import io.trafilo.Key;
import io.trafilo.Trafilo;
import io.trafilo.WindowSink;
import io.trafilo.WindowView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.Collectors;

/** A table of the keys with the highest rates, below what came in and what was lost. Workers keep its states, one thread draws. */
final class TopTable implements EventHandler<TopTable.Stats>, WindowSink<TopTable.Stats> {
    private static final Comparator<Row> FASTEST_FIRST = Comparator.comparingLong(Row::count)
            .reversed()
            .thenComparing(Comparator.comparingLong(Row::total).reversed())
            .thenComparing(Row::key);

    private final Duration window;
    private volatile String note = "";

    /** The state of a key. Guarded by the key's lock. */
    static final class Stats {
        long total;
        long lastNanos;
        long windowCount;
    }

    private record Row(String key, long count, long total, long lastNanos) {}

    TopTable(Duration window) {
        this.window = window;
    }

    @Override
    public void onEvent(EventView event, Stats stats) {
        stats.total++;
        stats.lastNanos = event.receiptNanos();
    }

    @Override
    public void onWindow(WindowView view, Stats stats) {
        stats.windowCount = view.count();
    }

    /** Keeps a line to show above the table, in place of the one before. Any thread may call this. */
    void note(String text) {
        note = text;
    }

    /**
     * Draws the page.
     *
     * @param title its first line
     * @param epochNanos now
     * @param rows how many lines it may have
     */
    List<String> page(String title, Trafilo<Stats> engine, InputWatch.Look look, long epochNanos, int rows) {
        List<String> head = new ArrayList<>();
        head.add(title);
        head.add(Console.format(
                "in %,.0f/s, handled %,.0f/s; lost so far: %s",
                look.receivedPerSecond(),
                look.handledPerSecond(),
                text(look.lostByLayer(), engine.ledger().isKnown(Counter.KERNEL_DROPPED))));
        head.add(look.complaint().isEmpty() ? note : look.complaint());
        List<Row> fastest = fastest(engine, Math.max(0, rows - head.size() - 1));
        head.add(Console.format("%12s %12s %15s %10s  %s", "rate/s", "count", "total", "last seen", "key"));
        fastest.forEach(row -> head.add(text(row, epochNanos)));
        return head.subList(0, Math.min(rows, head.size()));
    }

    private static String text(Map<String, Long> lostByLayer, boolean kernelKnown) {
        return lostByLayer.entrySet().stream()
                .map(layer -> layer.getKey().equals(LoadCounts.KERNEL) && !kernelKnown
                        ? LoadCounts.KERNEL + " unknown"
                        : Console.format("%s %,d", layer.getKey(), layer.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** The key is last, since nobody knows how wide its characters are. */
    private String text(Row row, long epochNanos) {
        return Console.format(
                "%,12.1f %,12d %,15d %10s  %s",
                row.count() / (window.toNanos() / 1e9),
                row.count(),
                row.total(),
                ago(epochNanos - row.lastNanos()),
                Key.printable(row.key()));
    }

    private static String ago(long nanos) {
        long seconds = Math.max(0, Math.round(nanos / 1e9));
        if (seconds < 2) {
            return "now";
        }
        return seconds < 120
                ? seconds + " s ago"
                : seconds < 7_200 ? seconds / 60 + " m ago" : seconds / 3_600 + " h ago";
    }

    private static List<Row> fastest(Trafilo<Stats> engine, int limit) {
        PriorityQueue<Row> top = new PriorityQueue<>(FASTEST_FIRST.reversed());
        engine.forEachKey((key, stats) -> {
            Row least = top.peek();
            if (top.size() < limit || (least != null && stats.windowCount >= least.count())) {
                top.add(new Row(key.toString(), stats.windowCount, stats.total, stats.lastNanos));
                if (top.size() > limit) {
                    top.poll();
                }
            }
        });
        List<Row> sorted = new ArrayList<>(top);
        sorted.sort(FASTEST_FIRST);
        return sorted;
    }
}
