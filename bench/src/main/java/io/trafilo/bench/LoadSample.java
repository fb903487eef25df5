package io.trafilo.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/** What happened since the sample before. The ring fill is that of the moment, 0 to 1, NaN if there is no ring. */
record LoadSample(
        double seconds, double receivedPerSecond, double handledPerSecond, double lostPerSecond, double ringFill) {
    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("seconds", seconds);
        map.put("receivedPerSecond", receivedPerSecond);
        map.put("handledPerSecond", handledPerSecond);
        map.put("lostPerSecond", lostPerSecond);
        if (!Double.isNaN(ringFill)) {
            map.put("ringFill", ringFill);
        }
        return map;
    }
}
