package io.trafilo.formats;

import static java.util.Objects.checkFromIndexSize;

import io.trafilo.EventView;
import java.util.concurrent.TimeUnit;

/**
 * What a line of Graphite's plaintext protocol says. A read-only view: {@link #wrap(byte[], int, int)} points it at a line, which must
 * not change while the view is read. The Javadoc of {@link Graphite} has the grammar.
 *
 * <p>For one thread at a time. Allocates nothing but what {@link Slice#text} returns, and room for the longest payload and the most
 * tags.
 */
public final class GraphitePoint {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Slice path = new Slice();
    private final Tags tags = new Tags();
    private byte[] copy = {};
    private double value;
    private double timestampSeconds;

    /** A view of nothing. */
    public GraphitePoint() {}

    /**
     * Points the view at a line, without its end.
     *
     * @param source the array that holds it
     * @param offset where it starts
     * @param length its length in bytes
     * @return whether it is well formed. If not, nothing else says anything
     * @throws IndexOutOfBoundsException if the line is not within the array
     */
    public boolean wrap(byte[] source, int offset, int length) {
        checkFromIndexSize(offset, length, source.length);
        int end = Bytes.trimEnd(source, offset, offset + length);
        int pathStart = Bytes.skipBlank(source, offset, end);
        int pathEnd = Bytes.findBlank(source, pathStart, end);
        int valueStart = Bytes.skipBlank(source, pathEnd, end);
        int valueEnd = Bytes.findBlank(source, valueStart, end);
        int timeStart = Bytes.skipBlank(source, valueEnd, end);
        int timeEnd = Bytes.findBlank(source, timeStart, end);
        return timeEnd == end
                && readValue(source, valueStart, valueEnd)
                && readTime(source, timeStart, timeEnd)
                && readPath(source, pathStart, pathEnd);
    }

    /**
     * Points the view at a copy of the payload of an event, which is the whole line.
     *
     * @param event an event of {@link Graphite#parser}
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

    private boolean readValue(byte[] source, int start, int end) {
        value = Decimal.parse(source, start, end - start);
        return Double.isFinite(value) || (Double.isNaN(value) && isNan(source, start, end));
    }

    private static boolean isNan(byte[] source, int start, int end) {
        int at = start < end && (source[start] == '-' || source[start] == '+') ? start + 1 : start;
        return end - at == 3
                && (source[at] | 0x20) == 'n'
                && (source[at + 1] | 0x20) == 'a'
                && (source[at + 2] | 0x20) == 'n';
    }

    private boolean readTime(byte[] source, int start, int end) {
        timestampSeconds = Decimal.parse(source, start, end - start);
        return Double.isFinite(timestampSeconds);
    }

    private boolean readPath(byte[] source, int start, int end) {
        int pathEnd = Bytes.indexOf(source, ';', start, end);
        path.set(source, start, pathEnd);
        tags.clear(source);
        int at = pathEnd;
        while (at < end) {
            int tagStart = at + 1;
            at = Bytes.indexOf(source, ';', tagStart, end);
            int nameEnd = Bytes.indexOf(source, '=', tagStart, at);
            if (!isTag(source, tagStart, nameEnd, at)) {
                return false;
            }
            tags.add(tagStart, nameEnd, at);
        }
        return !path.isEmpty();
    }

    private static boolean isTag(byte[] source, int start, int nameEnd, int end) {
        return nameEnd > start
                && end > nameEnd + 1
                && source[nameEnd + 1] != '~'
                && Bytes.indexOf(source, '!', start, nameEnd) == nameEnd
                && Bytes.indexOf(source, '^', start, nameEnd) == nameEnd;
    }

    /** {@return the path of the metric, without its tags} */
    public Slice path() {
        return path;
    }

    /** {@return how many tags there are} */
    public int tagCount() {
        return tags.count();
    }

    /**
     * The name of a tag.
     *
     * @param index from 0 to {@code tagCount() - 1}
     * @return a slice that is used again for the next name
     * @throws IndexOutOfBoundsException if there is no such index
     */
    public Slice tagName(int index) {
        return tags.name(index);
    }

    /**
     * The value of a tag.
     *
     * @param index from 0 to {@code tagCount() - 1}
     * @return a slice that is used again for the next value
     * @throws IndexOutOfBoundsException if there is no such index
     */
    public Slice tagValue(int index) {
        return tags.value(index);
    }

    /** {@return the value: finite, or NaN, which the parser drops} */
    public double value() {
        return value;
    }

    /** {@return whether the time is that of receipt, which -1 says} */
    public boolean isNow() {
        return (int) timestampSeconds == -1;
    }

    /** {@return the time in seconds since the epoch, as it is written: a finite number} */
    public double timestampSeconds() {
        return timestampSeconds;
    }

    /** {@return the time in nanoseconds since the epoch; the closest that there is, if it is beyond those of a long} */
    public long timestampNanos() {
        double seconds = Math.floor(timestampSeconds);
        long nanos = TimeUnit.SECONDS.toNanos((long) seconds);
        long sum = nanos + Math.round((timestampSeconds - seconds) * NANOS_PER_SECOND);
        return sum < nanos ? Long.MAX_VALUE : sum;
    }

    Tags tags() {
        return tags;
    }
}
