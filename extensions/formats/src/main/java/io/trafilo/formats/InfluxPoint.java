package io.trafilo.formats;

import static java.util.Objects.checkFromIndexSize;
import static java.util.Objects.checkIndex;

import io.trafilo.EventView;
import java.util.Arrays;

/**
 * What a line of the Influx line protocol says. A read-only view: {@link #wrap(byte[], int, int)} points it at a message, which must
 * not change while the view is read. It stands at the first point of the message; {@link #next} moves it on. The Javadoc of
 * {@link Influx} has the grammar. Names and texts are given without escapes.
 *
 * <p>For one thread at a time. Allocates nothing but what {@link Slice#text} returns, and room for the longest message and the most
 * tags and fields so far.
 */
public final class InfluxPoint {
    /** The type of a field. */
    public enum Type {
        /** A {@code double}: {@code 11.5}. */
        FLOAT,
        /** A {@code long}: {@code 80i}. */
        INTEGER,
        /** A {@code long} without a sign: {@code 80u}. */
        UNSIGNED,
        /** A text: {@code "open"}. */
        STRING,
        /** True or false: {@code t}. */
        BOOLEAN
    }

    private static final byte[] NOTHING = {};

    /** Of a tag or field: where its name starts and ends, and its value. */
    private static final int PER_PAIR = 4;

    private final InfluxReader reader = new InfluxReader(this);
    private final Slice line = new Slice();
    private final Slice measurement = new Slice();
    private final Slice tagName = new Slice();
    private final Slice tagValue = new Slice();
    private final Slice fieldName = new Slice();
    private final Slice fieldText = new Slice();
    private int[] tags = new int[16 * PER_PAIR];
    private int[] fields = new int[16 * PER_PAIR];
    private Type[] types = new Type[16];
    private long[] numbers = new long[16];
    private byte[] copy = NOTHING;
    private byte[] unescaped = NOTHING;
    private byte[] buffer = NOTHING;
    private int offset;
    private int length;
    private int measurementStart;
    private int measurementEnd;
    private int tagCount;
    private int fieldCount;
    private boolean timestampPresent;
    private long timestamp;
    private int malformed;

    /** A view of nothing. */
    public InfluxPoint() {}

    /**
     * Points the view at a message, of any number of lines.
     *
     * @param source the array that holds it
     * @param start where it starts
     * @param lengthBytes its length in bytes
     * @return whether there is a point. If not, nothing but {@link #malformed} says anything
     * @throws IndexOutOfBoundsException if the message is not within the array
     */
    public boolean wrap(byte[] source, int start, int lengthBytes) {
        checkFromIndexSize(start, lengthBytes, source.length);
        buffer = source;
        offset = start;
        length = lengthBytes;
        malformed = 0;
        reader.reset(source, start, start + lengthBytes);
        return next();
    }

    /**
     * Points the view at a copy of the payload of an event, which is one line.
     *
     * @param event an event of {@link Influx#parser(KeyOf)}
     * @return as for the other one
     */
    public boolean wrap(EventView event) {
        int payloadLength = event.payloadLength();
        if (copy.length < payloadLength) {
            copy = new byte[Math.max(payloadLength, 2 * copy.length)];
        }
        event.copyPayload(copy, 0);
        return wrap(copy, 0, payloadLength);
    }

    /**
     * Moves to the next point of the message, past empty lines, comments and malformed lines.
     *
     * @return whether there is one
     */
    public boolean next() {
        if (reader.next()) {
            return true;
        }
        begin();
        return false;
    }

    /** Points the view at nothing. */
    void clear() {
        wrap(NOTHING, 0, 0);
    }

    void begin() {
        line.set(NOTHING, 0, 0);
        measurementStart = offset;
        measurementEnd = offset;
        tagCount = 0;
        fieldCount = 0;
        timestampPresent = false;
        timestamp = 0;
    }

    void addMalformed() {
        malformed++;
    }

    void setLine(int start, int end) {
        line.set(buffer, start, end);
    }

    void setMeasurement(int start, int end) {
        measurementStart = start;
        measurementEnd = end;
    }

    void addTag(int nameStart, int nameEnd, int valueStart, int valueEnd) {
        int next = tagCount * PER_PAIR;
        if (next == tags.length) {
            tags = Arrays.copyOf(tags, 2 * next);
        }
        put(tags, next, nameStart, nameEnd, valueStart, valueEnd);
        tagCount++;
    }

    void addField(int nameStart, int nameEnd, int valueStart, int valueEnd, Type type, long number) {
        int next = fieldCount * PER_PAIR;
        if (next == fields.length) {
            fields = Arrays.copyOf(fields, 2 * next);
            types = Arrays.copyOf(types, 2 * fieldCount);
            numbers = Arrays.copyOf(numbers, 2 * fieldCount);
        }
        put(fields, next, nameStart, nameEnd, valueStart, valueEnd);
        types[fieldCount] = type;
        numbers[fieldCount] = number;
        fieldCount++;
    }

