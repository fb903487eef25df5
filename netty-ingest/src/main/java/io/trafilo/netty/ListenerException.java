package io.trafilo.netty;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Says why a listener could not start, or what went wrong with its sockets later. Start failures are thrown; later ones go
 * to the engine's {@link io.trafilo.ErrorListener}.
 */
public final class ListenerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ListenerException(String message) {
        super(message);
    }

    ListenerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** What the kernel's answer to a bind means and what to do about it. */
    static ListenerException bind(InetSocketAddress address, Throwable cause) {
        String where = "bind " + text(address) + ": ";
        String reason = String.valueOf(cause.getMessage());
        String known = reason.toLowerCase(Locale.ROOT);
        if (known.contains("address already in use")) {
            reason = "address already in use (another socket holds the port; its process: ss -ulnp sport = :"
                    + address.getPort() + ")";
        } else if (known.contains("permission denied")) {
            reason = "permission denied (expected: port 1024 or above, or a process with CAP_NET_BIND_SERVICE)";
        } else if (known.contains("assign requested address")) {
            reason = "no interface has this address (expected: an address of this machine; 0.0.0.0 or :: for all)";
        } else if (!(cause instanceof IOException)) {
            reason = cause.toString();
        }
        return new ListenerException(where + reason, cause);
    }

    /** An address as one would type it. */
    static String text(InetSocketAddress address) {
        return hostAndPort(address.getAddress().getHostAddress(), address.getPort());
    }

    static String hostAndPort(String host, int port) {
        boolean bare = host.indexOf(':') >= 0 && !host.startsWith("[");
        return (bare ? "[" + host + "]" : host) + ":" + port;
    }
}
