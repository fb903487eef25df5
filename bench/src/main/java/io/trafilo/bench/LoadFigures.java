package io.trafilo.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the report of a load run holds, by name. A dot in a name leads into an inner object. */
final class LoadFigures {
    /** The figures of a report that are compared, with what they are. */
    static final Map<String, String> NAMES = names();

    private static Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("rateWithoutLoss", "Highest rate without loss");
        names.put("handledPerSecond", "Handled per second");
        names.put("lost", "Lost");
        names.put("cpuMicrosPerDatagram", "CPU per datagram");
        names.put("allocatedBytesPerDatagram", "Allocated per datagram");
        names.put("gcPauseMillisMax", "Longest pause for garbage");
        names.put("retainedTimestamps", "Retained timestamps");
        names.put("residentBytes", "Resident memory");
        names.put("latencyMicros.p50", "Latency from receipt, p50");
        names.put("latencyMicros.p99", "Latency from receipt, p99");
        names.put("latencyMicros.p999", "Latency from receipt, p99.9");
        names.put("sendLatencyMicros.p50", "Latency from when due, p50");
        names.put("sendLatencyMicros.p99", "Latency from when due, p99");
        names.put("sendLatencyMicros.p999", "Latency from when due, p99.9");
        names.put("blasterCeiling", "What the blaster can send alone");
        return Collections.unmodifiableMap(names);
    }

    private LoadFigures() {}

    /** A number of a report; NaN if it has none of the name. */
    static double figure(Map<String, Object> report, String name) {
        return value(report, name) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    /** What a report has by a name; null if it has not. */
    static @Nullable Object value(Map<String, Object> report, String name) {
        Object value = report;
        for (String part : name.split("\\.", -1)) {
            value = value instanceof Map<?, ?> map ? map.get(part) : null;
        }
        return value;
    }

    /** What a figure that is compared is, for people. */
    static String words(String figure) {
        return NAMES.getOrDefault(figure, figure);
    }
}
