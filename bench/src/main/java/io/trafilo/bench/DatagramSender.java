package io.trafilo.bench;

/** Sends datagrams to one target over one connected socket, and tallies what the kernel took. For one thread. */
interface DatagramSender extends AutoCloseable {
    /** When the datagrams of one call were to be sent, however late it is now. */
    interface Schedule {
        long dueNanos(int index);
    }

    /**
     * Sends the next datagrams of the traffic and waits until the kernel has taken or refused each.
     *
     * @param schedule when each was to be sent: a sender that stamps writes it at the beginning of its payload, 8 bytes, the
     *     highest first
     */
    void send(int count, Schedule schedule);

    SendTally tally();

    /** What it sends with, for reports. */
    String transport();

    @Override
    void close();
}
