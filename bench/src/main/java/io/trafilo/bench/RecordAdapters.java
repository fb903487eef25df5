package io.trafilo.bench;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adds two rules to what Gson does with records: the fields of an {@link Inline} component stand among those of the outer record,
 * and only a {@link Nullable} component may be missing.
 */
final class RecordAdapters implements TypeAdapterFactory {
    private static final TypeToken<Map<String, JsonElement>> FIELDS = new TypeToken<>() {};

    @Override
    public <T> @Nullable TypeAdapter<T> create(Gson gson, TypeToken<T> token) {
        Class<? super T> type = token.getRawType();
        if (!type.isRecord()) {
            return null;
        }
        TypeAdapter<T> gsons = gson.getDelegateAdapter(this, token);
        RecordComponent[] components = type.getRecordComponents();
        TypeAdapter<T> adapter = new TypeAdapter<>() {
            @Override
            public void write(JsonWriter out, T value) throws IOException {
                JsonObject parts = gsons.toJsonTree(value).getAsJsonObject();
                JsonObject fields = new JsonObject();
                for (RecordComponent component : components) {
                    String name = component.getName();
                    JsonElement part = parts.get(name);
                    if (isInline(component)) {
                        part.getAsJsonObject().asMap().forEach(fields::add);
                    } else if (!part.isJsonNull() || component.getType() == double.class) {
                        fields.add(name, part);
                    } else if (!isOptional(component)) {
                        throw new IllegalArgumentException(name + " of " + value + ": null (expected: a value)");
                    }
                }
                gson.toJson(fields, out);
            }

            @Override
            public T read(JsonReader in) throws IOException {
                JsonObject fields = new JsonObject();
                gson.getAdapter(FIELDS).read(in).forEach(fields::add); // a map refuses a name that is there twice
                JsonObject parts = fields.deepCopy();
                for (RecordComponent component : components) {
                    String name = component.getName();
                    if (isInline(component)) {
                        parts.add(name, fields);
                    } else if (!isOptional(component) && !fields.has(name)) {
                        throw new JsonParseException(type.getSimpleName() + ", field " + name + ": missing");
                    }
                }
                return gsons.fromJsonTree(parts);
            }
        };
        return adapter.nullSafe();
    }

    private static boolean isInline(RecordComponent component) {
        return component.isAnnotationPresent(Inline.class);
    }

    private static boolean isOptional(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }
}
