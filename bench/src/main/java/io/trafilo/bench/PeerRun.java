package io.trafilo.bench;

/**
 * One run of a peer.
 *
 * @param sent what the sender sent while it was measured
 * @param seconds for so long
 * @param dropped those among them for which its socket had no room
 * @param cpuSeconds processor time that it took for the others, until all were handled
 * @param read how many it read from its socket in all, warm-up included
 * @param handled how many it says it has handled in all
 * @param senderCeiling how many a second the sender could send before, to a socket that nobody reads
 */
record PeerRun(
        String peer,
        int round,
        long sent,
        double seconds,
        long dropped,
        double cpuSeconds,
        long read,
        long handled,
        long senderCeiling) {
    double handledPerSecond() {
        return (sent - dropped) / seconds;
    }

    double cpuMicrosPerDatagram() {
        return cpuSeconds * 1e6 / (sent - dropped);
    }

    double droppedPercent() {
        return 100.0 * dropped / sent;
    }

    String text() {
        return Console.format(
                "round %d %-26s %,11.0f/s %7.2f us each, %5.1f %% dropped",
                round, peer, handledPerSecond(), cpuMicrosPerDatagram(), droppedPercent());
    }

    /** What is wrong with it: empty, or that it has not handled what it read. */
    String complaint() {
        return handled == read
                ? ""
                : Console.format("round %d %s: read %,d datagrams, says it handled %,d", round, peer, read, handled);
    }
}
