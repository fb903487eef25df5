package io.trafilo.formats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InfluxPointTest {
    private final InfluxPoint point = new InfluxPoint();

    private boolean wrap(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        byte[] buffer = new byte[bytes.length + 6];
        Arrays.fill(buffer, (byte) '1');
        System.arraycopy(bytes, 0, buffer, 3, bytes.length);
        return point.wrap(buffer, 3, bytes.length);
    }

    private List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        for (boolean more = wrap(text); more; more = point.next()) {
            lines.add(point.line().text());
        }
        return lines;
    }

    @Test
    void shouldGiveEachPart() {
        assertThat(wrap("weather,station=kiel,unit=c temp=-11.5,hum=80i,n=7u,sky=\"blue\",ok=T -1718000123"))
                .isTrue();
        assertThat(point.measurement().text()).isEqualTo("weather");
        assertThat(point.tagCount()).isEqualTo(2);
        assertThat(point.tagName(1).text()).isEqualTo("unit");
        assertThat(point.tagValue(1).text()).isEqualTo("c");
        assertThat(point.fieldCount()).isEqualTo(5);
        assertThat(point.fieldName(0).text()).isEqualTo("temp");
        assertThat(point.fieldText(0).text()).isEqualTo("-11.5");
        assertThat(point.fieldDouble(0)).isEqualTo(-11.5);
        assertThat(point.fieldLong(1)).isEqualTo(80);
        assertThat(point.fieldDouble(1)).isEqualTo(80);
        assertThat(point.fieldLong(2)).isEqualTo(7);
        assertThat(point.fieldText(3).text()).isEqualTo("blue");
        assertThat(point.fieldDouble(3)).isNaN();
        assertThat(point.fieldDouble(4)).isEqualTo(1);
        assertThat(List.of(0, 1, 2, 3, 4).stream().map(point::fieldType))
                .containsExactly(
                        InfluxPoint.Type.FLOAT,
                        InfluxPoint.Type.INTEGER,
                        InfluxPoint.Type.UNSIGNED,
                        InfluxPoint.Type.STRING,
                        InfluxPoint.Type.BOOLEAN);
        assertThat(point.hasTimestamp()).isTrue();
        assertThat(point.timestamp()).isEqualTo(-1718000123);
        assertThat(point.next()).isFalse();
        assertThat(point.malformed()).isZero();
    }

    @Test
    void shouldSayNothingOfTheLastPointWhenThereIsNone() {
        wrap("a,b=c v=1 5");

        assertThat(wrap("a v=")).isFalse();
        assertThat(point.measurement().isEmpty()).isTrue();
        assertThat(point.line().isEmpty()).isTrue();
        assertThat(point.hasTimestamp()).isFalse();
        assertThat(point.malformed()).isOne();
        assertThatThrownBy(() -> point.tagName(0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> point.fieldText(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void shouldRefuseAFloatAsALong() {
        wrap("a v=1");

        assertThatThrownBy(() -> point.fieldLong(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("field: FLOAT (expected: INTEGER, UNSIGNED or BOOLEAN)");
    }

    @Test
    void shouldGiveNamesAndTextsWithoutEscapes() {
        wrap("a\\,b\\ c\\=d,t\\ 1=v\\,1\\=2,d=C:\\\\x,e\\\\=f=g f\\ 1=\"q\\\"\\\\\\n\",f\\,2=2");

        assertThat(point.measurement().text()).isEqualTo("a,b c\\=d");
        assertThat(point.tagName(0).text()).isEqualTo("t 1");
        assertThat(point.tagValue(0).text()).isEqualTo("v,1=2");
        assertThat(point.tagValue(1).text()).isEqualTo("C:\\\\x");
        assertThat(point.tagName(2).text()).isEqualTo("e\\=f");
        assertThat(point.fieldName(0).text()).isEqualTo("f 1");
        assertThat(point.fieldText(0).text()).isEqualTo("q\"\\\\n");
        assertThat(point.fieldName(1).text()).isEqualTo("f,2");
        // Each part has room of its own.
        Slice name = point.tagName(0);
        assertThat(point.tagValue(0).text()).isEqualTo("v,1=2");
        assertThat(name.text()).isEqualTo("t 1");
    }

    @Test
    void shouldHoldAnyNumberOfTagsAndFields() {
        StringBuilder text = new StringBuilder("m");
        for (int i = 0; i < 100; i++) {
            text.append(",t").append(i).append('=').append(i);
        }
        for (int i = 0; i < 100; i++) {
            text.append(i == 0 ? ' ' : ',')
                    .append('f')
                    .append(i)
                    .append('=')
                    .append(i)
                    .append('i');
        }

        assertThat(wrap(text.toString())).isTrue();
        assertThat(point.tagValue(99).text()).isEqualTo("99");
        assertThat(point.fieldName(99).text()).isEqualTo("f99");
        assertThat(point.fieldLong(99)).isEqualTo(99);
    }

    @ParameterizedTest
    @CsvSource({
        "-0, -0.0",
        "1., 1",
        ".5, 0.5",
        "-.5, -0.5",
        "1e5, 100000",
        "1.E-3, 0.001",
        "1e+2, 100",
        "007, 7",
        "1e-400, 0",
        "0.1000000000000000055511151231257827, 0.1",
        "9007199254740993, 9007199254740992",
        "1.7976931348623157e308, 1.7976931348623157e308"
    })
    void shouldReadAFloat(String text, double value) {
        assertThat(wrap("a v=" + text)).isTrue();
        assertThat(point.fieldType(0)).isEqualTo(InfluxPoint.Type.FLOAT);
        assertThat(point.fieldDouble(0)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({"9223372036854775807", "-9223372036854775808", "0", "-0", "007", "9223372036854775799"})
    void shouldReadAnInteger(String text) {
        assertThat(wrap("a v=" + text + "i")).isTrue();
        assertThat(point.fieldLong(0)).isEqualTo(Long.parseLong(text));
    }

    @ParameterizedTest
    @CsvSource({
        "18446744073709551615",
        "9223372036854775808",
        "0",
        "9223372036854776833",
        "9223372036854776832",
        "18446744073709551609"
    })
    void shouldReadAnIntegerWithoutASign(String text) {
        assertThat(wrap("a v=" + text + "u")).isTrue();
        assertThat(point.fieldLong(0)).isEqualTo(Long.parseUnsignedLong(text));
        assertThat(point.fieldDouble(0)).isEqualTo(Double.parseDouble(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e",
                "1e+",
                "e1",
                ".",
                "-",
                "-.",
                "1.2.3",
                "+1",
                "1e400",
                "NaN",
                "Inf",
                "-inf",
                "0x1",
                "1d",
                "1_0",
                "i",
                "-i",
                "1.5i",
                "1e2i",
                "--1i",
                "+1i",
                "9223372036854775808i",
                "-9223372036854775809i",
                "99999999999999999999i",
                "u",
                "-1u",
                "1.5u",
                "18446744073709551616u",
                "99999999999999999999u",
                "tRUE",
                "true1",
                "tr",
                "yes",
                "'x'",
                "warm",
                "\"x",
                "\"x\"y",
                "\"x\\\"",
                "1\t",
                "1\u0000",
                "1=2",
                "=1",
                ""
            })
    void shouldRefuseAValueThatIsNone(String text) {
        assertThat(wrap("a v=" + text)).isFalse();
        assertThat(point.malformed()).isOne();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a ",
                ",b=c v=1",
                " ,b=c v=1",
                "a, v=1",
                "a,b v=1",
                "a,b= v=1",
                "a,=c v=1",
                "a,b=c",
                "a,b=c,",
                "a,b=c, v=1",
                "a,b=c=d v=1",
                "a,,b=c v=1",
                "a v",
                "a =1",
                "a v=1,",
                "a v=1, w=2",
                "a v=1,,w=2",
                "a v=1,=2",
                "a\tv=1",
                "\ta v=1",
                "a\u0000 v=1",
                "a,b\u007f=c v=1",
                "a v=1\t5",
                "a v=1 5 6",
                "a v=1 5x",
                "a v=1 5.0",
                "a v=1 +5",
                "a v=1 -",
                "a v=1 5-",
                "a v=1 9223372036854775808",
                "a v=1 -9223372036854775809",
                "a v=1 5\t",
                "a v=1\rb v=2",
                "a\\",
                "a,b=c\\",
                "a,b=c\\ v=1",
                "#\u0001"
            })
    void shouldRefuseALineThatIsMalformed(String text) {
        assertThat(wrap(text)).isFalse();
        assertThat(point.malformed()).isOne();
        assertThat(lines("x v=1\n" + text + "\ny v=2")).containsExactly("x v=1", "y v=2");
        assertThat(point.malformed()).isOne();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=a v=1",
                "\"a\" v=1",
                "\\#a v=1",
                "a \"v\"=1",
                "ä,ö=ü v=1",
                "a,b=\"c,d=e v=1",
                "a v=\"\"",
                "a v=\"\r\t\u0000\""
            })
    void shouldTakeALineThatLooksOdd(String text) {
        assertThat(lines(text)).containsExactly(text);
        assertThat(point.malformed()).isZero();
    }

    @Test
    void shouldPassOverWhatIsNoPoint() {
        assertThat(lines("\n \r\n# c\tc\r\n  a  v=1   5  \r\n#\n\nb v=2\r")).containsExactly("a  v=1   5", "b v=2");
        assertThat(point.malformed()).isZero();
        assertThat(lines("")).isEmpty();
        assertThat(lines("# no line end")).isEmpty();
        assertThat(point.malformed()).isZero();
    }

    @Test
    void shouldKeepLineEndsThatAreInAString() {
        assertThat(lines("a v=\"x\n#y\r\n\",w=1 5\nb v=2")).containsExactly("a v=\"x\n#y\r\n\",w=1 5", "b v=2");
        assertThat(point.malformed()).isZero();
    }

    @Test
    void shouldLoseOneLineWhenItsStringHasNoEnd() {
        assertThat(lines("a v=\"x\nb v=2\nc v=3")).containsExactly("b v=2", "c v=3");
        assertThat(point.malformed()).isOne();
    }
}
