package io.trafilo.bench;

/** Sends datagrams to one target over one connected socket, and tallies what the kernel took. For one thread. */
interface DatagramSender extends AutoCloseable {
    /** Sends the next datagrams of the traffic and waits until the kernel has taken or refused each. */
    void send(int count);

    SendTally tally();

    /** What it sends with, for reports. */
    String transport();

    @Override
    void close();
}
