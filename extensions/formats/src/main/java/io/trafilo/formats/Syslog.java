package io.trafilo.formats;

import static java.util.Objects.requireNonNull;

import io.trafilo.EventCollector;
import io.trafilo.EventDetails;
import io.trafilo.EventParser;
import io.trafilo.KeyBuilder;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Syslog over UDP: RFC 5424, and RFC 3164 as devices and daemons send it. The message says which of the two it is. Immutable; one
 * parser serves all workers, throws nothing on any bytes and allocates nothing.
 *
 * <pre>{@code
 * Trafilo.<Stats>builder().parser(Syslog.parser(Syslog.Part.HOST, Syslog.Part.SEVERITY))
 * }</pre>
 *
 * <ul>
 *   <li>A datagram is one message; line ends in it belong to its text.
 *   <li>The key of an event is made of the parts that are named, joined by commas: {@code gw1,3}. A part that the message lacks is
 *       {@code -}.
 *   <li>Its payload is the whole message. {@link SyslogMessage} reads it.
 *   <li>It has no value. Its time is that of its receipt, unless {@link #withTimes} says otherwise: clocks of devices are wrong.
 * </ul>
 *
 * <p>RFC 5424 is taken to the letter: 6 digits of a second, fields no longer than it says, no structured data with an ID twice. In
 * RFC 3164, host, tag and process may be missing, the time may have a year and a fraction of a second, and Cisco's
 * numbers, zones and {@code %ASA-6-302013:} are read. A message without a priority is taken if such a time begins it; one without a
 * time, if a priority does. All other messages are malformed.
 */
public final class Syslog implements EventParser {
    /** A part of a message that a key can be made of. */
    public enum Part {
        /** The name or address of the host. */
        HOST,
        /** The program: APP-NAME of RFC 5424, the tag of RFC 3164. */
        APP,
        /** The severity as a number, from 0 (emergency) to 7 (debug). */
        SEVERITY,
        /** The facility as a number, from 0 (the kernel) to 23 (local7). */
        FACILITY
    }

    private final List<Part> parts;
    private final @Nullable ZoneId zone;
    private final boolean lenient;
    private final ThreadLocal<SyslogMessage> messages;

    private Syslog(List<Part> parts, @Nullable ZoneId zone, boolean lenient) {
        this.parts = parts;
        this.zone = zone;
        this.lenient = lenient;
        this.messages = ThreadLocal.withInitial(lenient ? SyslogMessage::lenient : SyslogMessage::new);
    }

    /**
     * Reads what is well-formed.
     *
     * @param first what the key begins with
     * @param more what else belongs to it, in this order
     * @return a parser for all workers
     * @throws IllegalArgumentException if a part is there twice
     */
    public static Syslog parser(Part first, Part... more) {
        Set<Part> seen = EnumSet.of(first);
        for (Part part : more) {
            if (!seen.add(part)) {
                throw new IllegalArgumentException("part: " + part + " (expected: each one once)");
            }
        }
        Part[] all = new Part[1 + more.length];
        all[0] = first;
        System.arraycopy(more, 0, all, 1, more.length);
        return new Syslog(List.of(all), null, false);
    }

    /**
     * Takes the time of an event from the message. A message without a time, or with {@code -}, has the time of its receipt.
     *
     * @param zoneOfSenders the zone of times without an offset, as RFC 3164 has them. They have no year either, and are taken to be
     *     of the year in which they are nearest to the receipt
     * @return a new parser
     */
    public Syslog withTimes(ZoneId zoneOfSenders) {
        return new Syslog(parts, requireNonNull(zoneOfSenders, "zoneOfSenders"), lenient);
    }

    /**
     * Also takes what most receivers take:
     *
     * <ul>
     *   <li>RFC 3339 times without a version, as in rsyslog's forward format, also with a space for the {@code T} or without an offset
     *   <li>more digits of a second, leap seconds, zeros in front of a priority or version, versions above 1
     *   <li>fields that are too long or not ASCII, an ID of structured data twice, brackets without a backslash in it; structured data
     *       without an end are text
     *   <li>the length in front of a message that is meant for a stream
     *   <li>any other text: if it has no priority that can be read, the facility is 1 and the severity 5
     * </ul>
     *
     * @return a new parser
     */
    public Syslog lenient() {
        return new Syslog(parts, zone, true);
    }

    @Override
    public void parse(byte[] buffer, int offset, int length, EventCollector out) {
        SyslogMessage message = messages.get();
        if (message.wrap(buffer, offset, length)) {
            EventDetails event = addEvent(message, offset, length, out);
            if (zone != null) {
                event.at(message.timestampNanos(zone, out.receiptNanos()));
            }
        } else {
            out.reject();
        }
        message.clear();
    }

    private EventDetails addEvent(SyslogMessage message, int offset, int length, EventCollector out) {
        KeyBuilder key = out.key();
        for (int i = 0; i < parts.size(); i++) {
            if (i > 0) {
                key.append((byte) ',');
            }
            switch (parts.get(i)) {
                case HOST -> append(key, message.host());
                case APP -> append(key, message.app());
                case SEVERITY -> append(key, message.severity());
                case FACILITY -> append(key, message.facility());
            }
        }
        return key.event(offset, length);
    }

    private static void append(KeyBuilder key, Slice part) {
        if (part.isEmpty()) {
            key.append((byte) '-');
        } else {
            key.append(part.buffer(), part.offset(), part.length());
        }
    }

    private static void append(KeyBuilder key, int number) {
        if (number > 9) {
            key.append((byte) ('0' + number / 10));
        }
        key.append((byte) ('0' + number % 10));
    }

    @Override
    public String toString() {
        return "syslog by " + parts + (zone == null ? "" : ", times in " + zone) + (lenient ? ", lenient" : "");
    }
}
