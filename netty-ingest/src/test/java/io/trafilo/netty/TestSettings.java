package io.trafilo.netty;

import java.time.Duration;
import java.util.List;

/** Settings of a listener at any free port of the loopback interface. */
final class TestSettings {
    private TestSettings() {}

    static ListenerSettings loopback(Transport transport) {
        return loopback(transport, 1);
    }

    static ListenerSettings loopback(Transport transport, int threads) {
        return new ListenerSettings(
                "127.0.0.1",
                0,
                threads,
                65_536,
                2048,
                transport,
                false,
                false,
                false,
                Duration.ofSeconds(1),
                List.of(),
                List.of(),
                NettyTransport::epollUnavailabilityCause);
    }
}
