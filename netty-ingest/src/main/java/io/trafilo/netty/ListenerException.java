package io.trafilo.netty;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reports why a listener could not start, or an error of its sockets. Errors at the start are thrown; later ones go to the
 * engine's {@link io.trafilo.ErrorListener}.
 */
public final class ListenerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ListenerException(String message) {
        super(message);
    }

    ListenerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Explains what kept a listener from opening its socket or its threads, and what to do about it. */
    static ListenerException bind(InetSocketAddress address, Throwable failure) {
        if (failure instanceof ListenerException explained) {
            return explained;
        }
        Throwable cause = root(failure);
        String where = "bind " + text(address) + ": ";
        String reason = String.valueOf(cause.getMessage());
        String known = reason.toLowerCase(Locale.ROOT);
        if (lacksZone(address.getAddress()) && !known.contains("already in use")) {
            reason = "a link-local address is one of an interface (expected: its zone as well, such as "
                    + address.getAddress().getHostAddress() + "%eth0)";
        } else if (known.contains("address already in use")) {
            reason = "address already in use (another socket holds the port; its process: ss -ulnp sport = :"
                    + address.getPort() + ")";
        } else if (known.contains("permission denied")) {
            reason = "permission denied (expected: port 1024 or above, or a process with CAP_NET_BIND_SERVICE)";
        } else if (known.contains("assign requested address")) {
            reason = "no interface has this address (expected: an address of this machine; 0.0.0.0 or :: for all)";
        } else if (known.contains("too many open files")) {
            reason = "too many open files (expected: at least 4 free descriptors for each thread of the listener;"
                    + " see ulimit -n)";
        } else if (isShortOfDirectMemory(cause)) {
            reason += " (expected: more direct memory; see -XX:MaxDirectMemorySize)";
        } else if (lacksDirectMemoryForNetty(cause)) {
            return noDirectMemoryForNetty(where, cause);
        } else if (cause instanceof UnsatisfiedLinkError) {
            reason = cause.getMessage()
                    + " is not in Netty's native library (expected: netty-transport-native-epoll in the"
                    + " version of the other Netty artifacts, which is 4.2)";
        } else if (!(cause instanceof IOException)) {
            reason = cause.toString();
        }
        return new ListenerException(where + reason, cause);
    }

    private static boolean lacksZone(InetAddress address) {
        return address instanceof Inet6Address ipv6 && ipv6.isLinkLocalAddress() && ipv6.getScopeId() == 0;
    }

    /** For a socket option that the kernel does not have or a sandbox refuses. */
    static ListenerException option(String setting, String needed, Throwable failure) {
        Throwable cause = root(failure);
        return new ListenerException(
                setting + ": " + cause.getMessage() + " (expected: a kernel with the socket option " + needed + ")",
                cause);
    }

    private static Throwable root(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** For Netty classes that failed to initialise without direct memory, which the JVM does not retry. */
    static ListenerException noDirectMemoryForNetty(String where, Throwable failure) {
        Throwable cause = root(failure);
        return new ListenerException(
                where + cause.getMessage()
                        + " (expected: more direct memory; restart the JVM with a higher -XX:MaxDirectMemorySize)",
                cause);
    }

    /** Matches the error itself, or the text that the JVM keeps of it for later uses of the class. */
    static boolean lacksDirectMemoryForNetty(Throwable failure) {
        Throwable cause = root(failure);
        String message = String.valueOf(cause.getMessage());
        return isShortOfDirectMemory(cause)
                || (cause instanceof LinkageError && message.contains("MemoryError: ") && message.contains("direct "));
    }

    /** Whether memory for buffers is lacking. It comes back when the ring drains; heap does not. */
    static boolean isShortOfDirectMemory(Throwable error) {
        return error instanceof OutOfMemoryError
                && String.valueOf(error.getMessage()).contains("direct ");
    }

    /** An address as a user would type it. */
    static String text(InetSocketAddress address) {
        return hostAndPort(address.getAddress().getHostAddress(), address.getPort());
    }

    static String hostAndPort(String host, int port) {
        boolean bare = host.indexOf(':') >= 0 && !host.startsWith("[");
        return (bare ? "[" + host + "]" : host) + ":" + port;
    }
}
