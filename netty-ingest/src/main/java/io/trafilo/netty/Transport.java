package io.trafilo.netty;

/** How a listener reads its sockets. */
public enum Transport {
    /**
     * Linux only. Reads many datagrams with one system call, or one where a sandbox refuses {@code recvmmsg}. Offers several
     * threads and GRO. It finds its native library on the class path. On the module path nothing requires that library: add
     * {@code --add-modules io.netty.transport.epoll.linux.x86_64} ({@code aarch_64} on ARM) to the command line of the JVM or
     * of jlink.
     */
    EPOLL,
    /** The JDK's channels, on every system. One datagram per system call, one thread. */
    NIO
}
