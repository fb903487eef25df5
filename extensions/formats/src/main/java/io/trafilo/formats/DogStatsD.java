package io.trafilo.formats;

import static java.util.Objects.requireNonNull;

import io.trafilo.EventCollector;
import io.trafilo.EventDetails;
import io.trafilo.EventParser;
import io.trafilo.KeyBuilder;
import java.util.concurrent.TimeUnit;

/**
 * DogStatsD, the protocols 1.0 to 1.5, as Datadog's documentation describes them. A line is a metric, an event or a service check:
 *
 * <pre>{@code
 * name:value:value|type|@rate|#tag:value,tag|c:container|Tseconds|e:external data|card:cardinality
 * _e{title length,text length}:title|text|d:seconds|h:host|k:group|p:priority|s:source|t:alert type|#tags
 * _sc|name|status|d:seconds|h:host|#tags|m:message
 * }</pre>
 *
 * <pre>{@code
 * Trafilo.<Stats>builder().parser(DogStatsD.parser(KeyOf.name().and("env", "region")))
 * }</pre>
 *
 * <ul>
 *   <li>The key of an event is the name, or the title of a DogStatsD event as it is written, and the tags that {@link KeyOf} names.
 *   <li>Its payload is the line. {@link DogStatsDMessage} reads it.
 *   <li>Its value is the number; several values of one metric make several events. The value of a service check is its status; a
 *       DogStatsD event has no value. The member of a set is its item, which {@code distinct} counts.
 *   <li>Its weight is {@code 1 / rate} if its type is sampled: not a gauge, not a set.
 *   <li>Its time is that of the line, if it has one. A time that is beyond the nanoseconds of a long becomes the closest one that is
 *       not, and counts as skewed or late.
 * </ul>
 *
 * <p>The optional fields come in any order; unknown ones are passed over. A gauge with a sign is no change, as it is in StatsD. A number
 * is a decimal one, maybe with an exponent, and neither hexadecimal nor infinite. A rate is above 0 and at most 1, as documented; the
 * agent takes any number. Of a metric, a malformed field makes the line malformed; of an event or a service check, it is passed over, as
 * by the agent. A service check's message ends at a bar.
 */
public final class DogStatsD {
    private DogStatsD() {}

    /**
     * Reads lines whose name is the key.
     *
     * @return as the other one
     */
    public static EventParser parser() {
        return parser(KeyOf.name());
    }

    /**
     * Reads lines of DogStatsD. Any number of lines makes a message; they end with LF or CR LF, and empty ones are ignored.
     *
     * @param key what becomes the key
     * @return a parser for all workers, which throws nothing on any bytes and allocates nothing
     */
    public static EventParser parser(KeyOf key) {
        requireNonNull(key, "key");
        ThreadLocal<DogStatsDMessage> views = ThreadLocal.withInitial(DogStatsDMessage::new);
        return EventParser.lines((buffer, offset, length, out) -> parse(views.get(), key, buffer, offset, length, out));
    }

    private static void parse(
            DogStatsDMessage message, KeyOf key, byte[] buffer, int offset, int length, EventCollector out) {
        if (!message.wrap(buffer, offset, length)) {
            out.reject();
            return;
        }
        int events = Math.max(message.valueCount(), 1);
        Slice name = message.name();
        KeyBuilder built = message.tags().key(out, name, key); // once for all values of the line
        for (int i = 0; i < events; i++) {
            EventDetails event = built == null
                    ? out.event(name.offset(), name.length(), offset, length)
                    : built.event(offset, length);
            if (message.timestampSeconds() > 0) {
                event.at(TimeUnit.SECONDS.toNanos(message.timestampSeconds()));
            }
            describe(event, message, i);
        }
    }

    private static void describe(EventDetails event, DogStatsDMessage message, int index) {
        if (message.valueCount() > 0) {
            event.value(message.value(index)).weight(message.weight());
        } else if (message.kind() == DogStatsDMessage.Kind.SERVICE_CHECK) {
            event.value(message.status());
        } else if (message.kind() == DogStatsDMessage.Kind.METRIC) {
            event.item(message.rawValues().offset(), message.rawValues().length());
        }
    }
}
