package io.trafilo.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** How many datagrams a peer has handled, from what it writes. Nothing written yet is 0. */
final class PeerCounts {
    private static final Pattern NETDATA = Pattern.compile("statsd_events_total\\{[^}]*dimension=\"counters\"} (\\d+)");
    private static final Pattern STATSD = Pattern.compile("counters: \\{[^}]*'statsd\\.packets_received': (\\d+)");
    private static final Pattern RSYSLOG = Pattern.compile("\"origin\": \"imudp\", \"submitted\": (\\d+)");
    private static final Pattern LEDGER = Pattern.compile("\"handled\": (\\d+)");
    private static final Pattern DAY = Pattern.compile("-\\d{4}-\\d{2}-\\d{2}$");

    private PeerCounts() {}

    static long ofNetdata(String page) {
        return last(numbers(NETDATA, page));
    }

    /** It counts from 0 after each flush, and says beside the counts what they are in a second. */
    static long ofStatsd(String output) {
        return numbers(STATSD, output).sum();
    }

    static long ofRsyslog(String statistics) {
        return last(numbers(RSYSLOG, statistics));
    }

    static long inLedger(PeerPlace place) throws IOException {
        return last(numbers(LEDGER, text(place.ledger())));
    }

    /** Collectd has a file for each key and day, with lines of a time, a comma, and the key's total. */
    static long inLastLines(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return 0;
        }
        Map<String, Long> totals = new HashMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String key = DAY.matcher(file.getFileName().toString()).replaceFirst("");
                totals.merge(key, lastTotal(Files.readAllLines(file)), Math::max);
            }
        }
        return totals.values().stream().mapToLong(Long::longValue).sum();
    }

    private static long lastTotal(List<String> lines) {
        String line = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
        String total = line.substring(line.indexOf(',') + 1);
        // the first line names the columns
        return total.matches("\\d+") ? Long.parseLong(total) : 0;
    }

    static String text(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file) : "";
    }

    static String page(String address) throws IOException {
        try (InputStream in = URI.create(address).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static LongStream numbers(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .mapToLong(Long::parseLong);
    }

    private static long last(LongStream numbers) {
        return numbers.reduce(0, (before, number) -> number);
    }
}
