package io.trafilo.formats;

import io.trafilo.formats.DogStatsDMessage.Kind;
import java.util.Arrays;

/** Reads a line of DogStatsD; what it says is in the fields. Belongs to a {@link DogStatsDMessage}. */
final class DogStatsDReader {
    private static final String[] PRIORITIES = {"normal", "low"};
    private static final String[] ALERT_TYPES = {"info", "error", "warning", "success"};

    final Slice name = new Slice();
    final Slice text = new Slice();
    private final Slice rawTags = new Slice();
    final Slice hostname = new Slice();
    final Slice aggregationKey = new Slice();
    final Slice priority = new Slice();
    final Slice sourceType = new Slice();
    final Slice alertType = new Slice();
    final Slice localData = new Slice();
    final Slice externalData = new Slice();
    final Slice cardinality = new Slice();
    private final Slice[] optional = {
        text, rawTags, hostname, aggregationKey, priority, sourceType, alertType, localData, externalData, cardinality
    };
    private final Tags tags = new Tags();
    private byte[] buffer = {};
    private boolean tagsRead;
    Kind kind = Kind.METRIC;
    MetricType type = MetricType.COUNTER;
    double[] values = new double[8];
    int valueCount;
    double rate;
    int status;
    long timestampSeconds;

    /** Reads a line; false if it is malformed. */
    boolean read(byte[] source, int offset, int end) {
        buffer = source;
        for (Slice slice : optional) {
            slice.clear();
        }
        tagsRead = false;
        type = MetricType.COUNTER;
        valueCount = 0;
        rate = 1;
        status = 0;
        timestampSeconds = 0;
        if (startsWith("_e{", offset, end)) {
            kind = Kind.EVENT;
            return readEvent(offset + 3, end);
        }
        if (startsWith("_sc|", offset, end)) {
            kind = Kind.SERVICE_CHECK;
            return readServiceCheck(offset + 4, end);
        }
        kind = Kind.METRIC;
        return readMetric(offset, end);
    }

