package io.trafilo.formats;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Any bytes as lines of the line protocol: what is taken is what the published grammar, as a regular expression, matches. */
class InfluxFuzzTest {
    private static final String ESCAPE = "\\\\++[^\\\\\\x00-\\x1f\\x7f]";
    private static final String MEASUREMENT =
            "(?:[^\\x00-\\x20\\x7f\\\\,#]|" + ESCAPE + ")(?:[^\\x00-\\x20\\x7f\\\\,]|" + ESCAPE + ")*+";
    private static final String KEY = "(?:[^\\x00-\\x20\\x7f\\\\,=]|" + ESCAPE + ")++";
    private static final String VALUE =
            "\"(?:[^\"\\\\]|\\\\.)*+\"|true|True|TRUE|t|T|false|False|FALSE|f|F|-?\\d++i|\\d++u"
                    + "|-?(?:\\d++(?:\\.\\d*+)?|\\.\\d++)(?:[eE][+-]?\\d++)?";
    private static final String FIELD = KEY + "=(?:" + VALUE + ")";
    private static final Pattern LINE = Pattern.compile(
            MEASUREMENT + "(?:," + KEY + "=" + KEY + ")*+ ++(" + FIELD + "(?:," + FIELD + ")*+)(?: ++(-?\\d++))?+ *+",
            Pattern.DOTALL);
    private static final Pattern EACH_FIELD =
            Pattern.compile("\\G,?" + KEY + "=(" + VALUE + ")(?=,|$)", Pattern.DOTALL);
    private static final Pattern NO_POINT = Pattern.compile("(?:#[^\\x00-\\x08\\x0a-\\x1f\\x7f]*+)?");
    private static final BigInteger UNSIGNED_LIMIT = BigInteger.ONE.shiftLeft(64);

    @FuzzTest(maxDuration = "1h", maxExecutions = 1_000_000)
    void shouldTakeTheLineThatTheGrammarMatches(FuzzedDataProvider data) {
        checkLine(data.consumeRemainingAsBytes());
    }

    @FuzzTest(maxDuration = "1h", maxExecutions = 1_000_000)
    void shouldMakeOfEachLineWhatItIsAlone(FuzzedDataProvider data) {
        checkMessage(data.consumeRemainingAsBytes());
    }

    /** Line ends within strings are left to the other check. */
    static void checkLine(byte[] message) {
        byte[] line = message.clone();
        for (int i = 0; i < line.length; i++) {
            line[i] = line[i] == '\n' ? (byte) 'n' : line[i];
        }
        InfluxPoint point = new InfluxPoint();
        boolean taken = point.wrap(line, 0, line.length);
        String text = new String(line, ISO_8859_1).replaceFirst("^ ++", "");
        text = text.endsWith("\r") && !isPoint(text) ? text.substring(0, text.length() - 1) : text;
        requireEqual("point", taken, isPoint(text));
        boolean malformed = !taken && !NO_POINT.matcher(text).matches();
        requireEqual("next", point.next(), false);
        requireEqual("malformed", point.malformed(), malformed ? 1 : 0);
    }

    private static boolean isPoint(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches() || (matcher.group(2) != null && new BigInteger(matcher.group(2)).bitLength() > 63)) {
            return false;
        }
        Matcher fields = EACH_FIELD.matcher(matcher.group(1));
        int end = 0;
        while (fields.find()) {
            end = fields.end();
            if (!isInRange(fields.group(1))) {
                return false;
            }
        }
        requireEqual("the model's fields", end, matcher.group(1).length());
        return true;
    }

    private static boolean isInRange(String value) {
        if (value.charAt(0) == '"' || Character.isLetter(value.charAt(0))) {
            return true;
        }
        String number = value.substring(0, value.length() - 1);
        return switch (value.charAt(value.length() - 1)) {
            case 'i' -> new BigInteger(number).bitLength() <= 63;
            case 'u' -> new BigInteger(number).compareTo(UNSIGNED_LIMIT) < 0;
            default -> Double.isFinite(Double.parseDouble(value));
        };
    }

    static void checkMessage(byte[] message) {
        List<String> points = points(message, '1');
        requireEqual("looked beyond the message", points(message, '\n'), points);

        InfluxPoint point = new InfluxPoint();
        TestCollector found = TestCollector.parse(Influx.parser(KeyOf.name().and("a"), "v"), message, 4, (byte) '1');
        int count = 0;
        for (boolean more = point.wrap(message, 0, message.length); more; more = point.next()) {
            TestCollector.Found event = found.events.get(count++);
            requireEqual("key", event.key.startsWith(point.measurement().text()), true);
            requireEqual("payload", event.payload, point.line().text());
        }
        requireEqual("events", found.events.size(), count);
        requireEqual("rejected", found.rejected, point.malformed());
    }

    /** All that the view says of each point, which is what it says of its line alone. */
    private static List<String> points(byte[] message, char around) {
        byte[] buffer = new byte[message.length + 8];
        Arrays.fill(buffer, (byte) around);
        System.arraycopy(message, 0, buffer, 4, message.length);
        InfluxPoint point = new InfluxPoint();
        InfluxPoint alone = new InfluxPoint();
        List<String> points = new ArrayList<>();
        for (boolean more = point.wrap(buffer, 4, message.length); more; more = point.next()) {
            String parts = parts(point);
            Slice line = point.line();
            if (line.offset() < 4 || line.offset() + line.length() > 4 + message.length) {
                throw new AssertionError("line: " + line.offset() + ", " + line.length() + " of " + message.length);
            }
            requireEqual("alone", alone.wrap(buffer, line.offset(), line.length()), true);
            requireEqual("alone", parts(alone), parts);
            requireEqual("more in " + line, alone.next() || alone.malformed() > 0, false);
            points.add(parts);
        }
        points.add("malformed: " + point.malformed());
        return points;
    }

    private static String parts(InfluxPoint point) {
        StringBuilder all = new StringBuilder(point.line().text())
                .append('|')
                .append(point.measurement().text());
        for (int i = 0; i < point.tagCount(); i++) {
            all.append('|')
                    .append(point.tagName(i).text())
                    .append('|')
                    .append(point.tagValue(i).text());
        }
        for (int i = 0; i < point.fieldCount(); i++) {
            all.append('|')
                    .append(point.fieldName(i).text())
                    .append('|')
                    .append(point.fieldText(i).text());
            all.append('|').append(point.fieldType(i)).append('|').append(point.fieldDouble(i));
        }
        return all.append('|')
                .append(point.hasTimestamp())
                .append(point.timestamp())
                .toString();
    }

    private static void requireEqual(String what, Object actual, Object expected) {
        if (!actual.equals(expected)) {
            throw new AssertionError(what + ": " + actual + " (expected: " + expected + ")");
        }
    }
}
