package io.trafilo.bench.jmh;

/** A ring and the workers that parse what one thread puts into it. */
interface MessagePool extends AutoCloseable {
    /** Puts a copy of a message into the ring, with no time of receipt; false if it is full. */
    boolean offer(byte[] message);

    /** How many messages were parsed. */
    long parsed();

    /** Ends the workers, all messages having been parsed. */
    @Override
    void close();
}
