/**
 * The UDP listener. Datagrams come in at the sockets of a {@link io.trafilo.netty.UdpListener}; batches of pooled buffers go
 * out into the engine's ring.
 *
 * <p>Netty stays inside: no exported signature names one of its types.
 */
@NullMarked
package io.trafilo.netty;

import org.jspecify.annotations.NullMarked;
