package io.trafilo.bench.report;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one run of the load test measured. A number that is not known is NaN; a list or map of what is not known is empty. The
 * collections are copied.
 *
 * @param label what was run; runs of the same label are rounds of it
 * @param round from 1
 * @param handledPerSecond datagrams handled per second of the measured phase
 * @param lost datagrams lost in the measured phase
 * @param cpuMicrosPerDatagram CPU time per datagram received, in microseconds
 * @param samples what was seen over time
 * @param latency the distribution of the latency from receipt to handler
 * @param sendLatency the same from when each datagram was to be sent
 * @param facts what else is to be told, each formatted by the caller, in the order in which they are to be shown
 */
public record ReportRun(
        String label,
        int round,
        double handledPerSecond,
        long lost,
        double cpuMicrosPerDatagram,
        List<Sample> samples,
        List<Percentile> latency,
        List<Percentile> sendLatency,
        Map<String, String> facts) {
    /** Copies the collections. */
    public ReportRun {
        requireNonNull(label, "label");
        if (label.isBlank()) {
            throw new IllegalArgumentException("label: blank (expected: what was run)");
        }
        if (round < 1) {
            throw new IllegalArgumentException("round: " + round + " (expected: 1 or more)");
        }
        samples = List.copyOf(samples);
        latency = List.copyOf(latency);
        sendLatency = List.copyOf(sendLatency);
        // not Map.copyOf, which forgets the order
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        facts.forEach((name, value) -> {
            requireNonNull(name, "name of a fact");
            requireNonNull(value, name);
        });
    }

    /** The latency from receipt to handler at a percentile, NaN if not known. */
    double latencyMicros(double percentile) {
        return Percentile.micros(latency, percentile);
    }
}
