package io.trafilo.bench;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an engine under load has counted so far.
 *
 * @param received datagrams read from the socket
 * @param handled events handled
 * @param pending messages and events that were taken and have no outcome yet
 * @param lostByLayer datagrams that will not be handled, by where they were lost, in the order in which one passes; what the
 *     kernel dropped as far as known by now
 * @param imbalances the engine's own sums that do not close
 * @param details all that the engine counts, by name; null for what it does not know
 */
record LoadCounts(
        long received,
        long handled,
        long pending,
        Map<String, Long> lostByLayer,
        List<String> imbalances,
        Map<String, @Nullable Long> details) {

    /** The layer that all engines have: the socket's receive buffer. */
    static final String KERNEL = "kernel";

    static final LoadCounts NONE = new LoadCounts(0, 0, 0, Map.of(), List.of(), Map.of());

    long kernelDropped() {
        return lostByLayer.getOrDefault(KERNEL, 0L);
    }

    long lost() {
        return lostByLayer.values().stream().mapToLong(Long::longValue).sum();
    }

    boolean isKernelDroppedKnown() {
        return details.getOrDefault("kernelDropped", 0L) != null;
    }

    long arrived() {
        return received + kernelDropped();
    }
}
