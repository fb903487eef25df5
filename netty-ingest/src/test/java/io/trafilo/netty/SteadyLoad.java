package io.trafilo.netty;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A thread that sends from many ports in turn, at a pace or as fast as it can, until it is stopped. */
final class SteadyLoad implements AutoCloseable {
    private static final int AT_ONCE = 16;

    private final List<Sender> senders = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "test-load");
    private final long pauseNanos;
    private volatile boolean stopped;
    private volatile long sent;

    /** @param perSecond how many datagrams a second, 0 for as many as possible */
    SteadyLoad(InetSocketAddress to, int ports, int perSecond) {
        for (int i = 0; i < ports; i++) {
            senders.add(new Sender(to));
        }
        pauseNanos = perSecond == 0 ? 0 : 1_000_000_000L * AT_ONCE / perSecond;
        thread.start();
    }

    private void run() {
        long dueNanos = System.nanoTime();
        for (int i = 0; !stopped; i++) {
            senders.get(i % senders.size()).send("key" + i % 10 + " 1");
            sent = i + 1L;
            if (pauseNanos > 0 && i % AT_ONCE == 0) {
                dueNanos += pauseNanos;
                LockSupport.parkNanos(dueNanos - System.nanoTime());
            }
        }
    }

    long sent() {
        return sent;
    }

    /** Stops and tells how many were sent. */
    long stop() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return sent;
    }

    @Override
    public void close() {
        stop();
        senders.forEach(Sender::close);
    }
}
