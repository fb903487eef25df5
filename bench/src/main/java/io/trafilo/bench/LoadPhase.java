package io.trafilo.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One phase of a load test: what the blaster did, what the engine counted before and after, and how long it went on until all
 * was handled.
 */
record LoadPhase(BlastResult blast, LoadCounts before, LoadCounts after, long nanos) {
    static final LoadPhase NONE = new LoadPhase(BlastResult.NONE, LoadCounts.NONE, LoadCounts.NONE, 0);

    /**
     * What became of the datagrams of a phase.
     *
     * @param lost those sent and not handled: with UDP_GRO more than the layers know, since the kernel counts buffers
     */
    record Counts(
            long sent, long received, long kernelDropped, long handled, long lost, Map<String, Long> lostByLayer) {
        static Counts between(long sent, LoadCounts before, LoadCounts after) {
            Map<String, Long> lost = new LinkedHashMap<>();
            after.lostByLayer()
                    .forEach((layer, count) ->
                            lost.put(layer, count - before.lostByLayer().getOrDefault(layer, 0L)));
            long handled = after.handled() - before.handled();
            return new Counts(
                    sent,
                    after.received() - before.received(),
                    after.kernelDropped() - before.kernelDropped(),
                    handled,
                    sent - handled,
                    lost);
        }

        long lost(String layer) {
            return lostByLayer.getOrDefault(layer, 0L);
        }
    }

    Counts counts() {
        return Counts.between(blast.sent(), before, after);
    }

    double handledPerSecond() {
        return nanos == 0 ? 0 : counts().handled() / (nanos / 1e9);
    }
}
