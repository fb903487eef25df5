package io.trafilo.formats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.trafilo.EventParser;
import io.trafilo.formats.AllocationTest.Sum;
import java.lang.management.ManagementFactory;
import java.time.ZoneId;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** After a warm-up, parsers allocate nothing, not even for malformed messages. */
@Timeout(60)
class ParserAllocationTest {
    private static final int WARM_UP = 20_000;
    private static final int RUN = 100_000;
    private static final double ALLOWED_BYTES_PER_MESSAGE = 0.01;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    static Stream<Arguments> parsers() {
        Syslog syslog = Syslog.parser(Syslog.Part.HOST, Syslog.Part.APP, Syslog.Part.SEVERITY);
        ZoneId zone = ZoneId.of("Europe/Berlin");
        Influx influx = Influx.parser(KeyOf.name().and("station", "u nit"), "temp");
        return Stream.of(
                Arguments.of(
                        syslog, "<165>1 2024-05-06T07:08:09.25Z gw1 dhcpd 812 LEASE [a@1 k=\"1\" j=\"a\\\"\"][b] text"),
                Arguments.of(syslog.withTimes(zone), "<165>1 2024-05-06T07:08:09.25Z gw1 dhcpd 812 LEASE - text"),
                Arguments.of(syslog.withTimes(zone), "<34>Oct 11 22:14:15 gw1 su[77]: x"),
                Arguments.of(syslog.lenient(), "<189>45: gw1: *Mar  1 18:46:11.123 UTC: %SYS-5-X: m"),
                Arguments.of(syslog, "<30"),
                Arguments.of(
                        influx,
                        "weather,station=kiel,u\\ nit=c hum=80i,s=\"x\\\"y\",temp=11.5 1718000123\nweather temp=t\n"),
                Arguments.of(influx, "# c\nweather temp=\nweather temp=18446744073709551615u"),
                Arguments.of(Influx.parser(KeyOf.name()), "weather temp=0.1 -5"));
    }

    @ParameterizedTest
    @MethodSource("parsers")
    void shouldAllocateNothing(EventParser parser, String text) {
        byte[] message = text.getBytes(UTF_8);
        Sum sum = new Sum();
        run(parser, message, sum, WARM_UP);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        run(parser, message, sum, RUN);
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;

        assertThat(sum.events + sum.rejected).isGreaterThanOrEqualTo(WARM_UP + RUN);
        assertThat((double) bytes / RUN).as("bytes per message").isLessThan(ALLOWED_BYTES_PER_MESSAGE);
    }

    private static void run(EventParser parser, byte[] message, Sum sum, int count) {
        for (int i = 0; i < count; i++) {
            parser.parse(message, 0, message.length, sum);
        }
    }
}
