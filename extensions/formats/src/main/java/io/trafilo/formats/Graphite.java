package io.trafilo.formats;

import static java.util.Objects.requireNonNull;

import io.trafilo.EventCollector;
import io.trafilo.EventDetails;
import io.trafilo.EventParser;

/**
 * Graphite's plaintext protocol: {@code path value seconds}, one on each line, with tags as {@code path;tag=value;tag=value value seconds}.
 *
 * <pre>{@code
 * Trafilo.<Stats>builder().parser(Graphite.parser(KeyOf.name().and("host")))
 * }</pre>
 *
 * <ul>
 *   <li>The key of an event is the path, and the tags that {@link KeyOf} names.
 *   <li>Its payload is the line. {@link GraphitePoint} reads it.
 *   <li>Its value is the number. A point whose value is {@code nan} is dropped, as by carbon, and not counted as malformed.
 *   <li>Its time is that of the line; -1 stands for the time of receipt. A time that is beyond the nanoseconds of a long becomes the
 *       closest one that is not, and counts as skewed or late.
 * </ul>
 *
 * <p>As carbon does, the parser takes any blanks, in any number, between the parts and around them, an exponent, and seconds with a
 * fraction. A number is a decimal one, and not infinite. A tag has a name without {@code !} and {@code ^}, and a value that does not begin
 * with {@code ~}, as Graphite's documentation demands.
 */
public final class Graphite {
    private Graphite() {}

    /**
     * Reads lines whose path is the key.
     *
     * @return as the other one
     */
    public static EventParser parser() {
        return parser(KeyOf.name());
    }

    /**
     * Reads lines of Graphite. Any number of lines makes a message; they end with LF or CR LF, and empty ones are ignored.
     *
     * @param key what becomes the key
     * @return a parser for all workers, which throws nothing on any bytes and allocates nothing
     */
    public static EventParser parser(KeyOf key) {
        requireNonNull(key, "key");
        ThreadLocal<GraphitePoint> views = ThreadLocal.withInitial(GraphitePoint::new);
        return EventParser.lines((buffer, offset, length, out) -> parse(views.get(), key, buffer, offset, length, out));
    }

    private static void parse(
            GraphitePoint point, KeyOf key, byte[] buffer, int offset, int length, EventCollector out) {
        if (!point.wrap(buffer, offset, length)) {
            out.reject();
        } else if (!Double.isNaN(point.value())) {
            EventDetails event =
                    point.tags().event(out, point.path(), key, offset, length).value(point.value());
            if (!point.isNow()) {
                event.at(point.timestampNanos());
            }
        }
    }
}
