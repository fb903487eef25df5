package io.trafilo.bench;

import java.util.List;
import java.util.Map;

/**
 * What an engine under load has counted so far.
 *
 * @param received datagrams read from the socket
 * @param kernelDropped datagrams the kernel dropped for want of room, as far as known by now
 * @param lost datagrams that did not get as far as a worker: those, and what the listener dropped
 * @param handled events handled
 * @param pending messages and events that were taken and have no outcome yet
 * @param imbalances the engine's own sums that do not close
 * @param details all that the engine counts, by name
 */
record LoadCounts(
        long received,
        long kernelDropped,
        long lost,
        long handled,
        long pending,
        List<String> imbalances,
        Map<String, Long> details) {

    static final LoadCounts NONE = new LoadCounts(0, 0, 0, 0, 0, List.of(), Map.of());

    long arrived() {
        return received + kernelDropped;
    }
}
