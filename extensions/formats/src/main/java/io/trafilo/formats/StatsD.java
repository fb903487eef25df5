package io.trafilo.formats;

import io.trafilo.EventCollector;
import io.trafilo.EventDetails;
import io.trafilo.EventParser;

/**
 * StatsD, as the README of the original daemon describes it: {@code name:value|type} or {@code name:value|type|@rate}, one on each line.
 *
 * <pre>{@code
 * Trafilo.<Stats>builder().parser(StatsD.parser())
 * }</pre>
 *
 * <ul>
 *   <li>The key of an event is the name, as it is: the daemon, by default, rewrites spaces and slashes in it.
 *   <li>Its payload is the line. {@link StatsDMetric} reads it.
 *   <li>Its value is the number, and its weight is {@code 1 / rate} if its type is sampled: not a gauge, not a set. A rate above 1 is
 *       taken, as by the daemon.
 *   <li>The member of a set is its item, which {@code distinct} counts. It has no value.
 *   <li>A gauge with a sign is a change: see {@link StatsDMetric#isDelta}.
 * </ul>
 *
 * <p>Several values of one name make several events: {@code name:1|c:2|c}. Types are those of {@link MetricType}; the daemon takes
 * any other for a counter, this parser rejects it. A number is a decimal one, maybe with an exponent, and neither hexadecimal nor
 * infinite. Blanks around number, type and rate are ignored. What follows a rate is passed over. Malformed values are rejected one by
 * one.
 */
public final class StatsD {
    private StatsD() {}

    /**
     * Reads lines of StatsD. Any number of lines makes a message; they end with LF or CR LF, and empty ones are ignored.
     *
     * @return a parser for all workers, which throws nothing on any bytes and allocates nothing
     */
    public static EventParser parser() {
        ThreadLocal<StatsDMetric> views = ThreadLocal.withInitial(StatsDMetric::new);
        return EventParser.lines((buffer, offset, length, out) -> parse(views.get(), buffer, offset, length, out));
    }

    private static void parse(StatsDMetric metric, byte[] buffer, int offset, int length, EventCollector out) {
        Slice name = metric.name();
        boolean more = metric.wrap(buffer, offset, length);
        while (more) {
            EventDetails event = out.event(name.offset(), name.length(), offset, length);
            if (metric.type() == MetricType.SET) {
                event.item(metric.rawValue().offset(), metric.rawValue().length());
            } else {
                event.value(metric.value()).weight(metric.weight());
            }
            more = metric.next();
        }
        for (int i = metric.malformed(); i > 0; i--) {
            out.reject();
        }
    }
}
