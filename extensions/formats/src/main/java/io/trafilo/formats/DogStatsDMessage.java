package io.trafilo.formats;

import static java.util.Objects.checkFromIndexSize;

import io.trafilo.EventView;
import java.util.Objects;

/**
 * What a DogStatsD line says: a metric, an event or a service check. A read-only view: {@link #wrap(byte[], int, int)} points it at a
 * line, which must not change while the view is read. What a kind has not, or a line does not say, is an empty slice, NaN or 0. The
 * Javadoc of {@link DogStatsD} has the grammar.
 *
 * <p>For one thread at a time. Allocates nothing but what the methods return that give text, and room for the longest payload, the most
 * values and the most tags.
 */
public final class DogStatsDMessage {
    /** What a line can be. */
    public enum Kind {
        /** Values of one name and type. */
        METRIC,

        /** A title and a text. */
        EVENT,

        /** The status of something that was checked. */
        SERVICE_CHECK
    }

    private final DogStatsDReader line = new DogStatsDReader();
    private byte[] copy = {};

    /** A view of nothing. */
    public DogStatsDMessage() {}

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
        return line.read(source, offset, offset + length);
    }

    /**
     * Points the view at a copy of the payload of an event, which is the whole line.
     *
     * @param event an event of {@link DogStatsD#parser(KeyOf)}
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

    Tags tags() {
        return line.tags();
    }

    // ---- what it says

    /** {@return what the line is} */
    public Kind kind() {
        return line.kind;
    }

    /** {@return the name of the metric or the service check, or the title of the event as it is written} */
    public Slice name() {
        return line.name;
    }

    /** {@return the title of an event, in which {@code \n} has become a line end; or the name; in a new string for each call} */
    public String title() {
        return unescaped(line.name);
    }

    /** {@return the type of the metric} */
    public MetricType type() {
        return line.type;
    }

    /** {@return how many values the metric has, at least 1; a set has none} */
    public int valueCount() {
        return line.valueCount;
    }

    /**
     * A value of the metric.
     *
     * @param index from 0 to {@code valueCount() - 1}
     * @return a finite number
     * @throws IndexOutOfBoundsException if there is no such index
     */
    public double value(int index) {
        return line.values[Objects.checkIndex(index, line.valueCount)];
    }

    /** {@return the values of the metric as they are written: the member, if it is a set} */
    public Slice rawValues() {
        return line.text;
    }

    /** {@return the sample rate, above 0 and at most 1} */
    public double rate() {
        return line.rate;
    }

    /** {@return how many events a value stands for: {@code 1 / rate()}, and for gauges and sets 1} */
    public double weight() {
        return line.type.isSampled() ? 1 / line.rate : 1;
    }

    /** {@return the status of the service check: 0 ok, 1 warning, 2 critical, 3 unknown} */
    public int status() {
        return line.status;
    }

    /** {@return the text of the event, or the message of the service check, as it is written} */
    public Slice rawText() {
        return line.text;
    }

    /** {@return the same, in which {@code \n} has become a line end, in a new string for each call} */
    public String text() {
        return unescaped(line.text);
    }

    private static String unescaped(Slice slice) {
        return slice.text().replace("\\n", "\n");
    }

    /** {@return the time in seconds since the epoch; 0 if the line has none} */
    public long timestampSeconds() {
        return line.timestampSeconds;
    }

    /** {@return how many tags there are; empty ones do not count} */
    public int tagCount() {
        return tags().count();
    }

    /**
     * A tag.
     *
     * @param index from 0 to {@code tagCount() - 1}
     * @return {@code name} or {@code name:value}, in a slice that is used again for the next tag
     * @throws IndexOutOfBoundsException if there is no such index
     */
    public Slice tag(int index) {
        return tags().whole(index);
    }

    /**
     * The name of a tag, which ends at the first colon.
     *
     * @param index from 0 to {@code tagCount() - 1}
     * @return a slice that is used again for the next name
     * @throws IndexOutOfBoundsException if there is no such index
     */
    public Slice tagName(int index) {
        return tags().name(index);
    }

    /**
     * The value of a tag.
     *
     * @param index from 0 to {@code tagCount() - 1}
     * @return a slice that is used again for the next value; empty if the tag has none
     * @throws IndexOutOfBoundsException if there is no such index
     */
    public Slice tagValue(int index) {
        return tags().value(index);
    }

    /** {@return the container that the line is from, or its inode: what follows {@code c:}} */
    public Slice localData() {
        return line.localData;
    }

    /** {@return what else is known of that container: what follows {@code e:}} */
    public Slice externalData() {
        return line.externalData;
    }

    /** {@return how many tags the agent is to add: what follows {@code card:}} */
    public Slice cardinality() {
        return line.cardinality;
    }

    /** {@return the host that the event or the service check is from} */
    public Slice hostname() {
        return line.hostname;
    }

    /** {@return what the event is grouped by} */
    public Slice aggregationKey() {
        return line.aggregationKey;
    }

    /** {@return {@code normal} or {@code low}} */
    public Slice priority() {
        return line.priority;
    }

    /** {@return what the event is from} */
    public Slice sourceType() {
        return line.sourceType;
    }

    /** {@return {@code info}, {@code error}, {@code warning} or {@code success}} */
    public Slice alertType() {
        return line.alertType;
    }
}
