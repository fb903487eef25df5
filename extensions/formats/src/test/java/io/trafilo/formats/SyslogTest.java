package io.trafilo.formats;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafilo.EventParser;
import io.trafilo.formats.Syslog.Part;
import io.trafilo.formats.TestCollector.Found;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyslogTest {
    private static final String FULL = "<165>1 2024-05-06T07:08:09.123456+02:00 gw1 dhcpd 812 LEASE - lease given";

    private final SyslogMessage message = new SyslogMessage();

    private static long nanos(String instant) {
        Instant time = Instant.parse(instant);
        return time.getEpochSecond() * 1_000_000_000 + time.getNano();
    }

    private static Found only(EventParser parser, String message) {
        TestCollector found = TestCollector.parse(parser, message);
        assertThat(found.rejected).isZero();
        assertThat(found.events).hasSize(1);
        return found.events.get(0);
    }

    @Test
    void shouldMakeTheKeyOfThePartsInTheirOrder() {
        Syslog parser = Syslog.parser(Part.SEVERITY, Part.HOST, Part.APP, Part.FACILITY);

        Found event = only(parser, FULL);

        assertThat(event.key).isEqualTo("5,gw1,dhcpd,20");
        assertThat(event.payload).isEqualTo(FULL);
        assertThat(event.value).isNaN();
        assertThat(event.at).isEqualTo(TestCollector.RECEIPT_NANOS);
        assertThat(only(parser, "<0>1 - - - - - -").key).isEqualTo("0,-,-,0");
    }

    @Test
    void shouldRejectAMessageThatIsMalformed() {
        TestCollector found = TestCollector.parse(Syslog.parser(Part.HOST), "<30");

        assertThat(found.events).isEmpty();
        assertThat(found.rejected).isOne();
    }

    @Test
    void shouldTakeWhatMostReceiversTakeWhenLenient() {
        Syslog parser = Syslog.parser(Part.HOST, Part.SEVERITY).lenient();

        assertThat(only(parser, "<13>2024-05-06 07:08:09 gw1 su: x").key).isEqualTo("gw1,5");
        assertThat(only(parser, "text").key).isEqualTo("-,5");
    }

    @ParameterizedTest
    @CsvSource({
        "<165>1 2024-05-06T07:08:09.123456+02:00 - - - - -, 2024-05-06T05:08:09.123456Z",
        "<165>1 1969-12-31T23:59:59.5-01:30 - - - - -, 1970-01-01T01:29:59.5Z",
        "<30>Dec 31 23:59:59 gw1 su: x, 2023-12-31T22:59:59Z",
        "<30>Jan  1 00:00:00 gw1 su: x, 2023-12-31T23:00:00Z",
        "<30>May 20 00:00:00 gw1 su: x, 2023-05-19T22:00:00Z", // within half a year of 2023-11-14
        "<30>May 10 00:00:00 gw1 su: x, 2024-05-09T22:00:00Z",
        "<30>Feb 29 12:00:00 gw1 su: x, 2024-02-29T11:00:00Z",
        "<30>Jul 14 2013 16:44:40.5: %ASA-6-302013: x, 2013-07-14T14:44:40.5Z",
        "<30>Mar 26 02:30:00 2023 su: x, 2024-03-26T01:30:00Z",
        "<165>1 - - - - - -, 2023-11-14T22:13:20Z",
    })
    void shouldTakeTheTimeOfTheMessageWhenAsked(String text, String instant) {
        Syslog parser = Syslog.parser(Part.HOST).withTimes(ZoneId.of("Europe/Berlin"));

        assertThat(only(parser, text).at).isEqualTo(nanos(instant));
    }

    @Test
    void shouldStayWithinTheRangeOfNanosWhenATimeIsBeyondIt() {
        Syslog parser = Syslog.parser(Part.HOST).withTimes(ZoneOffset.UTC);

        assertThat(only(parser, "<0>1 9999-12-31T23:59:59Z - - - - -").at).isEqualTo(Long.MAX_VALUE);
        assertThat(only(parser, "<0>1 0000-01-01T00:00:00Z - - - - -").at).isEqualTo(Long.MIN_VALUE);
    }

    @ParameterizedTest
    @CsvSource({
        "Mar 31 2024 01:59:59, 2024-03-31T00:59:59Z",
        "Mar 31 2024 02:30:00, 2024-03-31T01:30:00Z", // skipped by the clocks
        "Mar 31 2024 03:00:00, 2024-03-31T01:00:00Z",
        "Oct 27 2024 01:59:59, 2024-10-26T23:59:59Z",
        "Oct 27 2024 02:30:00, 2024-10-27T00:30:00Z", // comes twice
        "Oct 27 2024 03:00:00, 2024-10-27T02:00:00Z",
    })
    void shouldFollowTheClocksOfTheZone(String time, String instant) {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        for (String before : new String[] {
            "Jan  1 2024 00:00:00", "Jul  1 2024 00:00:00", "Mar 31 2024 02:30:00", "Oct 27 2024 02:30:00"
        }) {
            at(before, berlin);
            assertThat(at(time, berlin)).as("after " + before).isEqualTo(nanos(instant));
            assertThat(at(time, ZoneOffset.UTC)).isNotEqualTo(nanos(instant));
            assertThat(at(time, berlin)).isEqualTo(nanos(instant));
        }
    }

    private long at(String time, ZoneId zone) {
        byte[] bytes = ("<0>" + time + " gw1 su: x").getBytes(US_ASCII);
        assertThat(message.wrap(bytes, 0, bytes.length)).isTrue();
        return message.timestampNanos(zone, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "2024-01-01T00:00:05Z, Dec 31 23:59:59, 2023-12-31T23:59:59Z",
        "2023-12-31T23:59:55Z, Jan  1 00:00:02, 2024-01-01T00:00:02Z",
        "2099-06-01T00:00:00Z, Feb 29 00:00:00, 2096-02-29T00:00:00Z",
        "2101-06-01T00:00:00Z, Feb 29 00:00:00, 2104-02-29T00:00:00Z",
        "1970-01-01T00:00:00Z, Dec 31 23:59:59, 1969-12-31T23:59:59Z",
    })
    void shouldTakeTheYearNearestToTheReceipt(String receipt, String time, String instant) {
        byte[] bytes = ("<0>" + time + " gw1 su: x").getBytes(US_ASCII);
        message.wrap(bytes, 0, bytes.length);

        assertThat(message.timestampNanos(ZoneOffset.UTC, nanos(receipt))).isEqualTo(nanos(instant));
    }

    @Test
    void shouldRefuseAPartTwice() {
        assertThatThrownBy(() -> Syslog.parser(Part.HOST, Part.APP, Part.HOST))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("part: HOST (expected: each one once)");
    }

    @Test
    void shouldSayWhatItReads() {
        assertThat(Syslog.parser(Part.HOST, Part.APP).withTimes(ZoneOffset.UTC).lenient())
                .hasToString("syslog by [HOST, APP], times in Z, lenient");
    }
}
