package io.trafilo.samples;

import io.trafilo.EventParser;
import io.trafilo.Ledger;
import io.trafilo.TimeBasis;
import io.trafilo.Trafilo;
import io.trafilo.WindowResult;
import io.trafilo.netty.UdpListener;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What docs/guide.md shows. */
final class GuideSamples {
    final Queue<WindowResult> alerts = new ConcurrentLinkedQueue<>();

    Ledger listenAndClose(Runnable work) {
        Trafilo<Void> engine = Trafilo.<Void>builder()
                .sink((window, none) -> alerts.add(window.toResult()))
                .window(Duration.ofSeconds(5))
                .slide(Duration.ofSeconds(1))
                .build();
        engine.start();
        UdpListener listener = UdpListener.builder(engine).bind("127.0.0.1", 0).start();

        work.run();

        listener.close();
        engine.close();
        Ledger ledger = engine.ledger();
        if (!ledger.isConserved()) {
            throw new IllegalStateException(ledger.imbalances().toString());
        }
        return ledger;
    }

    static boolean offerOne(Trafilo<?> engine) {
        byte[] message = "svc7 GET /index".getBytes(StandardCharsets.UTF_8);
        boolean taken = engine.offer(message, 0, message.length);
        return taken;
    }

    static EventParser pairs() {
        return (buffer, offset, length, out) -> {
            int end = offset + length;
            int start = offset;
            while (start < end) {
                int stop = start;
                int equals = -1;
                while (stop < end && buffer[stop] != ';') {
                    if (buffer[stop] == '=' && equals < 0) {
                        equals = stop;
                    }
                    stop++;
                }
                if (equals > start) {
                    out.event(start, equals - start, equals + 1, stop - equals - 1);
                } else {
                    out.reject();
                }
                start = stop + 1;
            }
        };
    }

    static void replay(List<String> recording, Queue<WindowResult> windows) {
        Trafilo<Void> engine = Trafilo.<Void>builder()
                .parser((buffer, offset, length, out) -> {
                    String[] line = new String(buffer, offset, length, StandardCharsets.UTF_8).split(" ", 2);
                    out.event(offset, line[0].length(), offset + length, 0, Long.parseLong(line[1]));
                })
                .timeBasis(TimeBasis.EVENT)
                .workers(1)
                .sink((window, none) -> windows.add(window.toResult()))
                .build();
        engine.start();
        for (String line : recording) {
            byte[] message = line.getBytes(StandardCharsets.UTF_8);
            while (!engine.offer(message, 0, message.length)) {
                Thread.onSpinWait();
            }
        }
        engine.close();
    }
}
