package io.trafilo.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonDeserializer;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import io.trafilo.Key;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/**
 * Writes records as JSON, and reads its own output strictly: unknown, missing and repeated fields and anything behind the end are
 * errors. A {@code double} that is not finite is written as null and read as NaN.
 */
final class Json {
    /** What Gson writes as it is and {@link Key#printable} does not; the line ends are those of the document itself. */
    private static final Pattern UNSAFE = Pattern.compile("[\\p{C}&&[^\n]]");

    private static final Gson SCRIPT_SAFE = builder().create();
    private static final Gson LINE = builder().disableHtmlEscaping().create();
    private static final Gson PRETTY =
            builder().disableHtmlEscaping().setPrettyPrinting().create();

    private Json() {}

    private static GsonBuilder builder() {
        return new GsonBuilder()
                .setStrictness(Strictness.STRICT)
                .serializeNulls()
                .registerTypeAdapterFactory(new RecordAdapters())
                .registerTypeAdapter(double.class, new FiniteAdapter())
                .registerTypeAdapter(Double.class, new FiniteAdapter())
                .registerTypeAdapter(Duration.class, (JsonSerializer<Duration>)
                        (time, type, context) -> new JsonPrimitive(DurationConverter.text(time)))
                .registerTypeAdapter(Duration.class, (JsonDeserializer<Duration>)
                        (text, type, context) -> new DurationConverter().convert(text.getAsString()));
    }

    /** On one line. */
    static String line(Object value) {
        return escaped(LINE.toJson(value));
    }

    /** Indented, for people. */
    static String pretty(Object value) {
        return escaped(PRETTY.toJson(value)) + "\n";
    }

    /** For an element of a page: no text in it ends the element or begins another. */
    static String scriptSafe(Object value) {
        return escaped(SCRIPT_SAFE.toJson(value));
    }

    private static String escaped(String json) {
        return UNSAFE.matcher(json).replaceAll(found -> found.group()
                .chars()
                .mapToObj(unit -> String.format(Locale.ROOT, "\\\\u%04x", unit))
                .collect(Collectors.joining()));
    }

    /**
     * Reads any value, strictly.
     *
     * @throws JsonParseException if it is none
     */
    static JsonElement element(String json) {
        JsonElement element = LINE.fromJson(json, JsonElement.class);
        if (element == null) {
            throw new JsonParseException("nothing (expected: a value)");
        }
        return element;
    }

    /**
     * Reads what was written of a value of this type: writing it again gives the same.
     *
     * @throws JsonParseException if it is anything else
     */
    static <T> T read(String json, Class<T> type) {
        T value;
        JsonElement again;
        try {
            value = LINE.fromJson(json, type);
            again = LINE.toJsonTree(value);
        } catch (IllegalArgumentException | TypeConversionException refused) {
            throw new JsonParseException(type.getSimpleName() + ", field " + refused.getMessage(), refused);
        }
        if (value == null) {
            throw new JsonParseException("nothing (expected: " + type.getSimpleName() + ")");
        }
        checkSame(type.getSimpleName(), LINE.fromJson(json, JsonElement.class), again);
        return value;
    }

    private static void checkSame(String where, @Nullable JsonElement read, @Nullable JsonElement written) {
        if (read instanceof JsonObject some && written instanceof JsonObject others) {
            Set<String> names = new LinkedHashSet<>(some.keySet());
            names.addAll(others.keySet());
            names.forEach(name -> checkSame(where + ", field " + name, some.get(name), others.get(name)));
        } else if (!Objects.equals(read, written)) {
            throw new JsonParseException(where + ": " + read + " (expected: " + written + ")");
        }
    }

    /** Refuses, before any work is done, a file that could not be written after it. */
    static void checkWritable(String option, @Nullable Path file) {
        if (file == null) {
            return;
        }
        boolean inPlace = Files.exists(file) && !Files.isRegularFile(file);
        if (inPlace ? Files.isDirectory(file) || !Files.isWritable(file) : !canBePlaced(file)) {
            throw SettingException.of(
                    option, file, "a file that can be written, in a directory that exists and can be, too");
        }
    }

    /** Tried, since rights do not tell all: a file system may be read-only, or none that takes files. */
    private static boolean canBePlaced(Path file) {
        try {
            Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
            Files.delete(Files.createTempFile(target.getParent(), ".trafilo", ".trial"));
            return !Files.exists(target) || Files.isWritable(target);
        } catch (IOException refused) {
            return false;
        }
    }

    /**
     * Writes a document. A regular file is put in place at once: a reader sees the old one or the new one, never a part.
     * Anything else, such as a pipe, is written to as it is.
     */
    static void writeFile(Path file, Object value) throws IOException {
        byte[] document = pretty(value).getBytes(StandardCharsets.UTF_8);
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            Files.write(target, document);
            return;
        }
        long pid = ProcessHandle.current().pid();
        Path part = target.resolveSibling("." + target.getFileName() + "." + pid + ".part");
        try {
            Files.write(part, document);
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static final class FiniteAdapter extends TypeAdapter<Double> {
        @Override
        public void write(JsonWriter out, @Nullable Double value) throws IOException {
            if (value != null && Double.isFinite(value)) {
                out.value(value);
            } else {
                out.nullValue();
            }
        }

        @Override
        public Double read(JsonReader in) throws IOException {
            if (in.peek() == JsonToken.NULL) {
                in.nextNull();
                return Double.NaN;
            }
            return in.nextDouble();
        }
    }
}
