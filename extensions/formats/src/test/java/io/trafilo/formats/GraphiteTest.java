package io.trafilo.formats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.EventParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GraphiteTest {
    private static final EventParser PARSER = Graphite.parser(KeyOf.name().and("host", "rack"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "a.b 1.5 7!a.b 1.5 at 7000000000",
                "a.b -17.25 1718000123!a.b -17.25 at 1718000123000000000",
                "a.b 1 -1!a.b 1.0",
                "a.b 1 -1.0!a.b 1.0",
                "a.b 1 -2!a.b 1.0 at -2000000000",
                "a.b 1 0!a.b 1.0 at 0",
                "a.b 1 7.25!a.b 1.0 at 7250000000",
                "a.b 1 -7.25!a.b 1.0 at -7250000000",
                "a.b 1 1718000123456!a.b 1.0 at 9223372036854775807",
                "a.b 1 1e300!a.b 1.0 at 9223372036854775807",
                "a.b 1 -1e300!a.b 1.0 at -9223372036854775808",
                "a.b 1 9223372036.99!a.b 1.0 at 9223372036854775807",
                " a.b\t1  7 !a.b 1.0 at 7000000000",
                "a..b 1 7!a..b 1.0 at 7000000000",
                "a.b;host=x 1 7!a.b,host=x 1.0 at 7000000000",
                "a.b;rack=9;zone=z;host=x 1 7!a.b,host=x,rack=9 1.0 at 7000000000",
                "a.b;zone=z 1 7!a.b 1.0 at 7000000000",
                "a.b;host=d=1 1 7!a.b,host=d=1 1.0 at 7000000000",
                "a.b;host=x;host=y 1 7!a.b,host=x 1.0 at 7000000000",
                "Größe 1 7!Größe 1.0 at 7000000000",
            })
    void shouldGiveKeyValueAndTimeOfALine(String line, String event) {
        TestCollector out = TestCollector.parse(PARSER, line);

        assertThat(out.texts()).containsExactly(event);
        assertThat(out.rejected).isZero();
        assertThat(out.events.get(0).payload).isEqualTo(line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b nan 7", "a.b NaN 7", "a.b -nan 7", "a.b;host=x +NAN -1"})
    void shouldDropAPointWithoutCountingItWhenItsValueIsNan(String line) {
        TestCollector out = TestCollector.parse(PARSER, "x 1 -1\n" + line + "\ny 2 -1");

        assertThat(out.texts()).containsExactly("x 1.0", "y 2.0");
        assertThat(out.rejected).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a 1",
                "a 1 ",
                " ",
                "\t",
                "a 1 7 x",
                "1 7",
                "a x 7",
                "a 1x 7",
                "a inf 7",
                "a 1e999 7",
                "a 0x10 7",
                "a 1 x",
                "a 1 nan",
                "a 1 inf",
                "a 1 1e999",
                "a nan x",
                "a nan",
                "a 1,5 7",
                ";host=x 1 7",
                "a; 1 7",
                "a;host 1 7",
                "a;=x 1 7",
                "a;host= 1 7",
                "a;host=x; 1 7",
                "a;;host=x 1 7",
                "a;host=~x 1 7",
                "a;h!=x 1 7",
                "a;h^=x 1 7",
                "a;host=x nan y"
            })
    void shouldRejectALineThatIsMalformed(String line) {
        TestCollector out = TestCollector.parse(PARSER, "x 1 -1\n" + line + "\r\ny 2 -1\r\n\r\n");

        assertThat(out.texts()).containsExactly("x 1.0", "y 2.0");
        assertThat(out.rejected).isEqualTo(1);
    }

    @Test
    void shouldTakeTheKeyFromTheMessageWhenNoTagBelongsToIt() {
        assertThat(TestCollector.parse(Graphite.parser(), "a;host=x 1 7").events.get(0).keyOffset)
                .isEqualTo(3);
    }

    @Test
    void shouldSayAllOfAPoint() {
        GraphitePoint point = new GraphitePoint();
        byte[] line = "xdisk.used;host=db-1;rack=9 71.5 1718000123.5x".getBytes(UTF_8);

        assertThat(point.wrap(line, 1, line.length - 2)).isTrue();
        assertThat(point.path().text()).isEqualTo("disk.used");
        assertThat(point.tagCount()).isEqualTo(2);
        assertThat(point.tagName(1).text()).isEqualTo("rack");
        assertThat(point.tagValue(1).text()).isEqualTo("9");
        assertThat(point.value()).isEqualTo(71.5);
        assertThat(point.isNow()).isFalse();
        assertThat(point.timestampSeconds()).isEqualTo(1718000123.5);
        assertThat(point.timestampNanos()).isEqualTo(1718000123500000000L);
    }
}
