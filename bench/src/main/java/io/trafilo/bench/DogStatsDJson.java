package io.trafilo.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.trafilo.formats.DogStatsDMessage;
import io.trafilo.formats.MetricType;
import io.trafilo.formats.Slice;

/** The metrics, events and service checks of a DogStatsD message. What a line does not say is left out. */
final class DogStatsDJson implements MessageJson {
    private final DogStatsDMessage line = new DogStatsDMessage();

    @Override
    public JsonElement read(byte[] message) {
        JsonArray events = new JsonArray();
        int[] bad = new int[1];
        MessageJson.forEachLine(message, (bytes, offset, length) -> {
            if (line.wrap(bytes, offset, length)) {
                events.add(event());
            } else {
                bad[0]++;
            }
        });
        JsonObject all = new JsonObject();
        all.add("events", events);
        all.addProperty("bad", bad[0]);
        return all;
    }

    private JsonObject event() {
        JsonObject event = new JsonObject();
        switch (line.kind()) {
            case METRIC -> addMetric(event);
            case EVENT -> addEvent(event);
            case SERVICE_CHECK -> addServiceCheck(event);
        }
        event.add("tags", tags());
        if (line.timestampSeconds() > 0) {
            event.addProperty("timestamp_s", line.timestampSeconds());
        }
        addIfThere(event, "local_data", line.localData());
        addIfThere(event, "external_data", line.externalData());
        addIfThere(event, "cardinality", line.cardinality());
        return event;
    }

    private void addMetric(JsonObject event) {
        event.addProperty("kind", "metric");
        event.addProperty("key", line.name().text());
        JsonArray values = new JsonArray();
        if (line.type() == MetricType.SET) {
            values.add(line.rawValues().text());
        }
        for (int i = 0; i < line.valueCount(); i++) {
            values.add(MessageJson.number(line.value(i)));
        }
        event.add("values", values);
        event.addProperty("type", line.type().symbol());
        event.add("rate", MessageJson.number(line.rate()));
    }

    private void addEvent(JsonObject event) {
        event.addProperty("kind", "event");
        event.addProperty("title", line.title());
        event.addProperty("text", line.text());
        addIfThere(event, "hostname", line.hostname());
        addIfThere(event, "aggregation_key", line.aggregationKey());
        addIfThere(event, "priority", line.priority());
        addIfThere(event, "source_type", line.sourceType());
        addIfThere(event, "alert_type", line.alertType());
    }

    private void addServiceCheck(JsonObject event) {
        event.addProperty("kind", "service_check");
        event.addProperty("name", line.name().text());
        event.addProperty("status", line.status());
        addIfThere(event, "hostname", line.hostname());
        if (!line.rawText().isEmpty()) {
            event.addProperty("message", line.text());
        }
    }

    private JsonArray tags() {
        JsonArray tags = new JsonArray();
        for (int i = 0; i < line.tagCount(); i++) {
            tags.add(line.tag(i).text());
        }
        return tags;
    }

    private static void addIfThere(JsonObject event, String field, Slice slice) {
        if (!slice.isEmpty()) {
            event.addProperty(field, slice.text());
        }
    }
}