    private boolean startsWith(String prefix, int start, int end) {
        if (end - start < prefix.length()) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            if (buffer[start + i] != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    // ---- metrics: name:value[:value...]|type[|field...]

    private boolean readMetric(int start, int end) {
        int valueEnd = Bytes.indexOf(buffer, '|', start, end);
        int colon = Bytes.indexOf(buffer, ':', start, valueEnd);
        if (colon == start || colon >= valueEnd - 1 || valueEnd == end) {
            return false;
        }
        int typeEnd = Bytes.indexOf(buffer, '|', valueEnd + 1, end);
        MetricType named = MetricType.read(buffer, valueEnd + 1, typeEnd);
        if (named == null) {
            return false;
        }
        type = named;
        name.set(buffer, start, colon);
        text.set(buffer, colon + 1, valueEnd);
        return (type == MetricType.SET || readValues(colon + 1, valueEnd)) && readFields(typeEnd, end);
    }

    /** Empty values among others are passed over, as by the agent. */
    private boolean readValues(int start, int end) {
        int at = start;
        while (at < end) {
            int stop = Bytes.indexOf(buffer, ':', at, end);
            if (stop > at) {
                double value = Decimal.parse(buffer, at, stop - at);
                if (!Double.isFinite(value)) {
                    return false;
                }
                add(value);
            }
            at = stop + 1;
        }
        return valueCount > 0;
    }

    private void add(double value) {
        if (valueCount == values.length) {
            values = Arrays.copyOf(values, 2 * valueCount);
        }
        values[valueCount++] = value;
    }

    // ---- events: _e{title length,text length}:title|text[|field...]

    private boolean readEvent(int start, int end) {
        int comma = Bytes.indexOf(buffer, ',', start, end);
        int brace = Bytes.indexOf(buffer, '}', comma, end);
        long titleLength = Decimal.whole(buffer, start, comma - start);
        long textLength = comma < brace ? Decimal.whole(buffer, comma + 1, brace - comma - 1) : -1;
        long left = end - brace - 3L; // without "}:" and the bar behind the title
        if (titleLength < 1 || textLength < 0 || textLength > left - titleLength) {
            return false;
        }
        int titleStart = brace + 2;
        int titleEnd = titleStart + (int) titleLength;
        int textEnd = titleEnd + 1 + (int) textLength;
        if (buffer[brace + 1] != ':' || buffer[titleEnd] != '|' || (textEnd < end && buffer[textEnd] != '|')) {
            return false;
        }
        name.set(buffer, titleStart, titleEnd);
        text.set(buffer, titleEnd + 1, textEnd);
        return readFields(textEnd, end);
    }

    // ---- service checks: _sc|name|status[|field...]

    private boolean readServiceCheck(int start, int end) {
        int nameEnd = Bytes.indexOf(buffer, '|', start, end);
        int statusEnd = nameEnd < end ? Bytes.indexOf(buffer, '|', nameEnd + 1, end) : end;
        if (nameEnd == start || statusEnd - nameEnd != 2) {
            return false;
        }
        name.set(buffer, start, nameEnd);
        status = buffer[nameEnd + 1] - '0';
        return status >= 0 && status <= 3 && readFields(statusEnd, end);
    }

    // ---- fields

    /** Reads the fields that start with the bar at {@code start}. */
    private boolean readFields(int start, int end) {
        int at = start;
        while (at < end) {
            int fieldStart = at + 1;
            at = Bytes.indexOf(buffer, '|', fieldStart, end);
            if (!readField(fieldStart, at)) {
                return false;
            }
        }
        return true;
    }

    /** An unknown field is passed over. */
    private boolean readField(int start, int end) {
        if (start == end) {
            return true;
        }
        if (buffer[start] == '#') {
            rawTags.set(buffer, start + 1, end);
        } else if (startsWith("c:", start, end)) {
            localData.set(buffer, start + 2, end);
        } else if (startsWith("e:", start, end)) {
            externalData.set(buffer, start + 2, end);
        } else if (startsWith("card:", start, end)) {
            cardinality.set(buffer, start + 5, end);
        } else if (kind == Kind.METRIC) {
            return readMetricField(start, end);
        } else if (end - start >= 2 && buffer[start + 1] == ':') {
            readDescription(start, end);
        }
        return true;
    }

    private boolean readMetricField(int start, int end) {
        return switch (buffer[start]) {
            case '@' -> readRate(start + 1, end);
            case 'T' -> readTime(start + 1, end);
            default -> true;
        };
    }

    private boolean readRate(int start, int end) {
        rate = Decimal.parse(buffer, start, end - start);
        return rate > 0 && rate <= 1 && 1 / rate < Double.POSITIVE_INFINITY;
    }

    private boolean readTime(int start, int end) {
        timestampSeconds = Decimal.whole(buffer, start, end - start);
        return timestampSeconds >= 1;
    }

    /** A malformed field of an event or a service check is passed over, as by the agent. */
    private void readDescription(int start, int end) {
        int from = start + 2;
        boolean event = kind == Kind.EVENT;
        switch (buffer[start]) {
            case 'd' -> timestampSeconds = Math.max(Decimal.whole(buffer, from, end - from), 0);
            case 'h' -> hostname.set(buffer, from, end);
            case 'k' -> setIf(event, aggregationKey, from, end);
            case 's' -> setIf(event, sourceType, from, end);
            case 'p' -> setIf(event && isOneOf(PRIORITIES, from, end), priority, from, end);
            case 't' -> setIf(event && isOneOf(ALERT_TYPES, from, end), alertType, from, end);
            case 'm' -> setIf(!event, text, from, end);
            default -> {}
        }
    }

    private void setIf(boolean applies, Slice slice, int start, int end) {
        if (applies) {
            slice.set(buffer, start, end);
        }
    }

    private boolean isOneOf(String[] words, int start, int end) {
        for (String word : words) {
            if (end - start == word.length() && startsWith(word, start, end)) {
                return true;
            }
        }
        return false;
    }

    /** Most lines are never asked for their tags. */
    Tags tags() {
        if (!tagsRead) {
            tagsRead = true;
            tags.clear(buffer);
            int end = rawTags.offset() + rawTags.length();
            int at = rawTags.isEmpty() ? end : rawTags.offset();
            while (at < end) {
                int stop = Bytes.indexOf(buffer, ',', at, end);
                if (stop > at) {
                    tags.add(at, Bytes.indexOf(buffer, ':', at, stop), stop);
                }
                at = stop + 1;
            }
        }
        return tags;
    }
}
