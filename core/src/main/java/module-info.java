/**
 * The engine. It has no network code and needs no logging framework. A listener module such as {@code io.trafilo.netty}
 * feeds it.
 */
module io.trafilo.core {
    requires com.lmax.disruptor;
    requires hash4j;
    requires org.agrona;
    requires static transitive org.jspecify;

    exports io.trafilo;
    exports io.trafilo.spi;
}
