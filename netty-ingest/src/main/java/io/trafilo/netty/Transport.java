package io.trafilo.netty;

/** How a listener reaches its sockets. */
public enum Transport {
    /** {@link #EPOLL} where its native library can be loaded, else {@link #NIO}, and a log entry that says why. */
    AUTO,
    /** Linux only: reads many datagrams with one system call and offers several threads and GRO. */
    EPOLL,
    /** The JDK's own channels, on every system: one datagram for each system call, one thread. */
    NIO
}
