package io.trafilo.bench;

/** Sends datagrams to one target over one connected socket, and tallies what the kernel took. For one thread. */
interface DatagramSender extends AutoCloseable {
    /**
     * Sends the next datagrams of the traffic and waits until the kernel has taken or refused each.
     *
     * @param dueNanos when they were to be sent: a sender that stamps writes it at the beginning of each payload, 8 bytes,
     *     the highest first
     */
    void send(int count, long dueNanos);

    SendTally tally();

    /** What it sends with, for reports. */
    String transport();

    @Override
    void close();
}
