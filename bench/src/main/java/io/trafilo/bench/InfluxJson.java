package io.trafilo.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.trafilo.formats.InfluxPoint;
import java.math.BigInteger;

/** The points of a message in the line protocol. As the parser has it: of a tag that comes twice the first, of a field the last. */
final class InfluxJson implements MessageJson {
    private final InfluxPoint point = new InfluxPoint();

    @Override
    public JsonElement read(byte[] message) {
        JsonArray points = new JsonArray();
        for (boolean more = point.wrap(message, 0, message.length); more; more = point.next()) {
            points.add(point());
        }
        JsonObject all = new JsonObject();
        all.add("points", points);
        all.addProperty("bad", point.malformed());
        return all;
    }

    private JsonObject point() {
        JsonObject tags = new JsonObject();
        for (int i = 0; i < point.tagCount(); i++) {
            String name = point.tagName(i).text();
            if (!tags.has(name)) {
                tags.addProperty(name, point.tagValue(i).text());
            }
        }
        JsonObject fields = new JsonObject();
        for (int i = 0; i < point.fieldCount(); i++) {
            fields.add(point.fieldName(i).text(), field(i));
        }
        JsonObject json = new JsonObject();
        json.addProperty("measurement", point.measurement().text());
        json.add("tags", tags);
        json.add("fields", fields);
        json.add("timestamp", point.hasTimestamp() ? new JsonPrimitive(point.timestamp()) : JsonNull.INSTANCE);
        return json;
    }

    private JsonObject field(int index) {
        JsonObject field = new JsonObject();
        switch (point.fieldType(index)) {
            case FLOAT -> add(field, "float", MessageJson.number(point.fieldDouble(index)));
            case INTEGER -> add(field, "int", new JsonPrimitive(point.fieldLong(index)));
            case UNSIGNED -> add(field, "uint", new JsonPrimitive(unsigned(point.fieldLong(index))));
            case STRING ->
                add(field, "string", new JsonPrimitive(point.fieldText(index).text()));
            case BOOLEAN -> add(field, "bool", new JsonPrimitive(point.fieldLong(index) != 0));
        }
        return field;
    }

    private static void add(JsonObject field, String type, JsonPrimitive value) {
        field.addProperty("type", type);
        field.add("value", value);
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }
}
