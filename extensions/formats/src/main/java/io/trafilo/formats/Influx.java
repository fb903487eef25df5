package io.trafilo.formats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.trafilo.EventCollector;
import io.trafilo.EventDetails;
import io.trafilo.EventParser;
import io.trafilo.KeyBuilder;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The Influx line protocol: {@code measurement,tag=value field=value,field=value time}, one point on each line. Immutable; one parser
 * serves all workers, throws nothing on any bytes and allocates nothing.
 *
 * <pre>{@code
 * Trafilo.<Stats>builder().parser(Influx.parser(KeyOf.name().and("station"), "temp"))
 * }</pre>
 *
 * <ul>
 *   <li>The key of an event is the measurement with the tags that are named, without escapes.
 *   <li>Its payload is the line. {@link InfluxPoint} reads it.
 *   <li>Its value is that of the field that is named: 1 for true, 0 for false. A point has none if it lacks the field, or the field is
 *       a string. If a field comes twice, the last counts.
 *   <li>Its time is that of the line, in nanoseconds unless {@link #precision} says otherwise; without one, that of the receipt.
 * </ul>
 *
 * <p>The grammar is that which InfluxData publishes with its decoder. Fields are floats ({@code 11}, {@code -1.5e3}), integers
 * ({@code 80i}), unsigned ones ({@code 80u}), strings in quotes, or booleans ({@code t}, {@code true}, {@code True}, {@code TRUE}, and
 * so for false). A backslash escapes comma and space in a measurement, also {@code =} in tags and names of fields, and quote and
 * backslash in a string. Lines end with LF or CR LF; a string may hold line ends. Empty lines and those that begin with {@code #} are
 * ignored. A malformed line is rejected and costs itself alone: so is one with numbers out of range, control characters outside of
 * strings, or a plus before a number. It is not checked that the text is UTF-8.
 */
public final class Influx implements EventParser {
    private final KeyOf key;
    private final byte @Nullable [] valueField;
    private final TimeUnit precision;
    private final ThreadLocal<InfluxPoint> points = ThreadLocal.withInitial(InfluxPoint::new);

    private Influx(KeyOf key, byte @Nullable [] valueField, TimeUnit precision) {
        this.key = requireNonNull(key, "key");
        this.valueField = valueField;
        this.precision = precision;
    }

    /**
     * Reads points as events without a value.
     *
     * @param key what becomes the key
     * @return a parser for all workers
     */
    public static Influx parser(KeyOf key) {
        return new Influx(key, null, TimeUnit.NANOSECONDS);
    }

    /**
     * Reads points as events with the value of a field.
     *
     * @param key what becomes the key
     * @param valueField the name of the field, without escapes
     * @return a parser for all workers
     * @throws IllegalArgumentException if the name is empty
     */
    public static Influx parser(KeyOf key, String valueField) {
        if (valueField.isEmpty()) {
            throw new IllegalArgumentException("valueField: \"\" (expected: the name of a field)");
        }
        return new Influx(key, valueField.getBytes(UTF_8), TimeUnit.NANOSECONDS);
    }

    /**
     * The unit of the times in the lines. One that is then out of the range of nanoseconds is the first or last in it.
     *
     * @param unit nanoseconds by default
     * @return a new parser
     */
    public Influx precision(TimeUnit unit) {
        return new Influx(key, valueField, requireNonNull(unit, "unit"));
    }

    @Override
    public void parse(byte[] buffer, int offset, int length, EventCollector out) {
        InfluxPoint point = points.get();
        for (boolean more = point.wrap(buffer, offset, length); more; more = point.next()) {
            EventDetails event = addEvent(point, out);
            int field = valueField == null ? -1 : lastField(point, valueField);
            if (field >= 0 && point.fieldType(field) != InfluxPoint.Type.STRING) {
                event.value(point.fieldDouble(field));
            }
            if (point.hasTimestamp()) {
                event.at(precision.toNanos(point.timestamp()));
            }
        }
        for (int i = point.malformed(); i > 0; i--) {
            out.reject();
        }
        point.clear();
    }

    private EventDetails addEvent(InfluxPoint point, EventCollector out) {
        KeyBuilder parts = out.key();
        append(parts, point.measurement());
        for (int i = 0; i < key.tagCount(); i++) {
            int tag = firstTag(point, key.tagName(i));
            if (tag >= 0) {
                append(parts.append((byte) ','), point.tagName(tag));
                append(parts.append((byte) '='), point.tagValue(tag));
            }
        }
        return parts.event(point.line().offset(), point.line().length());
    }

    private static void append(KeyBuilder parts, Slice part) {
        parts.append(part.buffer(), part.offset(), part.length());
    }

    private static int firstTag(InfluxPoint point, byte[] name) {
        for (int i = 0; i < point.tagCount(); i++) {
            if (point.tagName(i).contentEquals(name)) {
                return i;
            }
        }
        return -1;
    }

    private static int lastField(InfluxPoint point, byte[] name) {
        for (int i = point.fieldCount() - 1; i >= 0; i--) {
            if (point.fieldName(i).contentEquals(name)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public String toString() {
        String value = valueField == null ? "" : ", value of " + new String(valueField, UTF_8);
        return "Influx lines by " + key + value + ", times in " + precision;
    }
}
