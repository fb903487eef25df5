package io.trafilo.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a load test is to do. */
record LoadSettings(
        LoadEngine engine,
        long rate,
        Duration duration,
        Duration warmup,
        TrafficOptions traffic,
        EngineOptions engineOptions,
        ListenerOptions listener) {

    LoadSettings with(long otherRate, Duration otherDuration, Duration otherWarmup) {
        return new LoadSettings(engine, otherRate, otherDuration, otherWarmup, traffic, engineOptions, listener);
    }

    /** Those that the engine has. */
    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("rate", rate);
        map.put("duration", DurationConverter.text(duration));
        map.put("warmup", DurationConverter.text(warmup));
        map.putAll(traffic.asMap());
        map.putAll(engineOptions.asMap());
        map.putAll(listener.asMap());
        map.keySet().removeAll(engine.lacking());
        return map;
    }
}
