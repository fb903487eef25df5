package io.trafilo.netty;

/** How a listener reads its sockets. */
public enum Transport {
    /**
     * Linux only. Reads many datagrams with one system call, or one where a sandbox refuses {@code recvmmsg}. Offers several
     * threads and GRO. It finds its native library
     * on the class path. On the module path nothing requires that library, so start the JVM with
     * {@code --add-modules ALL-MODULE-PATH}.
     */
    EPOLL,
    /** The JDK's channels, on every system. One datagram per system call, one thread. */
    NIO
}
