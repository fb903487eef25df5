package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.Strictness;
import com.google.gson.ToNumberPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads JSON as others do, who do not have the records that it was written from. */
final class TestJson {
    private static final Gson GSON = new GsonBuilder()
            .setStrictness(Strictness.STRICT)
            .setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE)
            .create();

    private TestJson() {}

    /** An object; numbers in it are Long if they are whole, and Double if not. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> object(String json) {
        return GSON.fromJson(json, Map.class);
    }

    /** What the script of a page makes its tables and plots of. */
    static Map<String, Object> ofPage(Path file) throws IOException {
        String html = Files.readString(file);
        String start = "<script type=\"application/json\" id=\"report\">";
        int begin = html.indexOf(start) + start.length();
        return object(html.substring(begin, html.indexOf("</script>", begin)));
    }

    /** What an object has at a path such as latencyMicros.p50; null if it has nothing there. */
    static Object value(Map<String, Object> object, String path) {
        Object value = object;
        for (String part : path.split("\\.", -1)) {
            value = value instanceof Map<?, ?> map ? map.get(part) : null;
        }
        return value;
    }

    static double figure(Map<String, Object> object, String path) {
        return value(object, path) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    /**
     * Fails unless the fields are those of a list, which was written down from the output of the version before Gson. The names
     * of a ledger's counters are the engine's.
     */
    static void checkFields(String json, String list) throws IOException {
        List<String> expected;
        try (InputStream in = TestJson.class.getResourceAsStream("fields/" + list + ".txt")) {
            expected = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        assertThat(paths(json).stream()
                        .map(path -> path.replaceFirst("^ledger\\..*", "ledger.*"))
                        .distinct())
                .containsExactlyElementsOf(expected);
    }

    /** The paths of all fields in their order, each once; elements of a list are at []. */
    static List<String> paths(String json) {
        List<String> paths = new ArrayList<>();
        addPaths("", GSON.fromJson(json, Object.class), paths);
        return paths.stream().distinct().toList();
    }

    private static void addPaths(String path, Object value, List<String> paths) {
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            map.forEach((name, inner) -> addPaths(path.isEmpty() ? "" + name : path + "." + name, inner, paths));
        } else if (value instanceof List<?> list && !list.isEmpty()) {
            list.forEach(inner -> addPaths(path + "[]", inner, paths));
        } else {
            paths.add(path.endsWith("[]") ? path.substring(0, path.length() - 2) : path);
        }
    }
}
