package io.trafilo.bench;

import io.trafilo.Trafilo;
import io.trafilo.netty.ListenerException;
import io.trafilo.netty.Transport;
import io.trafilo.netty.UdpListener;
import io.trafilo.netty.UdpListenerBuilder;
import java.util.List;
import picocli.CommandLine.Option;

/** The settings of the listener that a command line can give. */
final class ListenerOptions {
    /** Of UDP over IPv6. */
    private static final int MAX_DATAGRAM = 65_527;

    @Option(names = "--transport", paramLabel = "auto|epoll|nio", defaultValue = "auto")
    TransportChoice transport = TransportChoice.AUTO;

    @Option(names = "--threads", paramLabel = "<count>", defaultValue = "1")
    @Range(min = 1, max = 64)
    int threads;

    @Option(names = "--receive-buffer", paramLabel = "<bytes>", defaultValue = "4m", converter = BytesConverter.class)
    int receiveBufferBytes;

    @Option(names = "--gro")
    boolean gro;

    @Option(names = "--listener-warmup")
    boolean warmUp;

    @Option(names = "--run-to-completion")
    boolean runToCompletion;

    /** The transports, and the listener's own choice. */
    enum TransportChoice {
        AUTO,
        EPOLL,
        NIO
    }

    /**
     * Opens the sockets.
     *
     * @param allow the networks to take datagrams from, empty for all
     * @throws SettingException if the listener refuses a setting
     * @throws FailureException if the port cannot be had
     */
    UdpListener start(Trafilo<?> engine, String host, int port, List<String> allow) {
        UdpListenerBuilder builder = UdpListener.builder(engine)
                .bind(host, port)
                .maxDatagramBytes(Math.min(engine.settings().maxMessageLength(), MAX_DATAGRAM))
                .gro(gro)
                .warmUp(warmUp)
                .runToCompletion(runToCompletion);
        if (transport != TransportChoice.AUTO) {
            builder.transport(Transport.valueOf(transport.name()));
        }
        SettingException.naming("--threads", () -> builder.threads(threads));
        SettingException.naming("--receive-buffer", () -> builder.receiveBufferBytes(receiveBufferBytes));
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
