package io.trafilo.formats;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * Reads what follows the priority of a message as it was before RFC 5424. RFC 3164 describes what was seen on the wire, and devices
 * differ: this reads what they send.
 */
final class Rfc3164 {
    private static final byte[] REPEATED = "last message ".getBytes(US_ASCII);
    private static final byte[] FORWARDED = "Message forwarded from ".getBytes(US_ASCII);
    private static final int MAX_HOST = 255;
    private static final String TAG_MARKS = "_./-%@#+*()$~&!";

    private Rfc3164() {}

    /*
     * Time:  Oct  9 22:14:15        by the letter; one space, a year and a fraction of a second are taken, too
     *        45: gw1: *Mar  1 18:46:11.123 UTC: %SYS-5-...   Cisco: maybe a number, a host, a mark of the clock, a zone
     *        2024-05-06T07:08:09Z   rsyslog's forward format: neither RFC, only if lenient
     *        none                   all that follows the priority is text (4.3.2)
     * Host:  a word of the characters of host names, or an IPv6 address. Anything else begins the text: local programs leave the
     *        host out. Not without a time.
     * Tag:   su:  su[77]:  su[77]   A word alone is text, as in "last message repeated 3 times".
     */

    static boolean read(SyslogMessage message, byte[] buffer, int start, int end) {
        SyslogTime time = message.time;
        boolean lenient = message.lenient;
        if (start == end && !lenient) {
            return false; // a priority and nothing else
        }
        int at = time.readBsd(buffer, start, end, false);
        if (isEnd(buffer, at, end)) {
            message.timestamp.set(buffer, start, at);
            int text = skipZone(buffer, at, end);
            if (text >= 0) {
                readTag(message, buffer, text, end); // Jul 14 2013 16:44:40: %ASA-6-...
            } else {
                readHost(message, buffer, skipSpaces(buffer, at, end), end);
            }
            return true;
        }
        at = time.readIso(buffer, start, end, true);
        if (isEnd(buffer, at, end)) {
            message.timestamp.set(buffer, start, at);
            readHost(message, buffer, skipSpaces(buffer, at, end), end);
            return lenient;
        }
        if (!message.hasPriority() && !lenient) {
            return false; // neither priority nor time: this can be anything
        }
        if (!readCisco(message, buffer, start, end)) {
            readTag(message, buffer, start, end);
        }
        return true;
    }

    private static boolean isEnd(byte[] buffer, int at, int end) {
        return at == end || (at >= 0 && (buffer[at] == ' ' || buffer[at] == ':'));
    }

    private static int skipSpaces(byte[] buffer, int start, int end) {
        int at = start;
        while (at < end && buffer[at] == ' ') {
            at++;
        }
        return at;
    }

    /** Passes over a colon and the spaces around it, if one is here that stands alone: not that of {@code ::1}. */
    private static int skipColon(byte[] buffer, int start, int end) {
        int at = skipSpaces(buffer, start, end);
        boolean colon = at < end && buffer[at] == ':';
        boolean alone = colon && (at + 1 == end || buffer[at + 1] == ' ' || buffer[at + 1] == '%');
        return alone ? skipSpaces(buffer, at + 1, end) : start;
    }

    /** Reads {@code [number:] [host:] [*|.] time [zone]: text}, or {@code [number:] %text} without a time. */
    private static boolean readCisco(SyslogMessage message, byte[] buffer, int start, int end) {
        int at = start;
        while (at < end && SyslogTime.isDigit(buffer[at])) {
            at++;
        }
        boolean numbered = at > start;
        boolean led = at < end && buffer[at] == ':';
        if (numbered && !led) {
            return false;
        }
        at = led ? skipSpaces(buffer, at + 1, end) : at;
        if (at < end && buffer[at] == '%' && led) {
            readTag(message, buffer, at, end);
            return true;
        }
        int host = at;
        int hostEnd = Bytes.indexOf(buffer, ':', at, end);
        boolean named = isHost(buffer, host, hostEnd) && hostEnd + 1 < end && buffer[hostEnd + 1] == ' ';
        if (named) {
            at = skipSpaces(buffer, hostEnd + 1, end);
        }
        boolean marked = at < end && (buffer[at] == '*' || buffer[at] == '.');
        at += marked ? 1 : 0;
        int stop = message.time.readBsd(buffer, at, end, false);
        if (stop < 0 && led) {
            stop = message.time.readBsd(buffer, at, end, true);
        }
        int text = stop < 0 ? -1 : skipZone(buffer, stop, end);
        if (text < 0 || !(led || named || marked)) {
            return false;
        }
        message.timestamp.set(buffer, at, stop);
        if (named) {
            message.host.set(buffer, host, hostEnd);
        }
        readTag(message, buffer, text, end);
        return true;
    }

    /** Passes over a colon, or over {@code UTC:} in front of a percent sign. -1 if neither is here. */
    private static int skipZone(byte[] buffer, int start, int end) {
        int text = skipColon(buffer, start, end);
        if (text > start) {
            return text;
        }
        int at = skipSpaces(buffer, start, end);
        while (at < end && buffer[at] >= 'A' && buffer[at] <= 'Z') {
            at++;
        }
        text = skipColon(buffer, at, end);
        return text > at && text < end && buffer[text] == '%' ? text : -1;
    }

