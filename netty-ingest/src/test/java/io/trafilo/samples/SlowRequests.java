package io.trafilo.samples;

import io.trafilo.Aggregates;
import io.trafilo.Counter;
import io.trafilo.Key;
import io.trafilo.Ledger;
import io.trafilo.Trafilo;
import io.trafilo.WindowView;
import io.trafilo.formats.StatsD;
import io.trafilo.netty.UdpListener;
import java.time.Duration;
import java.util.Locale;

public final class SlowRequests {
    public static void main(String[] args) throws Exception {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 8125;
        Trafilo<Void> engine = Trafilo.<Void>builder()
                .parser(StatsD.parser())
                .aggregate(Aggregates.weightedCount().quantiles())
                .sink((window, none) -> report(window))
                .window(Duration.ofSeconds(10))
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

    private static void report(WindowView window) {
        if (window.count() == 0) {
            return; // the last window of a key that fell quiet
        }
        String key = Key.printable(window.key().toString()); // anybody may send one that steers a terminal
        double p99 = window.quantile(0.99);
        System.out.println(String.format(Locale.ROOT, "%s: %.1f/s, p99 %.0f ms", key, window.weightedCount() / 10, p99)
                + (p99 > 250 ? ", TOO SLOW" : ""));
    }

    private static void printLedger(Trafilo<?> engine) {
        engine.close(); // returns when all that was received is handled
        Ledger ledger = engine.ledger();
        String dropped = ledger.isKnown(Counter.KERNEL_DROPPED) ? "" + ledger.count(Counter.KERNEL_DROPPED) : "unknown";
        System.out.println("received " + ledger.count(Counter.RECEIVED) + ", dropped by the kernel " + dropped
                + ", conserved: " + ledger.isConserved());
    }
}
