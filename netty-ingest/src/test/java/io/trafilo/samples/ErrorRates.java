// The embedding that the README shows: counts "service text" datagrams and those among them whose text says error.
package io.trafilo.samples;

import io.trafilo.Trafilo;
import io.trafilo.netty.UdpListener;
import java.time.Duration;

public final class ErrorRates {
    static final class ServiceStats {
        long errors; // no lock needed: callbacks of one key never run at the same time
    }

    public static void main(String[] args) throws Exception {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 9999;
        try (Trafilo<ServiceStats> engine = Trafilo.<ServiceStats>builder()
                .state(service -> new ServiceStats())
                .handler((event, stats) -> stats.errors += event.payloadText().contains("error") ? 1 : 0)
                .sink((window, stats) -> System.out.println(
                        window.key() + ": " + window.count() + " in 5 s, errors so far: " + stats.errors))
                .window(Duration.ofSeconds(5))
                .slide(Duration.ofSeconds(1))
                .build()) {
            engine.start();
            UdpListener listener =
                    UdpListener.builder(engine).bind("127.0.0.1", port).start(); // the engine closes it
            System.out.println("listening on " + listener.address());
            engine.run(); // until Ctrl-C; throws if the engine failed
        }
    }
}
