package io.trafilo.formats;

import static java.util.Objects.checkFromIndexSize;
import static java.util.Objects.checkIndex;
import static java.util.Objects.requireNonNull;

import io.trafilo.EventView;
import java.time.ZoneId;
import java.util.Arrays;

/**
 * What a syslog message says. A read-only view: {@link #wrap(byte[], int, int)} points it at a message, which must not change while
 * the view is read. RFC 5424 and RFC 3164 are told apart by the message; the Javadoc of {@link Syslog} says what is taken.
 *
 * <p>A part that the message lacks is empty.
 *
 * <p>For one thread at a time. Allocates nothing but what {@link Slice#text} returns, and room for the longest payload and the most
 * structured data so far.
 */
public final class SyslogMessage {
    /** How a message is written. */
    public enum Format {
        /** With a version, and maybe structured data: {@code <165>1 2024-05-06T07:08:09Z host app 812 ID - text}. */
        RFC5424,
        /** As before that: {@code <30>May  6 07:08:09 host app[812]: text}. */
        RFC3164
    }

    private static final int DEFAULT_PRIORITY = 13; // user, notice: RFC 3164, 4.3.3
    private static final byte[] NOTHING = {};

    /** More elements are malformed: each is compared with those before it. */
    static final int MOST_ELEMENTS = 256;

    /** Of an element: where its ID starts and ends, its first parameter and how many it has, and the hash of its ID. */
    private static final int PER_ELEMENT = 5;

    /** Of a parameter: where its name starts and ends, and its value. */
    private static final int PER_PARAM = 4;

    final SyslogTime time = new SyslogTime();
    final Slice timestamp = new Slice();
    final Slice host = new Slice();
    final Slice app = new Slice();
    final Slice process = new Slice();
    final Slice messageId = new Slice();
    final boolean lenient;
    private final Slice message = new Slice();
    private final Slice elementId = new Slice();
    private final Slice paramName = new Slice();
    private final Slice paramValue = new Slice();
    private int[] elements = new int[8 * PER_ELEMENT];
    private int[] params = new int[16 * PER_PARAM];
    private byte[] copy = NOTHING;
    private byte[] unescaped = NOTHING;
    private byte[] buffer = NOTHING;
    private int offset;
    private int end;
    private Format format = Format.RFC3164;
    private boolean priorityPresent;
    private int priority;
    private int version;
    private boolean messagePresent;
    private boolean bom;
    private int elementCount;
    private int paramCount;

    /** A view of nothing, which takes what is well-formed. */
    public SyslogMessage() {
        this(false);
    }

    private SyslogMessage(boolean lenient) {
        this.lenient = lenient;
    }

    /**
     * A view that also takes what most receivers take, as {@link Syslog#lenient} says.
     *
     * @return a view of nothing
     */
    public static SyslogMessage lenient() {
        return new SyslogMessage(true);
    }

    /**
     * Points the view at a message: a whole datagram.
     *
     * @param source the array that holds it
     * @param start where it starts
     * @param length its length in bytes
     * @return whether it is a syslog message. If not, all parts are empty
     * @throws IndexOutOfBoundsException if the message is not within the array
     */
    public boolean wrap(byte[] source, int start, int length) {
        checkFromIndexSize(start, length, source.length);
        clear();
        buffer = source;
        offset = start;
        end = start + length;
        if (!read()) {
            clear();
            return false;
        }
        return true;
    }

    /**
     * Points the view at a copy of the payload of an event, which is the whole message.
     *
     * @param event an event of {@link Syslog#parser}
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

    /** Points the view at nothing. */
    void clear() {
        buffer = NOTHING;
        timestamp.set(NOTHING, 0, 0);
        host.set(NOTHING, 0, 0);
        app.set(NOTHING, 0, 0);
        process.set(NOTHING, 0, 0);
        messageId.set(NOTHING, 0, 0);
        message.set(NOTHING, 0, 0);
        priorityPresent = false;
        priority = DEFAULT_PRIORITY;
        version = 0;
        messagePresent = false;
        bom = false;
        elementCount = 0;
        paramCount = 0;
    }

