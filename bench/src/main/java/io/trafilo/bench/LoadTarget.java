package io.trafilo.bench;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** An engine under load with its open socket on loopback. For one thread. */
interface LoadTarget extends AutoCloseable {
    /** Its socket: where it is, how it is read, and how much the kernel holds for it. */
    record Socket(InetSocketAddress address, String transport, int receiveBufferBytes) {}

    Socket socket();

    LoadCounts counts();

    /** How full the ring or queue is, 0 to 1; NaN if there is none. */
    default double ringFill() {
        return Double.NaN;
    }

    /** Why the engine stopped by itself, if it did. */
    default Optional<Throwable> failure() {
        return Optional.empty();
    }

    /** How many timestamps are in the windows of all keys. */
    default long retainedTimestamps() {
        return 0;
    }

    /** Whether each event handled gives a latency. */
    default boolean recordsLatency() {
        return true;
    }

    /** The keys with the most events, if it keeps state. */
    default List<BusyKey> busiest(int limit) {
        return List.of();
    }

    /** Handles what was received and stops; {@link #counts} still answers, now for good. */
    @Override
    void close();
}
