package io.trafilo.formats;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.trafilo.formats.Syslog.Part;
import io.trafilo.formats.SyslogMessage.Format;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Any bytes as a syslog message: what is taken for RFC 5424 is what its grammar, as a regular expression, matches. */
class SyslogFuzzTest {
    private static final String NAME = "[!-~&&[^=\\]\"]]{1,32}";
    private static final String VALUE = "(?:\\\\[\"\\\\\\]]|[^\"\\]])*+";
    private static final String ELEMENT = "\\[" + NAME + "(?: " + NAME + "=\"" + VALUE + "\")*+\\]";
    private static final Pattern RFC_5424 = Pattern.compile(
            "<(0|[1-9]\\d{0,2})>1 (?:-|(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d)(?:\\.\\d{1,6})?"
                    + "(?:Z|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)) "
                    + "([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) (?:-|((?:" + ELEMENT + ")++))( .*+)?",
            Pattern.DOTALL);
    private static final Pattern ID = Pattern.compile("\\[(" + NAME + ")(?: " + NAME + "=\"" + VALUE + "\")*+\\]");
    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

    @FuzzTest(maxDuration = "1h", maxExecutions = 1_000_000)
    void shouldTakeForRfc5424WhatItsGrammarMatches(FuzzedDataProvider data) {
        check(data.consumeRemainingAsBytes());
    }

    static void check(byte[] message) {
        SyslogMessage strict = new SyslogMessage();
        SyslogMessage lenient = SyslogMessage.lenient();
        String parts = parts(strict, message, '1');
        String lenientParts = parts(lenient, message, '1');
        requireEqual("looked beyond the message", parts(new SyslogMessage(), message, ']'), parts);
        requireEqual("looked beyond the message", parts(SyslogMessage.lenient(), message, ']'), lenientParts);
        if (!parts.isEmpty()) {
            requireEqual("lenient", lenientParts, parts);
        }
        boolean rfc5424 = !parts.isEmpty() && strict.format() == Format.RFC5424;
        requireEqual("RFC 5424", rfc5424, isRfc5424(new String(message, ISO_8859_1)));

        Syslog parser =
                Syslog.parser(Part.HOST, Part.APP, Part.SEVERITY, Part.FACILITY).withTimes(ZONE);
        checkParser(parser, strict, parts, message);
        checkParser(parser.lenient(), lenient, lenientParts, message);
    }

    private static boolean isRfc5424(String text) {
        Matcher matcher = RFC_5424.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(1)) > 191) {
            return false;
        }
        Set<String> ids = new HashSet<>();
        Matcher elements = ID.matcher(matcher.group(7) == null ? "" : matcher.group(7));
        while (elements.find()) {
            if (!ids.add(elements.group(1))) {
                return false;
            }
        }
        try {
            return matcher.group(2) == null || LocalDateTime.parse(matcher.group(2)) != null;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** All that the view says of the message, if it is one. */
    private static String parts(SyslogMessage view, byte[] message, char around) {
        byte[] buffer = new byte[message.length + 8];
        Arrays.fill(buffer, (byte) around);
        System.arraycopy(message, 0, buffer, 4, message.length);
        if (!view.wrap(buffer, 4, message.length)) {
            return "";
        }
        StringBuilder all = new StringBuilder()
                .append(view.format())
                .append(view.facility())
                .append(view.severity());
        all.append(view.version()).append(view.hasMessage()).append(view.hasBom());
        for (Slice part :
                new Slice[] {view.timestamp(), view.host(), view.app(), view.process(), view.messageId(), view.message()
                }) {
            add(all, part, message.length);
        }
        for (int i = 0; i < view.elementCount(); i++) {
            add(all, view.elementId(i), message.length);
            for (int j = 0; j < view.paramCount(i); j++) {
                add(all, view.paramName(i, j), message.length);
                all.append('|').append(view.paramValue(i, j).text());
            }
        }
        return all.append(view.timestampNanos(ZONE, TestCollector.RECEIPT_NANOS))
                .toString();
    }

    private static void add(StringBuilder all, Slice part, int length) {
        if (!part.isEmpty() && (part.offset() < 4 || part.offset() + part.length() > 4 + length)) {
            throw new AssertionError("slice: " + part.offset() + ", " + part.length() + " of " + length);
        }
        all.append('|').append(part.text());
    }

    private static void checkParser(Syslog parser, SyslogMessage view, String parts, byte[] message) {
        TestCollector found = TestCollector.parse(parser, message, 4, (byte) '1');
        if (parts.isEmpty()) {
            requireEqual("rejected", found.rejected, 1);
            return;
        }
        String key = text(view.host()) + "," + text(view.app()) + "," + view.severity() + "," + view.facility();
        requireEqual("events", found.events.size(), 1);
        requireEqual("rejected", found.rejected, 0);
        requireEqual("key", found.events.get(0).key, key);
        requireEqual("payload", found.events.get(0).payload, new String(message, UTF_8));
        requireEqual("time", found.events.get(0).at, view.timestampNanos(ZONE, TestCollector.RECEIPT_NANOS));
    }

    private static String text(Slice part) {
        return part.isEmpty() ? "-" : part.text();
    }

    private static void requireEqual(String what, Object actual, Object expected) {
        if (!actual.equals(expected)) {
            throw new AssertionError(what + ": " + actual + " (expected: " + expected + ")");
        }
    }
}
