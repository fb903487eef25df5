package io.trafilo.netty;

import io.trafilo.Counter;
import io.trafilo.Trafilo;
import io.trafilo.WaitMode;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Sends datagrams to its own listener and engine, so that the code they share with the real ones gets compiled. */
final class WarmUp {
    static final String NAME = "trafilo-warmup";
    private static final int MAX_DATAGRAMS = 200_000;
    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
    private static final int MAX_UNDER_WAY = 2048;
    private static final int CHECK_MASK = 255;
    private static final int KEYS = 64;

    private WarmUp() {}

    /** Runs for at most about two seconds. A failure is logged and keeps nothing from starting. */
    static void run(ListenerSettings settings, NettyTransport transport, boolean ipv4) {
        try (Trafilo<long[]> engine = engine()) {
            engine.start();
            ListenerSettings loopback = settings.onLoopback(ipv4);
            ListenerSockets sockets = new ListenerSockets(engine, loopback, transport, loopback.resolve());
            try {
                sockets.start();
                send(engine, sockets.address());
            } finally {
                sockets.close(CLOSE_TIMEOUT);
            }
        } catch (IOException | RuntimeException | LinkageError e) {
            NettyTransport.LOGGER.log(Level.WARNING, "warmUp: failed, the listener starts cold", e);
        }
    }

    private static Trafilo<long[]> engine() {
        return Trafilo.<long[]>builder()
                .name(NAME)
                .state(key -> new long[1])
                .handler((event, count) -> count[0]++)
                .sink((window, count) -> {})
                .errorListener((stage, key, error) -> {})
                .window(Duration.ofMillis(200))
                .slide(Duration.ofMillis(20))
                .maxKeys(KEYS)
                .maxRetainedEvents(MAX_DATAGRAMS)
                .workers(2)
                .waitMode(WaitMode.PARK)
                .closeTimeout(CLOSE_TIMEOUT)
                .build();
    }

    private static void send(Trafilo<?> engine, InetSocketAddress to) throws IOException {
        ByteBuffer[] messages = new ByteBuffer[KEYS];
        for (int i = 0; i < KEYS; i++) {
            byte[] text = ("key" + i + " 1").getBytes(StandardCharsets.US_ASCII);
            messages[i] = ByteBuffer.allocateDirect(text.length).put(text).flip();
        }
        long startNanos = System.nanoTime();
        try (DatagramChannel sender = DatagramChannel.open()) {
            sender.connect(to);
            for (int sent = 0; sent < MAX_DATAGRAMS; sent++) {
                sender.write(messages[sent % KEYS].rewind());
                if ((sent & CHECK_MASK) == 0 && !waitForReceiver(engine, sent, startNanos)) {
                    return;
                }
            }
        }
    }

    /** Keeps the sender from running far ahead; false when time is up. */
    private static boolean waitForReceiver(Trafilo<?> engine, long sent, long startNanos) {
        while (System.nanoTime() - startNanos < MAX_NANOS) {
            var ledger = engine.ledger();
            if (sent - ledger.count(Counter.RECEIVED) - ledger.count(Counter.KERNEL_DROPPED) < MAX_UNDER_WAY) {
                return true;
            }
            Thread.yield();
        }
        return false;
    }
}
