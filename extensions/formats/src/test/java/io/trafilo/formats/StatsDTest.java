package io.trafilo.formats;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafilo.EventParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatsDTest {
    private static final EventParser PARSER = StatsD.parser();

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "a.b:1|c ! a.b 1.0",
                "a.b:1|c|@0.25 ! a.b 1.0 *4.0",
                "a.b:1|c|@1 ! a.b 1.0",
                "a.b:1|c|@2 ! a.b 1.0 *0.5",
                "a.b:-5|c ! a.b -5.0",
                "a.b:320|ms|@0.1 ! a.b 320.0 *10.0",
                "a.b:3|h|@0.5 ! a.b 3.0 *2.0",
                "a.b:3|d|@0.5 ! a.b 3.0 *2.0",
                "a.b:71.5|g|@0.1 ! a.b 71.5",
                "a.b:+3|g ! a.b 3.0",
                "a.b:-3|g ! a.b -3.0",
                "a.b:anna|s ! a.b item anna",
                "a.b:anna|s|@0.5 ! a.b item anna",
                "a.b:1e3|c ! a.b 1000.0",
                "a.b: 1 | c | @0.5 ! a.b 1.0 *2.0",
                "a.b:1|c|@0.5|#canary ! a.b 1.0 *2.0",
                "GET /api/v1:7|c ! GET /api/v1 7.0",
                "Größe:7|c ! Größe 7.0",
            })
    void shouldGiveKeyValueAndWeightOfALine(String line, String event) {
        TestCollector out = TestCollector.parse(PARSER, line);

        assertThat(out.texts()).containsExactly(event);
        assertThat(out.rejected).isZero();
        assertThat(out.events.get(0).payload).isEqualTo(line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a:",
                ":",
                ":1|c",
                "|",
                "a|c",
                "a:1",
                "a:1|",
                "a:1|x",
                "a:1|cc",
                "a:1|m",
                "a:1|mss",
                "a:|c",
                "a:|ms",
                "a:|s",
                "a:|g",
                "a:x|c",
                "a:1x|c",
                "a:0x10|c",
                "a:inf|c",
                "a:nan|g",
                "a:Infinity|c",
                "a:1e999|c",
                "a:-|g",
                "a:+|g",
                "a:1|c|",
                "a:1|c|@",
                "a:1|c|0.5",
                "a:1|c|@0",
                "a:1|c|@-0.5",
                "a:1|c|@x",
                "a:1|c|@inf",
                "a:1|c|@nan",
                "a:1|c|@1e-320",
                "a:1|c|#canary",
                "a:1|c|x|@0.5",
                " ",
                "\t",
                "\r\r",
                "a:1|c c"
            })
    void shouldRejectALineThatIsMalformed(String line) {
        TestCollector out = TestCollector.parse(PARSER, "before:1|c\n" + line + "\r\nafter:2|c");

        assertThat(out.texts()).containsExactly("before 1.0", "after 2.0");
        assertThat(out.rejected).isEqualTo(1);
    }

    @Test
    void shouldIgnoreEmptyLines() {
        TestCollector out = TestCollector.parse(PARSER, "\n\r\na:1|c\r\n\n\nb:2|c\n\r\n");

        assertThat(out.texts()).containsExactly("a 1.0", "b 2.0");
        assertThat(out.rejected).isZero();
        assertThat(out.events.get(0).payload).isEqualTo("a:1|c");
    }

    @Test
    void shouldGiveAnEventForEachValueWhenALineHasSeveral() {
        TestCollector out = TestCollector.parse(PARSER, "a:3|c:x|c:4|c|@0.5::5|ms:");

        assertThat(out.texts()).containsExactly("a 3.0", "a 4.0 *2.0", "a 5.0");
        assertThat(out.rejected).isEqualTo(3);
    }

    @Test
    void shouldKeepBytesThatAreNoText() {
        byte[] line = "\u00ff\u0000\u00fe:1|c".getBytes(ISO_8859_1);
        TestCollector out = TestCollector.parse(PARSER, line, 0, (byte) 'x');

        assertThat(out.rejected).isZero();
        assertThat(out.events.get(0).keyOffset).isZero();
        assertThat(out.events).hasSize(1);
    }

    @Test
    void shouldSayWhatALineSaysWhenAViewIsPointedAtIt() {
        StatsDMetric metric = new StatsDMetric();
        byte[] line = "xa.b:-3|g:12.50|ms|@0.5:anna|s".getBytes(UTF_8);

        assertThat(metric.wrap(line, 1, line.length - 1)).isTrue();
        assertThat(metric.name().text()).isEqualTo("a.b");
        assertThat(metric.type()).isEqualTo(MetricType.GAUGE);
        assertThat(metric.value()).isEqualTo(-3);
        assertThat(metric.isDelta()).isTrue();
        assertThat(metric.rate()).isEqualTo(1);
        assertThat(metric.next()).isTrue();
        assertThat(metric.type()).isEqualTo(MetricType.TIMER);
        assertThat(metric.rawValue().text()).isEqualTo("12.50");
        assertThat(metric.rate()).isEqualTo(0.5);
        assertThat(metric.weight()).isEqualTo(2);
        assertThat(metric.isDelta()).isFalse();
        assertThat(metric.next()).isTrue();
        assertThat(metric.type()).isEqualTo(MetricType.SET);
        assertThat(metric.rawValue().contentEquals("anna".getBytes(UTF_8))).isTrue();
        assertThat(metric.value()).isNaN();
        assertThat(metric.next()).isFalse();
        assertThat(metric.malformed()).isZero();
    }

    @Test
    void shouldRefuseASliceThatIsNotWithinTheArray() {
        StatsDMetric metric = new StatsDMetric();
        assertThatThrownBy(() -> metric.wrap(new byte[4], 2, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> metric.name().byteAt(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
