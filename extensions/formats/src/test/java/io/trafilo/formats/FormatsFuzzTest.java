package io.trafilo.formats;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.trafilo.EventParser;
import java.util.Arrays;

/**
 * Parsers on any bytes, with any bytes around the message. {@link TestCollector} sees to it that slices are within the message, values
 * finite and weights positive. A view that is pointed at each line must find as many events as the parser.
 */
class FormatsFuzzTest {
    /** Reads a line by a view. */
    private interface Lines {
        Counts read(byte[] line);
    }

    private record Counts(int events, int malformed) {}

    @FuzzTest(maxDuration = "1h", maxExecutions = 1_000_000)
    void shouldFindInStatsDWhatTheViewFinds(FuzzedDataProvider data) {
        check(data, StatsD.parser(), FormatsFuzzTest::readStatsD);
    }

    private static Counts readStatsD(byte[] line) {
        StatsDMetric metric = new StatsDMetric();
        int events = 0;
        for (boolean more = metric.wrap(line, 0, line.length); more; more = metric.next()) {
            events++;
            require(!metric.name().isEmpty(), "a name");
            require(metric.type() == MetricType.SET || Double.isFinite(metric.value()), "a value");
            require(!metric.rawValue().text().isEmpty(), "a raw value");
        }
        return new Counts(events, metric.malformed());
    }

    @FuzzTest(maxDuration = "1h", maxExecutions = 1_000_000)
    void shouldFindInDogStatsDWhatTheViewFinds(FuzzedDataProvider data) {
        check(data, DogStatsD.parser(KeyOf.name().and("a", "b")), FormatsFuzzTest::readDogStatsD);
    }

    private static Counts readDogStatsD(byte[] line) {
        DogStatsDMessage message = new DogStatsDMessage();
        if (!message.wrap(line, 0, line.length)) {
            return new Counts(0, 1);
        }
        require(!message.title().isEmpty(), "a name");
        require(message.timestampSeconds() >= 0, "a time");
        int length = message.text().length()
                + message.hostname().length()
                + message.localData().length();
        for (int i = 0; i < message.tagCount(); i++) {
            length += message.tag(i).length();
            require(
                    message.tag(i).length()
                            >= message.tagName(i).length() + message.tagValue(i).length(),
                    "a tag");
        }
        require(length <= line.length, "parts within the line");
        return new Counts(Math.max(message.valueCount(), 1), 0);
    }

    @FuzzTest(maxDuration = "1h", maxExecutions = 1_000_000)
    void shouldFindInGraphiteWhatTheViewFinds(FuzzedDataProvider data) {
        check(data, Graphite.parser(KeyOf.name().and("a", "b")), FormatsFuzzTest::readGraphite);
    }

    private static Counts readGraphite(byte[] line) {
        GraphitePoint point = new GraphitePoint();
        if (!point.wrap(line, 0, line.length)) {
            return new Counts(0, 1);
        }
        require(!point.path().text().isEmpty(), "a path");
        require(Double.isFinite(point.timestampSeconds()), "a time");
        require(point.timestampSeconds() < 1 || point.timestampNanos() > 0, "a time that does not overflow");
        for (int i = 0; i < point.tagCount(); i++) {
            require(!point.tagName(i).isEmpty() && !point.tagValue(i).isEmpty(), "a tag");
        }
        return new Counts(Double.isNaN(point.value()) ? 0 : 1, 0);
    }

    /** What the JDK takes for a number, in the grammar of these formats, is the same number here. */
    @FuzzTest(maxDuration = "1h", maxExecutions = 1_000_000)
    void shouldReadNumbersAsTheJdkDoes(FuzzedDataProvider data) {
        byte[] text = data.consumeRemainingAsBytes();
        String characters = new String(text, ISO_8859_1);
        boolean number = characters.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
        double expected = number ? Double.parseDouble(characters) : Double.NaN;
        double found = Decimal.parse(text, 0, text.length);
        require(Double.compare(found, expected) == 0, characters + ": " + found);
    }

    /** The targets' checks on one message. */
    static void checkStatsD(byte[] message) {
        check(StatsD.parser(), FormatsFuzzTest::readStatsD, message, 3, (byte) '|');
    }

    static void checkDogStatsD(byte[] message) {
        check(DogStatsD.parser(KeyOf.name().and("a", "b")), FormatsFuzzTest::readDogStatsD, message, 3, (byte) '|');
    }

    static void checkGraphite(byte[] message) {
        check(Graphite.parser(KeyOf.name().and("a", "b")), FormatsFuzzTest::readGraphite, message, 3, (byte) ' ');
    }

    private static void check(FuzzedDataProvider data, EventParser parser, Lines lines) {
        int offset = data.consumeInt(0, 5);
        byte around = data.consumeByte();
        check(parser, lines, data.consumeRemainingAsBytes(), offset, around);
    }

    private static void check(EventParser parser, Lines lines, byte[] message, int offset, byte around) {
        TestCollector out = TestCollector.parse(parser, message, offset, around);
        int events = 0;
        int malformed = 0;
        for (String line : new String(message, ISO_8859_1).split("\n", -1)) {
            byte[] bytes = line.getBytes(ISO_8859_1);
            if (line.endsWith("\r")) {
                bytes = Arrays.copyOf(bytes, bytes.length - 1);
            }
            if (bytes.length > 0) {
                Counts counts = lines.read(bytes);
                events += counts.events;
                malformed += counts.malformed;
            }
        }
        require(out.events.size() == events, "events: " + out.events.size() + " and " + events);
        require(out.rejected == malformed, "malformed: " + out.rejected + " and " + malformed);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
