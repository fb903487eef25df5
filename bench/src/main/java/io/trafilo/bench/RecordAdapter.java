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
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A record as a JSON object with a field for each component. A component that is {@link Nullable} is left out where it is null. */
final class RecordAdapter extends TypeAdapter<Record> {
    private final Gson gson;
    private final Class<?> type;
    private final Constructor<?> constructor;
    private final List<Field> fields = new ArrayList<>();

    private record Field(String name, Method accessor, TypeAdapter<Object> adapter, boolean inline, boolean optional) {}

    /** Makes adapters of records, and leaves other types to Gson. */
    static final class Factory implements TypeAdapterFactory {
        @Override
        @SuppressWarnings("unchecked") // the adapter of a record's type reads and writes that type
        public <T> @Nullable TypeAdapter<T> create(Gson gson, TypeToken<T> token) {
            Class<? super T> type = token.getRawType();
            return type.isRecord() ? (TypeAdapter<T>) (TypeAdapter<?>) new RecordAdapter(gson, type) : null;
        }
    }

    @SuppressWarnings("unchecked") // a component's adapter gets that component's values only
    private RecordAdapter(Gson gson, Class<?> type) {
        this.gson = gson;
        this.type = type;
        RecordComponent[] components = type.getRecordComponents();
        for (RecordComponent component : components) {
            component.getAccessor().setAccessible(true);
            fields.add(new Field(
                    component.getName(),
                    component.getAccessor(),
                    (TypeAdapter<Object>) gson.getAdapter(TypeToken.get(component.getGenericType())),
                    component.isAnnotationPresent(Inline.class),
                    component.getAnnotatedType().isAnnotationPresent(Nullable.class)));
        }
        try {
            constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(type + " has no canonical constructor", impossible);
        }
    }

    @Override
    public void write(JsonWriter out, Record value) throws IOException {
        out.beginObject();
        for (Field field : fields) {
            Object part = get(field, value);
            if (part == null) {
                continue;
            }
            if (field.inline) {
                JsonObject inner = field.adapter.toJsonTree(part).getAsJsonObject();
                for (Map.Entry<String, JsonElement> entry : inner.entrySet()) {
                    gson.toJson(entry.getValue(), out.name(entry.getKey()));
                }
            } else {
                field.adapter.write(out.name(field.name), part);
            }
        }
        out.endObject();
    }

    private static @Nullable Object get(Field field, Record value) {
        try {
            Object part = field.accessor.invoke(value);
            if (part == null && !field.optional) {
                throw new IllegalArgumentException(field.name + " of " + value + ": null (expected: a value)");
            }
            return part;
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(field.name + " of " + value, impossible);
        }
    }

    @Override
    public Record read(JsonReader in) throws IOException {
        JsonObject object = new JsonObject();
        in.beginObject();
        while (in.hasNext()) {
            String name = in.nextName();
            if (object.has(name)) {
                throw broken(name, "twice");
            }
            object.add(name, gson.getAdapter(JsonElement.class).read(in));
        }
        in.endObject();
        Record record = take(object);
        if (!object.isEmpty()) {
            throw broken(object.keySet().iterator().next(), "not known");
        }
        return record;
    }

    /** Makes the record of fields that it removes from the object. */
    private Record take(JsonObject object) {
        List<@Nullable Object> parts = new ArrayList<>();
        for (Field field : fields) {
            if (field.inline) {
                parts.add(((RecordAdapter) (TypeAdapter<?>) field.adapter).take(object));
                continue;
            }
            JsonElement element = object.remove(field.name);
            Object part = element == null ? null : field.adapter.fromJsonTree(element);
            if (part == null ? !field.optional : !field.adapter.toJsonTree(part).equals(element)) {
                throw broken(field.name, element == null ? "missing" : element + " cannot be");
            }
            parts.add(part);
        }
        try {
            return (Record) constructor.newInstance(parts.toArray());
        } catch (ReflectiveOperationException refused) {
            throw new JsonParseException(type.getSimpleName() + " refuses " + parts, refused);
        }
    }

    private JsonParseException broken(String field, String what) {
        return new JsonParseException(type.getSimpleName() + ", field " + field + ": " + what);
    }
}
