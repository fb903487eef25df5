package io.trafilo.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a process held at a moment of a soak.
 *
 * @param seconds since the soak began
 * @param heapBytes what a collection that was asked for left; NaN in the samples between two of them
 * @param directBytes memory outside of the heap for buffers, Netty's pool included
 * @param residentBytes as the kernel sees it
 * @param p999Micros of the latency from receipt to the handler, since the sample before; NaN if nothing was measured
 */
record SoakSample(
        double seconds,
        double heapBytes,
        double directBytes,
        double residentBytes,
        double threads,
        double openFiles,
        double p999Micros) {

    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("seconds", seconds);
        map.put("heapBytes", heapBytes);
        map.put("directBytes", directBytes);
        map.put("residentBytes", residentBytes);
        map.put("threads", threads);
        map.put("openFiles", openFiles);
        map.put("p999Micros", p999Micros);
        return map;
    }
}
