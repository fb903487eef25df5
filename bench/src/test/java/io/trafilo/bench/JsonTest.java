package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.trafilo.Key;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private record One(int a) {}

    private record Text(String text) {}

    private record Middle(double real, @Nullable Double perhaps) {}

    private record Outer(
            long number,
            @Inline Middle middle,
            boolean yes,
            @Nullable String nothing,
            List<One> list,
            Map<String, Long> map,
            Duration time,
            LoadEngine engine) {}

    private static Outer outer(double real) {
        Map<String, Long> map = new LinkedHashMap<>();
        map.put("z", 1L);
        map.put("a", Long.MAX_VALUE);
        return new Outer(
                Long.MAX_VALUE,
                new Middle(real, null),
                true,
                null,
                List.of(new One(1), new One(2)),
                map,
                Duration.ofMillis(2_500),
                LoadEngine.PLAIN);
    }

    @Test
    void shouldEscapeAllThatIsNotPrintable() {
        String unprintable = IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                .filter(c -> c != '\\' && !Character.toString(c).equals(Key.printable(Character.toString(c))))
                .filter(c -> Character.getType(c) != Character.SURROGATE) // two of them may be a pair
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        String json = Json.line(unprintable);
        assertThat(json.chars().allMatch(c -> c >= ' ' && c < 0x7f)).isTrue();
        assertThat(Json.pretty(unprintable)).isEqualTo(json + "\n");
        assertThat(JsonParser.parseString(json).getAsString()).isEqualTo(unprintable);
        assertThat(Json.line("\u202e\udb40\udc01")).isEqualTo("\"\\u202e\\udb40\\udc01\"");
    }

    @Test
    void shouldEscapeWhenTextHasSpecialCharacters() {
        assertThat(Json.line("a\"b\\c\nd\re\tf")).isEqualTo("\"a\\\"b\\\\c\\nd\\re\\tf\"");
        assertThat(Json.line("\0\u001b\u007f\u009b\u2028\u2029"))
                .isEqualTo("\"\\u0000\\u001b\\u007f\\u009b\\u2028\\u2029\"");
        assertThat(Json.line("schlüssel 鍵 \ufffd <&'=")).isEqualTo("\"schlüssel 鍵 \ufffd <&'=\"");
    }

    @Test
    void shouldKeepPairsAndEscapeHalvesWhenTextHasSurrogates() {
        assertThat(Json.line("\ud83d\ude00")).isEqualTo("\"\ud83d\ude00\"");
        assertThat(Json.line("a\ud83d")).isEqualTo("\"a\\ud83d\"");
        assertThat(Json.line("\ude00a")).isEqualTo("\"\\ude00a\"");
        assertThat(Json.line("\ude00\ud83d")).isEqualTo("\"\\ude00\\ud83d\"");
        assertThat(Json.line("\ud83d\ud83d\ude00")).isEqualTo("\"\\ud83d\ud83d\ude00\"");
    }

    @Test
    void shouldReadBackWhenTextIsRandom() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(20); length > 0; length--) {
                text.append((char) (random.nextBoolean() ? random.nextInt(0x100) : random.nextInt(0xd800)));
            }
            Text value = new Text(text.toString());
            assertThat(Json.read(Json.line(value), Text.class))
                    .as("seed %d", seed)
                    .isEqualTo(value);
            assertThat(Json.read(Json.scriptSafe(value), Text.class))
                    .as("seed %d", seed)
                    .isEqualTo(value);
        }
    }

    @Test
    void shouldEndNoScriptWhenTextIsOfAPage() {
        assertThat(Json.scriptSafe(new Text("</script><!--&'"))).doesNotContain("<", ">", "&", "'");
    }

    @Test
    void shouldWriteFieldsInOrderAndReadThemBackWhenRecordsAreNested() {
        assertThat(Json.line(outer(0.1)))
                .isEqualTo("{\"number\":9223372036854775807,\"real\":0.1,\"yes\":true,\"list\":[{\"a\":1},{\"a\":2}],"
                        + "\"map\":{\"z\":1,\"a\":9223372036854775807},\"time\":\"2500ms\",\"engine\":\"plain\"}");
        assertThat(Json.read(Json.line(outer(0.1)), Outer.class)).isEqualTo(outer(0.1));
        assertThat(Json.read(Json.pretty(outer(0.1)), Outer.class)).isEqualTo(outer(0.1));
        assertThat(Json.pretty(List.of(new One(1)))).isEqualTo("[\n  {\n    \"a\": 1\n  }\n]\n");
    }

    @Test
    void shouldWriteNullAndReadNaNWhenANumberIsNotFinite() {
        assertThat(Json.line(outer(Double.NaN))).contains("\"real\":null").doesNotContain("NaN", "perhaps");
        assertThat(Json.line(outer(Double.NEGATIVE_INFINITY))).contains("\"real\":null");
        assertThat(Json.line(List.of(Double.NaN))).isEqualTo("[null]");
        assertThat(Json.read(Json.line(outer(Double.NaN)), Outer.class)).isEqualTo(outer(Double.NaN));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "null",
                "[]",
                "{\"a\":1",
                "{\"a\":1}}",
                "{\"a\":1} x",
                "{\"a\":1,}",
                "{\"a\":1,\"b\":2}",
                "{\"a\":1,\"a\":1}",
                "{\"a\":\"one\"}",
                "{\"a\":1.5}",
                "{\"a\":null}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":NaN}",
            })
    void shouldRefuseWhenItIsNotWhatWasWritten(String json) {
        assertThatThrownBy(() -> Json.read(json, One.class)).isInstanceOf(JsonParseException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"number", "real", "yes", "list", "map", "time", "engine"})
    void shouldNameTheFieldWhenItIsMissing(String field) {
        Map<String, Object> fields = TestJson.object(Json.line(outer(0.1)));
        fields.remove(field);
        assertThatThrownBy(() -> Json.read(Json.line(fields), Outer.class))
                .isInstanceOf(JsonParseException.class)
                .hasMessageContaining("field " + field);
    }

    @Test
    void shouldRefuseWhenAConstantOrATimeIsNotKnown() {
        String json = Json.line(outer(0.1));
        assertThatThrownBy(() -> Json.read(json.replace("plain", "fancy"), Outer.class))
                .hasMessageContaining("engine");
        assertThatThrownBy(() -> Json.read(json.replace("2500ms", "soon"), Outer.class))
                .isInstanceOf(JsonParseException.class)
                .hasMessageContaining("soon");
    }

    @Test
    void shouldRefuseToWriteARecordThatIsNotWhole() {
        assertThatThrownBy(() -> Json.line(new Text(null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("text");
    }

    @Test
    void shouldWriteBehindTheLinkWhenTheFileIsOne(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("real.json"));
        Path link = Files.createSymbolicLink(directory.resolve("link.json"), file);
        Json.writeFile(link, new One(1));
        assertThat(link).isSymbolicLink();
        assertThat(Files.readString(file)).contains("\"a\": 1");
    }

    @Test
    void shouldGiveTheFileTheUsualRightsWhenItIsNew(@TempDir Path directory) throws Exception {
        Path usual = Files.createFile(directory.resolve("usual"));
        Path file = directory.resolve("new.json");
        Json.writeFile(file, new One(1));
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(usual));
    }

    @Test
    void shouldReplaceTheFileAndLeaveNothingElseWhenItExists(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("report.json");
        Files.writeString(file, "old");
        Json.writeFile(file, new One(1));
        assertThat(Files.readString(file)).isEqualTo("{\n  \"a\": 1\n}\n");
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }
}