    private static void put(int[] pairs, int at, int nameStart, int nameEnd, int valueStart, int valueEnd) {
        pairs[at] = nameStart;
        pairs[at + 1] = nameEnd;
        pairs[at + 2] = valueStart;
        pairs[at + 3] = valueEnd;
    }

    void setTimestamp(long value) {
        timestamp = value;
        timestampPresent = true;
    }

    /** Each part has its own place in the copy, so that none overwrites another. */
    private Slice unescape(Escapes escapes, int start, int end, Slice slice) {
        if (unescaped.length < length) {
            unescaped = new byte[Math.max(length, 2 * unescaped.length)];
        }
        escapes.unescape(buffer, start, end, unescaped, start - offset, slice);
        return slice;
    }

    /** {@return the line of the point as it is written, without its end} */
    public Slice line() {
        return line;
    }

    /** {@return what was measured} */
    public Slice measurement() {
        return unescape(Escapes.MEASUREMENT, measurementStart, measurementEnd, measurement);
    }

    /** {@return how many tags there are} */
    public int tagCount() {
        return tagCount;
    }

    /**
     * The name of a tag.
     *
     * @param tag from 0 to {@code tagCount() - 1}, in the order of the line
     * @return its name, until the next call
     * @throws IndexOutOfBoundsException if there is no such tag
     */
    public Slice tagName(int tag) {
        int i = checkIndex(tag, tagCount) * PER_PAIR;
        return unescape(Escapes.KEY, tags[i], tags[i + 1], tagName);
    }

    /**
     * The value of a tag.
     *
     * @param tag from 0 to {@code tagCount() - 1}, in the order of the line
     * @return its value, until the next call
     * @throws IndexOutOfBoundsException if there is no such tag
     */
    public Slice tagValue(int tag) {
        int i = checkIndex(tag, tagCount) * PER_PAIR;
        return unescape(Escapes.KEY, tags[i + 2], tags[i + 3], tagValue);
    }

    /** {@return how many fields there are, at least 1 if there is a point} */
    public int fieldCount() {
        return fieldCount;
    }

    /**
     * The name of a field.
     *
     * @param field from 0 to {@code fieldCount() - 1}, in the order of the line
     * @return its name, until the next call
     * @throws IndexOutOfBoundsException if there is no such field
     */
    public Slice fieldName(int field) {
        int i = checkIndex(field, fieldCount) * PER_PAIR;
        return unescape(Escapes.KEY, fields[i], fields[i + 1], fieldName);
    }

    /**
     * The type of a field.
     *
     * @param field from 0 to {@code fieldCount() - 1}
     * @return its type
     * @throws IndexOutOfBoundsException if there is no such field
     */
    public Type fieldType(int field) {
        return types[checkIndex(field, fieldCount)];
    }

    /**
     * The value of a field as it is written; of a string, what it says.
     *
     * @param field from 0 to {@code fieldCount() - 1}
     * @return its text, until the next call
     * @throws IndexOutOfBoundsException if there is no such field
     */
    public Slice fieldText(int field) {
        int i = checkIndex(field, fieldCount) * PER_PAIR;
        if (types[field] == Type.STRING) {
            return unescape(Escapes.STRING, fields[i + 2], fields[i + 3], fieldText);
        }
        fieldText.set(buffer, fields[i + 2], fields[i + 3]);
        return fieldText;
    }

    /**
     * The value of a field as a {@code double}.
     *
     * @param field from 0 to {@code fieldCount() - 1}
     * @return a finite number, for integers the nearest one; 1 for true and 0 for false; NaN for a string
     * @throws IndexOutOfBoundsException if there is no such field
     */
    public double fieldDouble(int field) {
        Type type = fieldType(field);
        long number = numbers[field];
        return switch (type) {
            case FLOAT -> Double.longBitsToDouble(number);
            case INTEGER, BOOLEAN -> number;
            case UNSIGNED -> number >= 0 ? number : 2.0 * ((number >>> 1) | (number & 1)); // the last bit breaks ties
            case STRING -> Double.NaN;
        };
    }

    /**
     * The value of an integer field, or 1 for true and 0 for false.
     *
     * @param field from 0 to {@code fieldCount() - 1}
     * @return the integer; if it is {@linkplain Type#UNSIGNED unsigned}, as {@link Long#toUnsignedString(long)} takes it
     * @throws IndexOutOfBoundsException if there is no such field
     * @throws IllegalStateException if the field is a float or a string
     */
    public long fieldLong(int field) {
        Type type = fieldType(field);
        if (type == Type.FLOAT || type == Type.STRING) {
            throw new IllegalStateException("field: " + type + " (expected: INTEGER, UNSIGNED or BOOLEAN)");
        }
        return numbers[field];
    }

    /** {@return whether the line has a time} */
    public boolean hasTimestamp() {
        return timestampPresent;
    }

    /** {@return the time as it is written, in the unit of the sender; 0 if there is none} */
    public long timestamp() {
        return timestamp;
    }

    /** {@return how many malformed lines there were, up to where the view stands} */
    public int malformed() {
        return malformed;
    }
}