    private boolean read() {
        if (offset == end) {
            return false;
        }
        int at = lenient ? skipOctetCount(offset) : offset;
        int text = readPriority(at);
        if (text < 0) {
            if (!lenient) {
                return false;
            }
            text = at; // no priority that could be read: all of it is text, RFC 3164, 4.3.3
        }
        if (priorityPresent && Rfc5424.isAt(buffer, text, end)) {
            format = Format.RFC5424;
            return Rfc5424.read(this, buffer, text, end);
        }
        format = Format.RFC3164;
        return Rfc3164.read(this, buffer, text, end);
    }

    /** Where the text behind a number and a space starts, if a priority follows, as in streams: {@code 81 <30>...}. */
    private int skipOctetCount(int start) {
        int at = start;
        while (at < end && SyslogTime.isDigit(buffer[at])) {
            at++;
        }
        return at > start && end - at > 2 && buffer[at] == ' ' && buffer[at + 1] == '<' ? at + 1 : start;
    }

    /** Reads {@code <165>}, if there is anything like it. Where the text behind it starts; -1 if it is malformed. */
    private int readPriority(int start) {
        if (start == end || buffer[start] != '<') {
            return start;
        }
        int at = start + 1;
        int value = 0;
        while (at < end && at < start + 4 && SyslogTime.isDigit(buffer[at])) {
            value = 10 * value + buffer[at++] - '0';
        }
        int digits = at - start - 1;
        boolean zeros = digits > 1 && buffer[start + 1] == '0';
        if (digits == 0 || at == end || buffer[at] != '>' || value > 191 || (zeros && !lenient)) {
            return -1;
        }
        priority = value;
        priorityPresent = true;
        return at + 1;
    }

    void setVersion(int value) {
        version = value;
    }

    void setMessage(int start) {
        message.set(buffer, start, end);
        messagePresent = true;
    }

    /** The same, without a byte order mark. */
    void setMessageBehindBom(int start) {
        bom = end - start >= 3
                && buffer[start] == (byte) 0xEF
                && buffer[start + 1] == (byte) 0xBB
                && buffer[start + 2] == (byte) 0xBF;
        setMessage(bom ? start + 3 : start);
    }

    /** Adds an element. False if there is one of that ID already, or if there are too many to look for it. */
    boolean addElement(int start, int stop) {
        if (elementCount == MOST_ELEMENTS) {
            return false;
        }
        int hash = 0;
        for (int i = start; i < stop; i++) {
            hash = 31 * hash + buffer[i];
        }
        boolean first = true;
        int next = elementCount * PER_ELEMENT;
        for (int i = 0; first && i < next; i += PER_ELEMENT) {
            first = elements[i + 4] != hash
                    || !Arrays.equals(buffer, start, stop, buffer, elements[i], elements[i + 1]);
        }
        if (next == elements.length) {
            elements = Arrays.copyOf(elements, 2 * next);
        }
        elements[next] = start;
        elements[next + 1] = stop;
        elements[next + 2] = paramCount;
        elements[next + 3] = 0;
        elements[next + 4] = hash;
        elementCount++;
        return first;
    }

    /** Adds a parameter to the last element. */
    void addParam(int nameStart, int nameEnd, int valueStart, int valueEnd) {
        int next = paramCount * PER_PARAM;
        if (next == params.length) {
            params = Arrays.copyOf(params, 2 * next);
        }
        params[next] = nameStart;
        params[next + 1] = nameEnd;
        params[next + 2] = valueStart;
        params[next + 3] = valueEnd;
        paramCount++;
        elements[(elementCount - 1) * PER_ELEMENT + 3]++;
    }

    void dropElements() {
        elementCount = 0;
        paramCount = 0;
    }

    /** {@return how the message is written} */
    public Format format() {
        return format;
    }

    /** {@return whether the message has a priority. Without one, its facility is 1 and its severity 5} */
    public boolean hasPriority() {
        return priorityPresent;
    }

