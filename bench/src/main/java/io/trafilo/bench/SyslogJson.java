package io.trafilo.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.trafilo.formats.Slice;
import io.trafilo.formats.SyslogMessage;
import io.trafilo.formats.SyslogMessage.Format;

/** A syslog message. One that only a lenient receiver takes for its RFC 3339 time without a version says so. */
final class SyslogJson implements MessageJson {
    private final SyslogMessage strict = new SyslogMessage();
    private final SyslogMessage lenient = SyslogMessage.lenient();

    @Override
    public JsonElement read(byte[] bytes) {
        JsonObject json = new JsonObject();
        if (strict.wrap(bytes, 0, bytes.length)) {
            boolean old = strict.format() == Format.RFC3164;
            json.addProperty("format", old ? "rfc3164" : "rfc5424");
            addPriority(json, strict);
            if (old) {
                json.add("timestamp_text", text(strict.timestamp()));
                addText(json, strict);
            } else {
                addFields(json, strict);
            }
            return json;
        }
        json.addProperty("error", true);
        if (lenient.wrap(bytes, 0, bytes.length) && isForwarded(lenient)) {
            addPriority(json, lenient);
            JsonObject parts = new JsonObject();
            parts.add("timestamp", text(lenient.timestamp()));
            addText(parts, lenient);
            json.add("lenient", parts);
        }
        return json;
    }

    private static boolean isForwarded(SyslogMessage message) {
        boolean year = message.timestamp().length() > 4 && message.timestamp().byteAt(4) == '-';
        return message.format() == Format.RFC3164 && message.hasPriority() && year;
    }

    private static void addPriority(JsonObject json, SyslogMessage message) {
        json.addProperty("facility", message.facility());
        json.addProperty("severity", message.severity());
    }

    private static void addText(JsonObject json, SyslogMessage message) {
        json.add("hostname", text(message.host()));
        json.add("tag", text(message.app()));
        json.add("pid", text(message.process()));
        json.addProperty("msg", message.message().text());
    }

    private static void addFields(JsonObject json, SyslogMessage message) {
        json.addProperty("version", message.version());
        json.add("timestamp", text(message.timestamp()));
        json.add("hostname", text(message.host()));
        json.add("app", text(message.app()));
        json.add("procid", text(message.process()));
        json.add("msgid", text(message.messageId()));
        json.add("sd", structuredData(message));
        json.add(
                "msg",
                message.hasMessage() ? new JsonPrimitive(message.message().text()) : JsonNull.INSTANCE);
        if (message.hasBom()) {
            json.addProperty("bom", true);
        }
    }

    private static JsonObject structuredData(SyslogMessage message) {
        JsonObject elements = new JsonObject();
        for (int i = 0; i < message.elementCount(); i++) {
            JsonArray params = new JsonArray();
            for (int j = 0; j < message.paramCount(i); j++) {
                JsonArray param = new JsonArray();
                param.add(message.paramName(i, j).text());
                param.add(message.paramValue(i, j).text());
                params.add(param);
            }
            elements.add(message.elementId(i).text(), params);
        }
        return elements;
    }

    private static JsonElement text(Slice part) {
        return part.isEmpty() ? JsonNull.INSTANCE : new JsonPrimitive(part.text());
    }
}
