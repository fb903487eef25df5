// The embedding that the README shows: counts "service text" datagrams and those among them whose text says error.
package io.trafilo.samples;

import io.trafilo.Counter;
import io.trafilo.Key;
import io.trafilo.Ledger;
import io.trafilo.Trafilo;
import io.trafilo.netty.UdpListener;
import java.time.Duration;

public final class ErrorRates {
    static final class ServiceStats {
        long errors; // since the last line; no lock needed: callbacks of one key never run at the same time
    }

    public static void main(String[] args) throws Exception {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 9999;
        Trafilo<ServiceStats> engine = Trafilo.<ServiceStats>builder()
                .state(service -> new ServiceStats())
                .handler((event, stats) -> stats.errors += event.payloadText().contains("error") ? 1 : 0)
                .sink((window, stats) -> {
                    String service =
                            Key.printable(window.key().toString()); // anybody may send one that steers a terminal
                    System.out.println(service + ": " + window.count() + " in 5 s, " + window.count() / 5.0
                            + "/s, errors since the last line: " + stats.errors);
                    stats.errors = 0;
                })
                .window(Duration.ofSeconds(5))
                .slide(Duration.ofSeconds(1))
                .build();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> printLedger(engine)));
        try (engine) {
            engine.start();
            UdpListener listener =
                    UdpListener.builder(engine).bind("127.0.0.1", port).start(); // the engine closes it
            System.out.println("listening on " + listener.address());
            engine.run(); // until Ctrl-C; throws if the engine failed, and the exit code is 1
        }
    }

    private static void printLedger(Trafilo<?> engine) {
        engine.close(); // returns when all that was received is handled
        Ledger ledger = engine.ledger();
        String dropped = ledger.isKnown(Counter.KERNEL_DROPPED) ? "" + ledger.count(Counter.KERNEL_DROPPED) : "unknown";
        System.out.println("received " + ledger.count(Counter.RECEIVED) + ", dropped by the kernel " + dropped
                + ", conserved: " + ledger.isConserved());
    }
}
