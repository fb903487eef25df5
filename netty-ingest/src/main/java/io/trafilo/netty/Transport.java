package io.trafilo.netty;

/** How a listener reaches its sockets. */
public enum Transport {
    /** {@link #EPOLL} where its native library can be loaded, else {@link #NIO}, and a log entry that says why. */
    AUTO,
    /**
     * Linux only: reads many datagrams with one system call and offers several threads and GRO. Its native library is found
     * on the class path; on the module path nothing requires it, so it takes {@code --add-modules ALL-MODULE-PATH}.
     */
    EPOLL,
    /** The JDK's own channels, on every system: one datagram for each system call, one thread. */
    NIO
}
