package io.trafilo.formats;

/** Reads what follows the priority of a message of RFC 5424. Section numbers are those of the RFC. */
final class Rfc5424 {
    private static final int MAX_HOST = 255;
    private static final int MAX_APP = 48;
    private static final int MAX_PROCESS = 128;
    private static final int MAX_MESSAGE_ID = 32;
    private static final int MAX_NAME = 32;

    private Rfc5424() {}

    /** Whether there is a version, and a time behind it: a text of RFC 3164 may begin with a number, too. */
    static boolean isAt(byte[] buffer, int start, int end) {
        int at = endOfVersion(buffer, start, end);
        if (at == start || (at < end && buffer[at] != ' ')) {
            return false;
        }
        if (at - start == 1 && buffer[start] == '1') {
            return true;
        }
        boolean nil = end - at > 2 && buffer[at + 1] == '-' && buffer[at + 2] == ' ';
        return nil || (end - at > 5 && SyslogTime.isDigit(buffer[at + 1]) && buffer[at + 5] == '-');
    }

    private static int endOfVersion(byte[] buffer, int start, int end) {
        int at = start;
        while (at < end && at < start + 3 && SyslogTime.isDigit(buffer[at])) {
            at++;
        }
        return at;
    }

    /** Reads {@code VERSION SP TIMESTAMP SP HOSTNAME SP APP-NAME SP PROCID SP MSGID SP STRUCTURED-DATA [SP MSG]}. */
    static boolean read(SyslogMessage message, byte[] buffer, int start, int end) {
        boolean lenient = message.lenient;
        int at = endOfVersion(buffer, start, end);
        int version = 0;
        for (int i = start; i < at; i++) {
            version = 10 * version + buffer[i] - '0';
        }
        if (version == 0 || (!lenient && (version != 1 || buffer[start] == '0'))) {
            return false;
        }
        message.setVersion(version);
        at = field(message.timestamp, buffer, next(buffer, at, end), end, Integer.MAX_VALUE, lenient);
        if (at < 0 || !readTime(message, buffer)) {
            return false;
        }
        at = field(message.host, buffer, next(buffer, at, end), end, MAX_HOST, lenient);
        at = field(message.app, buffer, next(buffer, at, end), end, MAX_APP, lenient);
        at = field(message.process, buffer, next(buffer, at, end), end, MAX_PROCESS, lenient);
        at = field(message.messageId, buffer, next(buffer, at, end), end, MAX_MESSAGE_ID, lenient);
        at = next(buffer, at, end);
        return at >= 0 && readRest(message, buffer, at, end);
    }

    private static boolean readTime(SyslogMessage message, byte[] buffer) {
        Slice text = message.timestamp;
        int end = text.offset() + text.length();
        return text.isEmpty() || message.time.readIso(buffer, text.offset(), end, message.lenient) == end;
    }

    /** Passes over the space that must be here. -1 if there is none, or was none before. */
    private static int next(byte[] buffer, int at, int end) {
        return at >= 0 && at < end && buffer[at] == ' ' ? at + 1 : -1;
    }

    /** Reads a field of the header: printable ASCII, or {@code -}, which is nothing. Its end; -1 if it is malformed. */
    private static int field(Slice field, byte[] buffer, int start, int end, int maxLength, boolean lenient) {
        if (start < 0) {
            return -1;
        }
        int at = start;
        while (at < end && (isPrintable(buffer[at]) || (lenient && buffer[at] < 0))) {
            at++;
        }
        if (at == start || (at - start > maxLength && !lenient)) {
            return -1;
        }
        if (at - start > 1 || buffer[start] != '-') {
            field.set(buffer, start, at);
        }
        return at;
    }

    static boolean isPrintable(byte value) {
        return value > ' ' && value < 127;
    }

    /** Reads the structured data, and the text behind it. */
    private static boolean readRest(SyslogMessage message, byte[] buffer, int start, int end) {
        boolean nil = start < end && buffer[start] == '-';
        int at = nil ? start + 1 : readElements(message, buffer, start, end);
        if (at == end) {
            return true; // without a text
        }
        if (at > start && buffer[at] == ' ') {
            message.setMessageBehindBom(at + 1);
            return true;
        }
        if (!message.lenient) {
            return false;
        }
        if (nil || at <= start) {
            message.dropElements();
            at = start;
        }
        message.setMessageBehindBom(at);
        return true;
    }

    /** Reads {@code [id name="value" ...]...}. Its end; -1 if it is malformed. */
    private static int readElements(SyslogMessage message, byte[] buffer, int start, int end) {
        int at = start;
        while (at >= 0 && at < end && buffer[at] == '[') {
            int id = at + 1;
            at = name(buffer, id, end, message.lenient);
            if (at < 0 || (!message.addElement(id, at) && !message.lenient)) { // 6.3.2: an ID comes once
                return -1;
            }
            at = readParams(message, buffer, at, end);
        }
        return at > start ? at : -1;
    }

    /** Reads the parameters of an element, and the bracket that ends it. */
    private static int readParams(SyslogMessage message, byte[] buffer, int start, int end) {
        int at = start;
        while (at < end && buffer[at] == ' ') {
            int name = at + 1;
            while (message.lenient && name < end && buffer[name] == ' ') {
                name++;
            }
            if (message.lenient && name < end && buffer[name] == ']') {
                return name + 1;
            }
            int nameEnd = name(buffer, name, end, message.lenient);
            if (nameEnd < 0 || end - nameEnd < 2 || buffer[nameEnd] != '=' || buffer[nameEnd + 1] != '"') {
                return -1;
            }
            int value = nameEnd + 2;
            at = endOfValue(buffer, value, end, message.lenient);
            if (at < 0) {
                return -1;
            }
            message.addParam(name, nameEnd, value, at);
            at++;
        }
        return at < end && buffer[at] == ']' ? at + 1 : -1;
    }

    /** The end of an SD-NAME; -1 if it is malformed. */
    private static int name(byte[] buffer, int start, int end, boolean lenient) {
        int at = start;
        while (at < end && isPrintable(buffer[at]) && buffer[at] != '=' && buffer[at] != ']' && buffer[at] != '"') {
            at++;
        }
        return at == start || (at - start > MAX_NAME && !lenient) ? -1 : at;
    }

    /** Where the quote is that ends a value; -1 if there is none, or a bracket without a backslash (6.3.3). */
    private static int endOfValue(byte[] buffer, int start, int end, boolean lenient) {
        int at = start;
        while (at < end && buffer[at] != '"') {
            if (buffer[at] == ']' && !lenient) {
                return -1;
            }
            boolean escape = buffer[at] == '\\' && at + 1 < end && Escapes.PARAM_VALUE.contains(buffer[at + 1]);
            at += escape ? 2 : 1;
        }
        return at < end ? at : -1;
    }
}
