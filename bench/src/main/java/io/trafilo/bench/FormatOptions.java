package io.trafilo.bench;

import io.trafilo.AggregateSet;
import io.trafilo.Aggregates;
import io.trafilo.EventParser;
import io.trafilo.formats.DogStatsD;
import io.trafilo.formats.Graphite;
import io.trafilo.formats.Influx;
import io.trafilo.formats.KeyOf;
import io.trafilo.formats.StatsD;
import io.trafilo.formats.Syslog;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What messages look like, and what of them is the key. */
final class FormatOptions {
    private static final String SENDER = "sender";
    private static final String NAME = "name";

    /** 256 bytes a pane, so that many keys have room; a standard error of 5 %. */
    private static final int DISTINCT_PRECISION = 8;

    @Option(
            names = "--format",
            paramLabel = "token|lines|statsd|dogstatsd|syslog|influx|graphite",
            defaultValue = "token")
    MessageFormat format = MessageFormat.TOKEN;

    @Option(names = "--key", paramLabel = "<part>", split = ",")
    List<String> key = new ArrayList<>();

    @Option(names = "--field", paramLabel = "<name>")
    @Nullable
    String field;

    /** The parser for this format and key. */
    EventParser parser() {
        if (field != null && format != MessageFormat.INFLUX) {
            throw SettingException.of("--field", field, "--format influx, whose points have fields");
        }
        return switch (format) {
            case TOKEN -> isBySender("sender") ? EventParser.bySender() : EventParser.firstToken();
            case LINES -> EventParser.lines(isBySender("sender") ? EventParser.bySender() : EventParser.firstToken());
            case STATSD -> {
                requireName();
                yield StatsD.parser();
            }
            case DOGSTATSD -> DogStatsD.parser(nameAndTags());
            case GRAPHITE -> Graphite.parser(nameAndTags());
            case INFLUX -> field == null ? Influx.parser(nameAndTags()) : Influx.parser(nameAndTags(), field);
            case SYSLOG -> syslog();
        };
    }

    private boolean isBySender(String allowed) {
        if (!key.isEmpty() && !key.equals(List.of(allowed))) {
            throw refused(SENDER + ", or without --key the first word");
        }
        return !key.isEmpty();
    }

    private void requireName() {
        if (!key.isEmpty() && !key.equals(List.of(NAME))) {
            throw refused("name; StatsD has no tags, see --format dogstatsd");
        }
    }

    /** The name is always part of the key. */
    private KeyOf nameAndTags() {
        List<String> tags = new ArrayList<>(key);
        if (!tags.isEmpty() && tags.get(0).equals(NAME)) {
            tags.remove(0);
        }
        try {
            return KeyOf.name().and(tags.toArray(new String[0]));
        } catch (IllegalArgumentException e) {
            throw refused("name or the names of tags, each one once");
        }
    }

    private EventParser syslog() {
        List<Syslog.Part> parts = new ArrayList<>();
        for (String part : key) {
            try {
                parts.add(Syslog.Part.valueOf(part.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw refused("host, app, severity or facility, or several of them");
            }
        }
        if (parts.isEmpty()) {
            parts.add(Syslog.Part.HOST);
        }
        try {
            return Syslog.parser(parts.get(0), parts.subList(1, parts.size()).toArray(new Syslog.Part[0]));
        } catch (IllegalArgumentException e) {
            throw refused("each part once");
        }
    }

    private SettingException refused(String rule) {
        return SettingException.of("--key", String.join(",", key), rule);
    }

    /** What windows are asked for, null if the format has no values. */
    @Nullable
    AggregateSet aggregates() {
        return switch (format) {
            case TOKEN, LINES, SYSLOG -> null;
            case STATSD, DOGSTATSD, GRAPHITE, INFLUX ->
                Aggregates.weightedCount().sum().min().max().quantiles().distinct(DISTINCT_PRECISION);
        };
    }

    /** What the parser asks of a message. */
    String rule() {
        return switch (format) {
            case TOKEN -> key.isEmpty() ? "the key ends at the first space; see --format" : "the sender is the key";
            case LINES ->
                key.isEmpty() ? "of each line the key ends at the first space; see --format" : "the sender is the key";
            case STATSD -> "each line is name:value|type";
            case DOGSTATSD -> "each line is name:value|type|#tags";
            case GRAPHITE -> "each line is path value time";
            case INFLUX -> "each line is measurement,tags fields time";
            case SYSLOG -> "a message begins with <PRI>, or as RFC 3164 shows";
        };
    }
}
