package io.trafilo.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafilo.EventParser;
import io.trafilo.formats.TestCollector.Found;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InfluxTest {
    private final Influx parser = Influx.parser(KeyOf.name().and("station", "unit"), "temp");

    private static Found only(EventParser parser, String message) {
        TestCollector found = TestCollector.parse(parser, message);
        assertThat(found.rejected).isZero();
        assertThat(found.events).hasSize(1);
        return found.events.get(0);
    }

    @Test
    void shouldMakeAnEventOfEachPoint() {
        TestCollector found = TestCollector.parse(
                parser, "weather,x=y,unit=c,station=kiel temp=11.5,hum=80i 5\r\n# c\nweather temp=t\n");

        assertThat(found.rejected).isZero();
        assertThat(found.texts()).containsExactly("weather,station=kiel,unit=c 11.5 at 5", "weather 1.0");
        assertThat(found.events.get(0).payload).isEqualTo("weather,x=y,unit=c,station=kiel temp=11.5,hum=80i 5");
        assertThat(found.events.get(1).payload).isEqualTo("weather temp=t");
    }

    @Test
    void shouldMakeTheKeyWithoutEscapes() {
        assertThat(only(parser, "a\\ b,station=k\\,1,stat\\ ion=x temp=1").key).isEqualTo("a b,station=k,1");
        assertThat(only(Influx.parser(KeyOf.name().and("a=b")), "m,a\\=b=c v=1").key)
                .isEqualTo("m,a=b=c");
    }

    @Test
    void shouldTakeTheFirstTagAndTheLastFieldOfAName() {
        assertThat(TestCollector.parse(parser, "a,unit=1,unit=2 temp=1,temp=2").texts())
                .containsExactly("a,unit=1 2.0");
    }

    @ParameterizedTest
    @CsvSource({
        "temp=-1.5, -1.5",
        "temp=7i, 7",
        "temp=18446744073709551615u, 18446744073709551615",
        "temp=F, 0",
        "hum=1, NaN",
        "temp=\"1\", NaN"
    })
    void shouldTakeTheValueOfTheField(String fields, double value) {
        assertThat((Double) only(parser, "a " + fields).value).isEqualTo((Double) value);
    }

    @Test
    void shouldGiveNoValueWhenNoFieldIsNamed() {
        assertThat(TestCollector.parse(Influx.parser(KeyOf.name()), "a,unit=c temp=1")
                        .texts())
                .containsExactly("a");
    }

    @ParameterizedTest
    @CsvSource({
        "NANOSECONDS, 5, 5",
        "MICROSECONDS, -5, -5000",
        "MILLISECONDS, 5, 5000000",
        "SECONDS, 5, 5000000000",
        "SECONDS, 9223372036854775807, 9223372036854775807",
        "SECONDS, -9223372036854775807, -9223372036854775808",
        "SECONDS, 0, 0"
    })
    void shouldReadTimesInTheirUnit(TimeUnit unit, String time, long nanos) {
        assertThat(only(parser.precision(unit), "a temp=1 " + time).at).isEqualTo(nanos);
    }

    @Test
    void shouldRejectEachMalformedLineAlone() {
        TestCollector found = TestCollector.parse(parser, "a temp=1\nb temp=\nc temp=+1\nd temp=4 x\ne temp=5");

        assertThat(found.rejected).isEqualTo(3);
        assertThat(found.events.stream().map(event -> event.key)).containsExactly("a", "e");
    }

    @Test
    void shouldRefuseAFieldWithoutAName() {
        assertThatThrownBy(() -> Influx.parser(KeyOf.name(), ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("valueField: \"\" (expected: the name of a field)");
    }

    @Test
    void shouldSayWhatItReads() {
        assertThat(parser.precision(TimeUnit.SECONDS))
                .hasToString("Influx lines by name and station, unit, value of temp, times in SECONDS");
    }
}
