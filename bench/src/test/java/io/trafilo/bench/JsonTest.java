package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonTest {
    @Test
    void shouldEscapeWhenTextHasSpecialCharacters() {
        assertThat(Json.line("a\"b\\c\nd\re\tf")).isEqualTo("\"a\\\"b\\\\c\\nd\\re\\tf\"");
        assertThat(Json.line("\0\u001b\u007f\u009b\u2028\u2029"))
                .isEqualTo("\"\\u0000\\u001b\\u007f\\u009b\\u2028\\u2029\"");
        assertThat(Json.line("schlüssel 鍵 \ufffd")).isEqualTo("\"schlüssel 鍵 \ufffd\"");
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
                text.append((char) (random.nextBoolean() ? random.nextInt(0x100) : random.nextInt(0x10000)));
            }
            assertThat(JsonReader.read(Json.line(text))).as("seed %d", seed).isEqualTo(text.toString());
        }
    }

    @Test
    void shouldNestWhenValuesAreMapsAndLists() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("number", Long.MAX_VALUE);
        map.put("real", 0.1);
        map.put("nan", Double.NaN);
        map.put("yes", true);
        map.put("nothing", null);
        map.put("list", List.of(1, "two", Map.of(), List.of()));
        assertThat(Json.line(map))
                .isEqualTo("{\"number\":9223372036854775807,\"real\":0.1,\"nan\":null,\"yes\":true,\"nothing\":null,"
                        + "\"list\":[1,\"two\",{},[]]}");
        assertThat(JsonReader.read(Json.pretty(map))).isEqualTo(JsonReader.read(Json.line(map)));
        assertThat(Json.pretty(Map.of("a", List.of(1)))).isEqualTo("{\n  \"a\": [\n    1\n  ]\n}\n");
    }

    @Test
    void shouldRefuseWhenValueIsNoJson() {
        assertThatThrownBy(() -> Json.line(new Object())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldWriteBehindTheLinkWhenTheFileIsOne(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("real.json"));
        Path link = Files.createSymbolicLink(directory.resolve("link.json"), file);
        Json.writeFile(link, Map.of("a", 1));
        assertThat(link).isSymbolicLink();
        assertThat(Files.readString(file)).contains("\"a\": 1");
    }

    @Test
    void shouldGiveTheFileTheUsualRightsWhenItIsNew(@TempDir Path directory) throws Exception {
        Path usual = Files.createFile(directory.resolve("usual"));
        Path file = directory.resolve("new.json");
        Json.writeFile(file, Map.of("a", 1));
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(usual));
    }

    @Test
    void shouldReplaceTheFileAndLeaveNothingElseWhenItExists(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("report.json");
        Files.writeString(file, "old");
        Json.writeFile(file, Map.of("a", 1));
        assertThat(Files.readString(file)).isEqualTo("{\n  \"a\": 1\n}\n");
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }
}
