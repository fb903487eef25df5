package io.trafilo.formats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafilo.EventParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DogStatsDTest {
    private static final EventParser PARSER = DogStatsD.parser(KeyOf.name().and("env", "region"));

    private static DogStatsDMessage view(String line) {
        byte[] bytes = ("x" + line + "|").getBytes(UTF_8);
        DogStatsDMessage message = new DogStatsDMessage();
        assertThat(message.wrap(bytes, 1, bytes.length - 2)).isTrue();
        return message;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "a:1|c ! a 1.0",
                "a:1|c|#env:prod,region:eu ! a,env=prod,region=eu 1.0",
                "a:1|c|#region:eu,zone:9,env:prod ! a,env=prod,region=eu 1.0",
                "a:1|c|#region:eu ! a,region=eu 1.0",
                "a:1|c|#environment:x,en:y,zone:z ! a 1.0",
                "a:1|c|#env:one,env:two ! a,env=one 1.0",
                "a:1|c|#env ! a,env 1.0",
                "a:1|c|#env: ! a,env= 1.0",
                "a:1|c|#env:a:b ! a,env=a:b 1.0",
                "a:1|c|#,,env:prod,, ! a,env=prod 1.0",
                "a:1|c|# ! a 1.0",
                "a:1|c|#env:prod|@0.5 ! a,env=prod 1.0 *2.0",
                "a:1|c|@0.5|#env:prod ! a,env=prod 1.0 *2.0",
                "a:-4.5|g|@0.5 ! a -4.5",
                "a:1|c|T1718000123 ! a 1.0 at 1718000123000000000",
                "a:1|c|T9223372036854775807 ! a 1.0 at 9223372036854775807",
                "a:1|c|c:in-1|e:it-false,cn-w|card:low|zz:new|| ! a 1.0",
                "a:anna:1|s|#env:prod ! a,env=prod item anna:1",
                "_e{1,0}:t| ! t",
                "_e{5,3}:title|a|b|d:7|#env:prod ! title,env=prod at 7000000000",
                "_e{5,4}:title|text|d:x|p:urgent|t:fatal ! title",
                "_sc|db|2 ! db 2.0",
                "_sc|db|0|d:7|h:host|#env:prod|m:all is well ! db,env=prod 0.0 at 7000000000",
                "_scale:1|c ! _scale 1.0",
            })
    void shouldGiveKeyValueWeightAndTimeOfALine(String line, String event) {
        TestCollector out = TestCollector.parse(PARSER, line);

        assertThat(out.texts()).containsExactly(event);
        assertThat(out.rejected).isZero();
        assertThat(out.events.get(0).payload).isEqualTo(line);
    }

    @Test
    void shouldTakeTheKeyFromTheMessageWhenNoTagBelongsToIt() {
        TestCollector plain = TestCollector.parse(DogStatsD.parser(), "a:1|c|#env:prod");
        TestCollector without = TestCollector.parse(PARSER, "a:1|c|#zone:z");

        assertThat(plain.events.get(0).keyOffset).isEqualTo(3);
        assertThat(without.events.get(0).keyOffset).isEqualTo(3);
    }

    @Test
    void shouldGiveAnEventForEachValueWhenALineIsPacked() {
        TestCollector out = TestCollector.parse(PARSER, "a:1:2.5::-3:|h|@0.5|#env:prod");

        assertThat(out.texts()).containsExactly("a,env=prod 1.0 *2.0", "a,env=prod 2.5 *2.0", "a,env=prod -3.0 *2.0");
        assertThat(out.rejected).isZero();
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
                "a:1|c ",
                "a:1| c",
                "a:|c",
                "a::|c",
                "a:|s",
                "a:1:x|c",
                "a:x|c",
                "a: 1|c",
                "a:inf|c",
                "a:nan|g",
                "a:1e999|c",
                "a:1:1e999|h",
                "a:1|c|@",
                "a:1|c|@0",
                "a:1|c|@-0.5",
                "a:1|c|@1.5",
                "a:1|c|@x",
                "a:1|c|@1e-320",
                "a:1|c|T",
                "a:1|c|T0",
                "a:1|c|T-1",
                "a:1|c|T1.5",
                "a:1|c|Tx",
                "a:1|c|T9223372036854775808",
                "a1|c:2",
                " ",
                "_e",
                "_e{",
                "_e{}",
                "_e{}:",
                "_e{1}:a|",
                "_e{1,1}",
                "_e{1,1}:",
                "_e{1,1}:a",
                "_e{1,1}:a|",
                "_e{0,1}:|b",
                "_e{1,2}:a|b",
                "_e{2,1}:a|b",
                "_e{1,1}:a|bc",
                "_e{1,1}:ab|",
                "_e{1,1};a|b",
                "_e{1,1}a|b",
                "_e{-1,1}:a|b",
                "_e{1,-1}:a|b",
                "_e{x,1}:a|b",
                "_e{1,}:a|b",
                "_e{,1}:a|b",
                "_e{4294967297,1}:a|b",
                "_e{1,4294967297}:a|b",
                "_e{1,2147483647}:a|b",
                "_e{9223372036854775807,9223372036854775807}:a|b",
                "_e{99999999999999999999,1}:a|b",
                "_sc",
                "_sc|",
                "_sc||",
                "_sc||0",
                "_sc|db",
                "_sc|db|",
                "_sc|db|4",
                "_sc|db|-1",
                "_sc|db|00",
                "_sc|db|x",
                "_sc|db||0"
            })
    void shouldRejectALineThatIsMalformed(String line) {
        TestCollector out = TestCollector.parse(PARSER, "before:1|c\n" + line + "\r\nafter:2|c");

        assertThat(out.texts()).containsExactly("before 1.0", "after 2.0");
        assertThat(out.rejected).isEqualTo(1);
    }

    @Test
    void shouldForgetTheFieldsOfTheLineBefore() {
        TestCollector out = TestCollector.parse(PARSER, "a:1:2|c|@0.5|#env:prod|T7\nb:3|c\n_sc|db|1\nc:x|s");

        assertThat(out.texts().subList(2, 5)).containsExactly("b 3.0", "db 1.0", "c item x");
    }

    @Test
    void shouldSayAllOfAMetric() {
        DogStatsDMessage message = view("a.b:1:2.50|d|@0.5|#env:prod,canary|c:ci-1|T7|e:it-false,cn-w|card:low");

        assertThat(message.kind()).isEqualTo(DogStatsDMessage.Kind.METRIC);
        assertThat(message.name().text()).isEqualTo("a.b");
        assertThat(message.type()).isEqualTo(MetricType.DISTRIBUTION);
        assertThat(message.valueCount()).isEqualTo(2);
        assertThat(message.value(1)).isEqualTo(2.5);
        assertThatThrownBy(() -> message.value(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(message.rawValues().text()).isEqualTo("1:2.50");
        assertThat(message.rate()).isEqualTo(0.5);
        assertThat(message.weight()).isEqualTo(2);
        assertThat(message.tagCount()).isEqualTo(2);
        assertThat(message.tag(0).text()).isEqualTo("env:prod");
        assertThat(message.tagName(0).text()).isEqualTo("env");
        assertThat(message.tagValue(0).text()).isEqualTo("prod");
        assertThat(message.tagName(1).text()).isEqualTo("canary");
        assertThat(message.tagValue(1).isEmpty()).isTrue();
        assertThatThrownBy(() -> message.tag(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(message.localData().text()).isEqualTo("ci-1");
        assertThat(message.externalData().text()).isEqualTo("it-false,cn-w");
        assertThat(message.cardinality().text()).isEqualTo("low");
        assertThat(message.timestampSeconds()).isEqualTo(7);
    }

    @Test
    void shouldSayAllOfAnEvent() {
        DogStatsDMessage message =
                view("_e{8,10}:two\\nrow|up | d\\now|d:7|h:web-1|k:deploys|p:low|s:ci|t:warning|#env:prod|c:in-1");

        assertThat(message.kind()).isEqualTo(DogStatsDMessage.Kind.EVENT);
        assertThat(message.name().text()).isEqualTo("two\\nrow");
        assertThat(message.title()).isEqualTo("two\nrow");
        assertThat(message.rawText().text()).isEqualTo("up | d\\now");
        assertThat(message.text()).isEqualTo("up | d\now");
        assertThat(message.timestampSeconds()).isEqualTo(7);
        assertThat(message.hostname().text()).isEqualTo("web-1");
        assertThat(message.aggregationKey().text()).isEqualTo("deploys");
        assertThat(message.priority().text()).isEqualTo("low");
        assertThat(message.sourceType().text()).isEqualTo("ci");
        assertThat(message.alertType().text()).isEqualTo("warning");
        assertThat(message.tag(0).text()).isEqualTo("env:prod");
        assertThat(message.localData().text()).isEqualTo("in-1");
        assertThat(message.valueCount()).isZero();
    }

    @Test
    void shouldSayAllOfAServiceCheck() {
        DogStatsDMessage message = view("_sc|db.up|1|d:7|h:web-1|#env:prod|k:x|m:too slow|c:in-1");

        assertThat(message.kind()).isEqualTo(DogStatsDMessage.Kind.SERVICE_CHECK);
        assertThat(message.name().text()).isEqualTo("db.up");
        assertThat(message.status()).isEqualTo(1);
        assertThat(message.timestampSeconds()).isEqualTo(7);
        assertThat(message.hostname().text()).isEqualTo("web-1");
        assertThat(message.text()).isEqualTo("too slow");
        assertThat(message.aggregationKey().isEmpty()).isTrue();
        assertThat(message.localData().text()).isEqualTo("in-1");
    }
}
