package io.trafilo.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/** The first word of a message, or of each of its lines, and the rest. */
final class TokenJson implements MessageJson {
    private final boolean byLine;

    TokenJson(boolean byLine) {
        this.byLine = byLine;
    }

    @Override
    public JsonElement read(byte[] message) {
        JsonArray events = new JsonArray();
        int[] bad = new int[1];
        LineReader reader = (bytes, offset, length) -> bad[0] += add(bytes, offset, length, events) ? 0 : 1;
        if (byLine) {
            MessageJson.forEachLine(message, reader);
        } else {
            reader.read(message, 0, message.length);
        }
        JsonObject all = new JsonObject();
        all.add("events", events);
        all.addProperty("bad", bad[0]);
        return all;
    }

    private static boolean add(byte[] message, int offset, int length, JsonArray events) {
        int space = offset;
        while (space < offset + length && message[space] != ' ') {
            space++;
        }
        if (space == offset || space == offset + length) {
            return false;
        }
        JsonObject event = new JsonObject();
        event.addProperty("key", new String(message, offset, space - offset, UTF_8));
        event.addProperty("payload", new String(message, space + 1, offset + length - space - 1, UTF_8));
        events.add(event);
        return true;
    }
}