    /** {@return which part of a system sent the message, from 0 (the kernel) to 23 (local7)} */
    public int facility() {
        return priority >> 3;
    }

    /** {@return how bad it is, from 0 (emergency) to 7 (debug)} */
    public int severity() {
        return priority & 7;
    }

    /** {@return the version of RFC 5424, which is 1; 0 for RFC 3164} */
    public int version() {
        return version;
    }

    /** {@return the time as it is written} */
    public Slice timestamp() {
        return timestamp;
    }

    /**
     * The time as an instant. Allocates only when a local time needs a new look at the rules of the zone: twice a year.
     *
     * @param zone the zone of times without an offset
     * @param nearNanos the instant that gives times without a year the year in which they are nearest to it, such as the
     *     {@linkplain EventView#receiptNanos time of receipt}, in nanoseconds since the epoch
     * @return nanoseconds since the epoch, within the bounds of a {@code long}; {@code nearNanos} if the message has no time
     */
    public long timestampNanos(ZoneId zone, long nearNanos) {
        requireNonNull(zone, "zone");
        return timestamp.isEmpty() ? nearNanos : time.toNanos(zone, nearNanos);
    }

    /** {@return the name or address of the host} */
    public Slice host() {
        return host;
    }

    /** {@return the program: APP-NAME of RFC 5424, the tag of RFC 3164} */
    public Slice app() {
        return app;
    }

    /** {@return PROCID of RFC 5424; what is in brackets behind the tag of RFC 3164} */
    public Slice process() {
        return process;
    }

    /** {@return MSGID, the kind of message; empty for RFC 3164} */
    public Slice messageId() {
        return messageId;
    }

    /** {@return whether there is a {@link #message}, which may be empty} */
    public boolean hasMessage() {
        return messagePresent;
    }

    /** {@return the text of the message, without a byte order mark} */
    public Slice message() {
        return message;
    }

    /** {@return whether a byte order mark says that {@link #message} is UTF-8} */
    public boolean hasBom() {
        return bom;
    }

    /** {@return how many elements of structured data there are} */
    public int elementCount() {
        return elementCount;
    }

    /**
     * The ID of an element of structured data.
     *
     * @param element from 0 to {@code elementCount() - 1}
     * @return its ID, until the next call
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public Slice elementId(int element) {
        int i = checkIndex(element, elementCount) * PER_ELEMENT;
        elementId.set(buffer, elements[i], elements[i + 1]);
        return elementId;
    }

    /**
     * How many parameters an element has.
     *
     * @param element from 0 to {@code elementCount() - 1}
     * @return 0 or more
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public int paramCount(int element) {
        return elements[checkIndex(element, elementCount) * PER_ELEMENT + 3];
    }

    /**
     * The name of a parameter.
     *
     * @param element from 0 to {@code elementCount() - 1}
     * @param param from 0 to {@code paramCount(element) - 1}
     * @return its name, until the next call
     * @throws IndexOutOfBoundsException if there is no such parameter
     */
    public Slice paramName(int element, int param) {
        int i = paramIndex(element, param);
        paramName.set(buffer, params[i], params[i + 1]);
        return paramName;
    }

    /**
     * The value of a parameter, without escapes.
     *
     * @param element from 0 to {@code elementCount() - 1}
     * @param param from 0 to {@code paramCount(element) - 1}
     * @return its value, until the next call
     * @throws IndexOutOfBoundsException if there is no such parameter
     */
    public Slice paramValue(int element, int param) {
        int i = paramIndex(element, param);
        if (unescaped.length < end - offset) {
            unescaped = new byte[Math.max(end - offset, 2 * unescaped.length)];
        }
        Escapes.PARAM_VALUE.unescape(
                buffer, params[i + 2], params[i + 3], unescaped, params[i + 2] - offset, paramValue);
        return paramValue;
    }

    private int paramIndex(int element, int param) {
        checkIndex(param, paramCount(element));
        return (elements[element * PER_ELEMENT + 2] + param) * PER_PARAM;
    }
}
