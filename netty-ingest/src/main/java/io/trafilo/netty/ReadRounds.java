package io.trafilo.netty;

/**
 * Tells when what a socket held at first has been read. Asked once in a round, about every millisecond. For one event loop.
 */
final class ReadRounds {
    /*
     * Several rounds without arrivals mean that the socket is empty; one is not enough, because Netty's loop may run twice
     * without reading the socket. A socket that never runs dry is done when more was read than it can hold.
     */
    static final long ROUND_MILLIS = 1;

    private static final int QUIET_ROUNDS = 3;

    private final long readAtFirst;
    private final long maxHeld;
    private long readAtRound = -1;
    private int quietRounds;

    /**
     * {@code read}: how many datagrams were read by now. {@code maxHeld}: how many the socket can hold.
     */
    ReadRounds(long read, long maxHeld) {
        this.readAtFirst = read;
        this.maxHeld = maxHeld;
    }

    /** {@code paused}: whether the socket is not being read at the moment. */
    boolean isOver(long read, boolean paused) {
        quietRounds = read == readAtRound && !paused ? quietRounds + 1 : 0;
        readAtRound = read;
        return quietRounds >= QUIET_ROUNDS || read - readAtFirst > maxHeld;
    }
}
