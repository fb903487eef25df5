package io.trafilo.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Compares what a format finds with what a file expects: one object a line, with {@code id}, {@code input} and {@code expect}. */
final class ParseCases {
    private ParseCases() {}

    private record Case(String id, String input, JsonElement expect) {}

    /** Says what differs, and at last how many cases do not. True if none does. */
    static boolean check(Path file, MessageJson reader, Console console) throws IOException {
        List<String> lines = Files.readAllLines(file);
        if (lines.isEmpty()) {
            throw new FailureException(file + ": no cases (expected: an object a line)");
        }
        int right = 0;
        for (int i = 0; i < lines.size(); i++) {
            Case each = read(file, i + 1, lines.get(i));
            JsonElement found = reader.read(each.input.getBytes(UTF_8));
            if (same(each.expect, found)) {
                right++;
            } else {
                console.say("%s: %s", each.id, Json.line(new JsonPrimitive(each.input)));
                console.say("  expected %s", Json.line(each.expect));
                console.say("  found    %s", Json.line(found));
            }
        }
        console.say("%s: %d of %d as expected", file.getFileName(), right, lines.size());
        return right == lines.size();
    }

    private static Case read(Path file, int number, String line) {
        try {
            if (Json.element(line) instanceof JsonObject object
                    && object.get("id") instanceof JsonPrimitive id
                    && object.get("input") instanceof JsonPrimitive input
                    && object.has("expect")) {
                return new Case(id.getAsString(), input.getAsString(), object.get("expect"));
            }
        } catch (JsonParseException e) {
            // said below
        }
        throw new FailureException(
                file + ": line " + number + ": " + line + " (expected: an object with id, input and expect)");
    }

    /** Numbers are the same if their values are, however they are written. The order of fields does not matter. */
    private static boolean same(JsonElement one, JsonElement other) {
        if (one instanceof JsonObject object && other instanceof JsonObject second) {
            return object.keySet().equals(second.keySet())
                    && object.entrySet().stream().allMatch(entry -> same(entry.getValue(), second.get(entry.getKey())));
        }
        if (one instanceof JsonArray array && other instanceof JsonArray second) {
            boolean same = array.size() == second.size();
            for (int i = 0; same && i < array.size(); i++) {
                same = same(array.get(i), second.get(i));
            }
            return same;
        }
        if (one instanceof JsonPrimitive number && number.isNumber() && other instanceof JsonPrimitive second) {
            return second.isNumber()
                    && new BigDecimal(number.getAsString()).compareTo(new BigDecimal(second.getAsString())) == 0;
        }
        return one.equals(other);
    }
}
