package io.trafilo.bench;

import io.trafilo.Trafilo;
import io.trafilo.netty.ListenerException;
import io.trafilo.netty.Transport;
import io.trafilo.netty.UdpListener;
import java.util.List;
import picocli.CommandLine.Option;

/** The settings of the listener that a command line can give. */
final class ListenerOptions {
    /** Of UDP over IPv6. */
    private static final int MAX_DATAGRAM = 65_527;

    @Option(
            names = "--transport",
            paramLabel = "auto|epoll|nio",
            description = "How to read the socket (default: ${DEFAULT-VALUE}).",
            defaultValue = "auto")
    Transport transport = Transport.AUTO;

    @Option(
            names = "--threads",
            paramLabel = "<n>",
            description = "Listener threads, each with a socket (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    int threads;

    @Option(
            names = "--receive-buffer",
            paramLabel = "<size>",
            description = "The kernel's buffer of a socket (default: ${DEFAULT-VALUE}).",
            defaultValue = "4m",
            converter = BytesConverter.class)
    int receiveBufferBytes;

    @Option(names = "--gro", description = "Let the kernel hand over several datagrams at once (UDP_GRO).")
    boolean gro;

    @Option(names = "--listener-warmup", description = "Warm the listener's own path up before its port is opened.")
    boolean warmUp;

    @Option(
            names = "--run-to-completion",
            description = "Handle what is read on the listener's threads, without the ring.")
    boolean runToCompletion;

    /**
     * Opens the sockets.
     *
     * @param allow the networks to take datagrams from, empty for all
     * @throws SettingException if the listener refuses a setting
     * @throws FailureException if the port cannot be had
     */
    UdpListener start(Trafilo<?> engine, String host, int port, List<String> allow) {
        UdpListener.Builder builder = UdpListener.builder(engine)
                .bind(host, port)
                .maxDatagram(Math.min(engine.maxMessageLength(), MAX_DATAGRAM))
                .transport(transport)
                .gro(gro)
                .warmUp(warmUp)
                .runToCompletion(runToCompletion);
        SettingException.naming("--threads", () -> builder.threads(threads));
        SettingException.naming("--receive-buffer", () -> builder.receiveBuffer(receiveBufferBytes));
        if (!allow.isEmpty()) {
            SettingException.naming("--allow", () -> builder.allow(allow.toArray(new String[0])));
        }
        try {
            return builder.start();
        } catch (IllegalArgumentException refused) {
            throw new SettingException(String.valueOf(refused.getMessage()));
        } catch (ListenerException | IllegalStateException failed) {
            throw new FailureException("cannot listen: " + failed.getMessage());
        }
    }
}
