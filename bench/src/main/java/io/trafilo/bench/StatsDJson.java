package io.trafilo.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.trafilo.formats.MetricType;
import io.trafilo.formats.StatsDMetric;

/** The metrics of a StatsD message. */
final class StatsDJson implements MessageJson {
    private final StatsDMetric metric = new StatsDMetric();

    @Override
    public JsonElement read(byte[] message) {
        JsonArray events = new JsonArray();
        int[] bad = new int[1];
        MessageJson.forEachLine(message, (bytes, offset, length) -> {
            for (boolean more = metric.wrap(bytes, offset, length); more; more = metric.next()) {
                events.add(event());
            }
            bad[0] += metric.malformed();
        });
        JsonObject all = new JsonObject();
        all.add("events", events);
        all.addProperty("bad", bad[0]);
        return all;
    }

    private JsonObject event() {
        JsonObject event = new JsonObject();
        event.addProperty("key", metric.name().text());
        if (metric.type() == MetricType.SET) {
            event.addProperty("value", metric.rawValue().text());
        } else {
            event.add("value", MessageJson.number(metric.value()));
        }
        event.addProperty("type", metric.type().symbol());
        event.add("rate", MessageJson.number(metric.rate()));
        if (metric.weight() != 1) {
            event.add("weight", MessageJson.number(metric.weight()));
        }
        if (metric.type() == MetricType.GAUGE) {
            event.addProperty("delta", metric.isDelta());
        }
        return event;
    }
}
