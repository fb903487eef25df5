package io.trafilo.simulation;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kernel's side of a socket: a queue that drops what it has no room for. */
final class SimulatedSocket {
    private final ArrayDeque<byte[]> queue = new ArrayDeque<>();
    private final int capacity;
    private long arrived;
    private long dropped;

    SimulatedSocket(int capacity) {
        this.capacity = capacity;
    }

    void arrive(List<byte[]> datagrams) {
        for (byte[] datagram : datagrams) {
            arrived++;
            if (queue.size() < capacity) {
                queue.add(datagram);
            } else {
                dropped++;
            }
        }
    }

    byte @Nullable [] read() {
        return queue.poll();
    }

    long arrived() {
        return arrived;
    }

    long dropped() {
        return dropped;
    }

    long waiting() {
        return queue.size();
    }
}
