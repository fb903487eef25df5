package io.trafilo.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One phase of a load test: what the blaster did, what the engine counted before and after, and how long it went on until all
 * was handled.
 */
record LoadPhase(BlastResult blast, LoadCounts before, LoadCounts after, long nanos) {
    static LoadPhase none() {
        return new LoadPhase(new BlastResult(0, 0, 0, Map.of()), LoadCounts.NONE, LoadCounts.NONE, 0);
    }

    long received() {
        return after.received() - before.received();
    }

    long kernelDropped() {
        return after.kernelDropped() - before.kernelDropped();
    }

    long handled() {
        return after.handled() - before.handled();
    }

    /** Datagrams that were sent and not handled: with UDP_GRO more than the layers know, since the kernel counts buffers. */
    long lost() {
        return blast.sent() - handled();
    }

    long lost(String layer) {
        return after.lostByLayer().getOrDefault(layer, 0L)
                - before.lostByLayer().getOrDefault(layer, 0L);
    }

    Map<String, Long> lostByLayer() {
        Map<String, Long> lost = new LinkedHashMap<>();
        after.lostByLayer().keySet().forEach(layer -> lost.put(layer, lost(layer)));
        return lost;
    }

    double handledPerSecond() {
        return nanos == 0 ? 0 : handled() / (nanos / 1e9);
    }

    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("sent", blast.sent());
        map.put("received", received());
        map.put("kernelDropped", kernelDropped());
        map.put("handled", handled());
        map.put("lost", lost());
        map.put("lostByLayer", lostByLayer());
        return map;
    }
}
