package io.trafilo;

import java.net.InetSocketAddress;

/**
 * Who sent a message: an IP address and a port. A read-only flyweight, valid during the callback that it was given to and on its
 * thread only. An IPv4 address that came mapped into IPv6 is given as IPv4.
 */
public interface Sender {
    /** {@return whether the sender is known; never for messages that were {@linkplain Trafilo#offer offered}} */
    boolean isKnown();

    /** {@return the port, 0 to 65,535; 0 if the sender is unknown} */
    int port();

    /** {@return the length of the address in bytes: 4, 16, or 0 if the sender is unknown} */
    int addressLength();

    /**
     * Reads a byte of the address, in network order.
     *
     * @param index from 0 to {@code addressLength() - 1}
     * @return that byte
     * @throws IndexOutOfBoundsException if there is no such index
     */
    byte addressByte(int index);

    /**
     * The address and port as an object, in a new one for each call.
     *
     * @return an address to keep, without a zone
     * @throws IllegalStateException if the sender is unknown
     */
    InetSocketAddress toSocketAddress();
}