    /** Reads what follows the time. */
    private static void readHost(SyslogMessage message, byte[] buffer, int start, int end) {
        int stop = Bytes.indexOf(buffer, ' ', start, end);
        int text = Math.min(stop + 1, end);
        if (startsWith(buffer, start, end, FORWARDED)) {
            stop = Bytes.indexOf(buffer, ':', start + FORWARDED.length, end);
            readNamed(message, buffer, start + FORWARDED.length, stop, end);
        } else if (startsWith(buffer, start, end, REPEATED)) {
            message.setMessage(start);
        } else if (isHost(buffer, start, stop)) {
            message.host.set(buffer, start, stop);
            readTag(message, buffer, skipColon(buffer, text, end), end); // the colon of: gw1 : %ASA-6-...
        } else if (stop - start == 1 && buffer[start] == '-') {
            readTag(message, buffer, text, end);
        } else if (text < end && buffer[text] == '%' && buffer[stop - 1] == ':') { // gw1: %ASA-6-...
            readNamed(message, buffer, start, stop - 1, end);
        } else {
            readTag(message, buffer, start, end);
        }
    }

    /** Reads a host with a colon behind it. If it is none, all of it is text. */
    private static void readNamed(SyslogMessage message, byte[] buffer, int start, int stop, int end) {
        if (stop < end && isHost(buffer, start, stop)) {
            message.host.set(buffer, start, stop);
            readTag(message, buffer, skipSpaces(buffer, stop + 1, end), end);
        } else {
            readTag(message, buffer, start, end);
        }
    }

    private static boolean startsWith(byte[] buffer, int start, int end, byte[] text) {
        return end - start >= text.length && Arrays.equals(buffer, start, start + text.length, text, 0, text.length);
    }

    private static boolean isHost(byte[] buffer, int start, int end) {
        int length = end - start;
        if (length < 1 || length > MAX_HOST) {
            return false;
        }
        if (buffer[start] == '[' && buffer[end - 1] == ']') {
            return isIpv6(buffer, start + 1, end - 1);
        }
        boolean name = isLetterOrDigit(buffer[start]) || buffer[start] == '_';
        for (int at = start; name && at < end; at++) {
            byte next = buffer[at];
            name = isLetterOrDigit(next) || next == '.' || next == '-' || next == '_';
        }
        return name || isIpv6(buffer, start, end);
    }

    /** Seven colons, or two of them side by side, and nothing but hexadecimal digits, dots, and a zone behind a percent sign. */
    private static boolean isIpv6(byte[] buffer, int start, int end) {
        int colons = 0;
        boolean gap = false;
        for (int at = start; at < end && buffer[at] != '%'; at++) {
            byte next = buffer[at];
            if (next == ':') {
                colons++;
                gap |= at > start && buffer[at - 1] == ':';
            } else if (next != '.' && Character.digit(next, 16) < 0) {
                return false;
            }
        }
        return colons == 7 || (gap && colons < 7);
    }

    private static boolean isLetterOrDigit(byte value) {
        return SyslogTime.isDigit(value) || ((value | 0x20) >= 'a' && (value | 0x20) <= 'z');
    }

    /** Reads {@code tag:}, {@code tag[pid]:} or {@code tag[pid]}, and the text. Without a tag, all of it is text. */
    private static void readTag(SyslogMessage message, byte[] buffer, int start, int end) {
        int tagEnd = start;
        boolean name = false; // 12:30 is a time, and no program has such a name
        while (tagEnd < end && isTag(buffer[tagEnd])) {
            name |= !SyslogTime.isDigit(buffer[tagEnd]);
            tagEnd++;
        }
        int text = tagEnd;
        boolean tag = name && tagEnd < end && !startsWith(buffer, start, end, REPEATED);
        if (tag && buffer[tagEnd] == '[') {
            int close = tagEnd + 1;
            while (close < end && buffer[close] != ']' && Rfc5424.isPrintable(buffer[close])) {
                close++;
            }
            text = close + 1;
            tag = close < end && buffer[close] == ']' && (text == end || buffer[text] == ' ' || buffer[text] == ':');
            if (tag) {
                message.process.set(buffer, tagEnd + 1, close);
            }
        } else {
            tag &= text < end && buffer[text] == ':';
        }
        if (!tag) {
            message.setMessage(start);
            return;
        }
        message.app.set(buffer, start, tagEnd);
        text += text < end && buffer[text] == ':' ? 1 : 0;
        text += text < end && buffer[text] == ' ' ? 1 : 0;
        message.setMessage(text);
    }

    /** What names of programs are made of, and what devices write in their place; not what data begin with. */
    private static boolean isTag(byte value) {
        return isLetterOrDigit(value) || value < 0 || TAG_MARKS.indexOf(value) >= 0;
    }
}
