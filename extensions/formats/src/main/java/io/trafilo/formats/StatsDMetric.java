package io.trafilo.formats;

import static java.util.Objects.checkFromIndexSize;

import io.trafilo.EventView;

/**
 * What a StatsD line says. A read-only view: {@link #wrap(byte[], int, int)} points it at a line, which must not change while the
 * view is read. It stands at the first value of the line; {@link #next} moves it on. The Javadoc of {@link StatsD} has the grammar.
 *
 * <p>For one thread at a time. Allocates nothing but what {@link Slice#text} returns, and room for the longest payload.
 */
public final class StatsDMetric {
    private final Slice name = new Slice();
    private final Slice rawValue = new Slice();
    private byte[] copy = {};
    private byte[] buffer = {};
    private int next;
    private int end;
    private int malformed;
    private MetricType type = MetricType.COUNTER;
    private double value;
    private double rate;

    /** A view of nothing. */
    public StatsDMetric() {}

    /**
     * Points the view at a line, without its end.
     *
     * @param source the array that holds it
     * @param offset where it starts
     * @param length its length in bytes
     * @return whether there is a value. If not, nothing but {@link #malformed} says anything
     * @throws IndexOutOfBoundsException if the line is not within the array
     */
    public boolean wrap(byte[] source, int offset, int length) {
        checkFromIndexSize(offset, length, source.length);
        buffer = source;
        end = offset + length;
        malformed = 0;
        int colon = Bytes.indexOf(source, ':', offset, end);
        if (colon == offset || colon == end) {
            next = end + 1;
            malformed = 1;
            return false;
        }
        name.set(source, offset, colon);
        next = colon + 1;
        return next();
    }

    /**
     * Points the view at a copy of the payload of an event, which is the whole line.
     *
     * @param event an event of {@link StatsD#parser}
     * @return as for the other one
     */
    public boolean wrap(EventView event) {
        int length = event.payloadLength();
        if (copy.length < length) {
            copy = new byte[Math.max(length, 2 * copy.length)];
        }
        event.copyPayload(copy, 0);
        return wrap(copy, 0, length);
    }

    /**
     * Moves to the next value of the line, past those that are malformed.
     *
     * @return whether there is one
     */
    public boolean next() {
        while (next <= end) {
            int start = next;
            int stop = Bytes.indexOf(buffer, ':', start, end);
            next = stop + 1;
            if (read(start, stop)) {
                return true;
            }
            malformed++;
        }
        return false;
    }

    /** Reads {@code value|type} or {@code value|type|@rate}, and passes over more fields, as the daemon does. */
    private boolean read(int start, int stop) {
        int valueEnd = Bytes.indexOf(buffer, '|', start, stop);
        if (valueEnd == stop) {
            return false;
        }
        int typeStart = Bytes.skipBlank(buffer, valueEnd + 1, stop);
        int typeEnd = Bytes.indexOf(buffer, '|', typeStart, stop);
        MetricType named = MetricType.read(buffer, typeStart, Bytes.trimEnd(buffer, typeStart, typeEnd));
        if (named == null) {
            return false;
        }
        type = named;
        rawValue.set(buffer, start, valueEnd);
        return readValue() && readRate(typeEnd, stop);
    }

    private boolean readValue() {
        if (type == MetricType.SET) {
            value = Double.NaN;
            return !rawValue.isEmpty();
        }
        int stop = rawValue.offset() + rawValue.length();
        int start = Bytes.skipBlank(buffer, rawValue.offset(), stop);
        rawValue.set(buffer, start, Bytes.trimEnd(buffer, start, stop));
        value = Decimal.parse(buffer, start, rawValue.length());
        return Double.isFinite(value);
    }

    /** Reads the rate that may follow at a bar. */
    private boolean readRate(int bar, int stop) {
        if (bar == stop) {
            rate = 1;
            return true;
        }
        int start = Bytes.skipBlank(buffer, bar + 1, stop);
        int rateEnd = Bytes.trimEnd(buffer, start, Bytes.indexOf(buffer, '|', start, stop));
        if (start == rateEnd || buffer[start] != '@') {
            return false;
        }
        rate = Decimal.parse(buffer, start + 1, rateEnd - start - 1);
        return rate > 0 && rate < Double.POSITIVE_INFINITY && 1 / rate < Double.POSITIVE_INFINITY;
    }

    /** {@return the name of the metric} */
    public Slice name() {
        return name;
    }

    /** {@return the type of the value} */
    public MetricType type() {
        return type;
    }

    /** {@return the value, a finite number; NaN for the member of a set} */
    public double value() {
        return value;
    }

    /** {@return the value as it is written: the member, if it is one of a set} */
    public Slice rawValue() {
        return rawValue;
    }

    /** {@return the sample rate, a finite number above 0; 1 if the line has none} */
    public double rate() {
        return rate;
    }

    /** {@return how many events the value stands for: {@code 1 / rate()}, and for gauges and sets 1} */
    public double weight() {
        return type.isSampled() ? 1 / rate : 1;
    }

    /** {@return whether the value changes a gauge instead of setting it, which a sign says} */
    public boolean isDelta() {
        byte first = rawValue.isEmpty() ? 0 : rawValue.byteAt(0);
        return type == MetricType.GAUGE && (first == '+' || first == '-');
    }

    /** {@return how many malformed values there were, up to where the view stands; 1 if the line has no name or no value} */
    public int malformed() {
        return malformed;
    }
}
