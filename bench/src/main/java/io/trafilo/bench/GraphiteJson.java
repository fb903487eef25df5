package io.trafilo.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.trafilo.formats.GraphitePoint;

/** The points of a Graphite message. */
final class GraphiteJson implements MessageJson {
    private final GraphitePoint point = new GraphitePoint();

    @Override
    public JsonElement read(byte[] message) {
        JsonArray points = new JsonArray();
        int[] bad = new int[1];
        MessageJson.forEachLine(message, (bytes, offset, length) -> {
            if (!point.wrap(bytes, offset, length)) {
                bad[0]++;
            } else if (!Double.isNaN(point.value())) {
                points.add(point());
            }
        });
        JsonObject all = new JsonObject();
        all.add("points", points);
        all.addProperty("bad", bad[0]);
        return all;
    }

    private JsonObject point() {
        JsonObject tags = new JsonObject();
        for (int i = point.tagCount() - 1; i >= 0; i--) { // of two tags of one name the first counts
            tags.addProperty(point.tagName(i).text(), point.tagValue(i).text());
        }
        JsonObject json = new JsonObject();
        json.addProperty("path", point.path().text());
        json.add("tags", tags);
        json.add("value", MessageJson.number(point.value()));
        if (point.isNow()) {
            json.addProperty("timestamp_s", "now");
        } else {
            json.add("timestamp_s", MessageJson.number(point.timestampSeconds()));
        }
        return json;
    }
}
