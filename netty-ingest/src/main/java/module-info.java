/** The UDP listener. It feeds datagrams from Netty channels to the engine of {@code io.trafilo.core}. */
module io.trafilo.netty {
    requires transitive io.trafilo.core;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;
    requires static transitive org.jspecify;

    exports io.trafilo.netty;
}
