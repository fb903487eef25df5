package io.trafilo.formats;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads lines of the line protocol into an {@link InfluxPoint}. Holds to the grammar that InfluxData publishes with its decoder. */
final class InfluxReader {
    private static final byte[][] TRUE = spellings("t", "T", "true", "True", "TRUE");
    private static final byte[][] FALSE = spellings("f", "F", "false", "False", "FALSE");

    private final InfluxPoint point;
    private byte[] buffer = {};
    private int start;
    private int at;
    private int end;
    private long number;

    InfluxReader(InfluxPoint point) {
        this.point = point;
    }

    private static byte[][] spellings(String... texts) {
        return Arrays.stream(texts).map(text -> text.getBytes(US_ASCII)).toArray(byte[][]::new);
    }

    void reset(byte[] source, int from, int to) {
        buffer = source;
        at = from;
        end = to;
    }

    /** Reads on until there is a point, past empty lines and comments. What is malformed costs itself alone. */
    boolean next() {
        while (at < end) {
            skipSpaces();
            start = at;
            if (isEndOfLine()) {
                at = behindLineFeed(at);
            } else if (buffer[at] == '#') {
                if (!skipComment()) {
                    fail();
                }
            } else {
                point.begin();
                if (readPoint()) {
                    return true;
                }
                fail();
            }
        }
        return false;
    }

    private void fail() {
        point.addMalformed();
        at = behindLineFeed(at);
    }

    private int behindLineFeed(int from) {
        return Math.min(Bytes.indexOf(buffer, '\n', from, end) + 1, end);
    }

    private void skipSpaces() {
        while (at < end && buffer[at] == ' ') {
            at++;
        }
    }

    private boolean isEndOfLine() {
        if (at == end || buffer[at] == '\n') {
            return true;
        }
        return buffer[at] == '\r' && (at + 1 == end || buffer[at + 1] == '\n');
    }

    private boolean skipComment() {
        while (!isEndOfLine()) {
            if (isControl(buffer[at]) && buffer[at] != '\t') {
                return false;
            }
            at++;
        }
        at = behindLineFeed(at);
        return true;
    }

    private static boolean isControl(byte value) {
        return (value >= 0 && value < ' ') || value == 127;
    }

    /** Reads {@code measurement[,tag=value...] field=value[,field=value...] [time]}. If it is malformed, {@code at} is where. */
    private boolean readPoint() {
        int first = at;
        if (!skipName(Escapes.MEASUREMENT)) {
            return false;
        }
        point.setMeasurement(first, at);
        if (!readTags() || at == end || buffer[at] != ' ') {
            return false;
        }
        skipSpaces();
        if (!readFields()) {
            return false;
        }
        int stop = at;
        if (at < end && buffer[at] == ' ') {
            skipSpaces();
            if (!isEndOfLine()) {
                if (!readTime()) {
                    return false;
                }
                stop = at;
                skipSpaces();
            }
        }
        if (!isEndOfLine()) {
            return false;
        }
        point.setLine(start, stop);
        at = behindLineFeed(at);
        return true;
    }

    /** Passes over a name, which ends at a byte that would need an escape in it. False if it is empty or malformed. */
    private boolean skipName(Escapes escapes) {
        int first = at;
        while (at < end && !escapes.contains(buffer[at])) {
            while (at < end && buffer[at] == '\\') {
                at++;
            }
            if (at == end || isControl(buffer[at])) {
                return false; // a backslash at the end, too
            }
            at++;
        }
        return at > first;
    }

    private boolean readTags() {
        while (at < end && buffer[at] == ',') {
            int name = ++at;
            if (!skipName(Escapes.KEY) || at == end || buffer[at] != '=') {
                return false;
            }
            int nameEnd = at;
            int value = ++at;
            if (!skipName(Escapes.KEY) || at == end || buffer[at] == '=') {
                return false;
            }
            point.addTag(name, nameEnd, value, at);
        }
        return true;
    }

    private boolean readFields() {
        while (true) {
            int name = at;
            if (!skipName(Escapes.KEY) || at == end || buffer[at] != '=') {
                return false;
            }
            int nameEnd = at;
            at++;
            boolean quoted = at < end && buffer[at] == '"';
            if (!(quoted ? readString(name, nameEnd) : readValue(name, nameEnd))) {
                return false;
            }
            if (at == end || buffer[at] != ',') {
                return true;
            }
            at++;
        }
    }

    /** Reads a text in quotes, in which line ends are bytes like others. */
    private boolean readString(int name, int nameEnd) {
        int value = ++at;
        while (at < end && buffer[at] != '"') {
            at += buffer[at] == '\\' ? 2 : 1;
        }
        if (at >= end) {
            at = start; // no end: of all lines that follow, it costs only its own
            return false;
        }
        point.addField(name, nameEnd, value, at, InfluxPoint.Type.STRING, 0);
        at++;
        return true;
    }

    private boolean readValue(int name, int nameEnd) {
        int value = at;
        while (at < end && buffer[at] != ',' && buffer[at] != ' ' && buffer[at] != '\n' && buffer[at] != '\r') {
            at++;
        }
        InfluxPoint.Type type = at == value ? null : typeOf(value, at);
        if (type == null) {
            return false;
        }
        point.addField(name, nameEnd, value, at, type, number);
        return true;
    }

    /** The type of a value, whose bits are then {@code number}; null if it is malformed. */
    private InfluxPoint.@Nullable Type typeOf(int from, int to) {
        byte first = buffer[from];
        byte last = buffer[to - 1];
        if (isDigit(first) || first == '-' || first == '.') {
            if (last == 'i') {
                return readLong(from, to - 1) ? InfluxPoint.Type.INTEGER : null;
            }
            if (last == 'u') {
                return readUnsigned(from, to - 1) ? InfluxPoint.Type.UNSIGNED : null;
            }
            double value = Decimal.parse(buffer, from, to - from);
            number = Double.doubleToRawLongBits(value);
            return Double.isFinite(value) ? InfluxPoint.Type.FLOAT : null;
        }
        boolean yes = isOneOf(TRUE, from, to);
        number = yes ? 1 : 0;
        return yes || isOneOf(FALSE, from, to) ? InfluxPoint.Type.BOOLEAN : null;
    }

    private boolean isOneOf(byte[][] texts, int from, int to) {
        for (int i = 0; i < texts.length; i++) {
            if (Arrays.equals(buffer, from, to, texts[i], 0, texts[i].length)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isDigit(byte value) {
        return value >= '0' && value <= '9';
    }

    /** Reads a number as a negative one, of which there is one more. */
    private boolean readLong(int from, int to) {
        boolean negative = from < to && buffer[from] == '-';
        int digits = negative ? from + 1 : from;
        long value = 0;
        for (int i = digits; i < to; i++) {
            int digit = buffer[i] - '0';
            if (digit < 0 || digit > 9 || value < (Long.MIN_VALUE + digit) / 10) {
                return false;
            }
            value = 10 * value - digit;
        }
        number = negative ? value : -value;
        return digits < to && (negative || value != Long.MIN_VALUE);
    }

    private boolean readUnsigned(int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = buffer[i] - '0';
            if (digit < 0 || digit > 9 || Long.compareUnsigned(value, Long.divideUnsigned(-1L - digit, 10)) > 0) {
                return false;
            }
            value = 10 * value + digit;
        }
        number = value;
        return from < to;
    }

    private boolean readTime() {
        int from = at;
        while (at < end && (isDigit(buffer[at]) || buffer[at] == '-')) {
            at++;
        }
        if (!readLong(from, at)) {
            return false;
        }
        point.setTimestamp(number);
        return true;
    }
}
