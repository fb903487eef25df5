package io.trafilo.samples;

import io.trafilo.Aggregates;
import io.trafilo.EventParser;
import io.trafilo.Ledger;
import io.trafilo.Stall;
import io.trafilo.StallListener;
import io.trafilo.TimeBasis;
import io.trafilo.TopKeys;
import io.trafilo.Trafilo;
import io.trafilo.TrafiloSettings;
import io.trafilo.WindowResult;
import io.trafilo.netty.UdpListener;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** What docs/guide.md shows. */
final class GuideSamples {
    final Queue<WindowResult> alerts = new ConcurrentLinkedQueue<>();

    Ledger listenAndClose(Runnable work) {
        Trafilo<Void> engine = Trafilo.<Void>builder()
                .sink((window, none) -> alerts.add(window.toResult()))
                .window(Duration.ofSeconds(5))
                .slide(Duration.ofSeconds(1))
                .build();
        try (engine) { // closes it whatever happens: its threads keep the JVM alive
            engine.start();
            UdpListener listener =
                    UdpListener.builder(engine).bind("127.0.0.1", 0).start();

            work.run();

            listener.close();
        }
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
                while (stop < end && buffer[stop] != ';' && buffer[stop] != '\n') {
                    if (buffer[stop] == '=' && equals < 0) {
                        equals = stop;
                    }
                    stop++;
                }
                if (equals > start) {
                    out.event(start, equals - start, equals + 1, stop - equals - 1);
                } else if (stop > start) { // not the nothing behind the last line end
                    out.reject();
                }
                start = stop + 1;
            }
        };
    }

    static Trafilo<Void> latencies(EventParser parser, PrintStream out) {
        Trafilo<Void> engine = Trafilo.<Void>builder()
                .parser(parser)
                .aggregate(Aggregates.sum().max().quantiles(0.01).distinct())
                .sink((window, none) -> out.printf(
                        "%s: %d requests of %d users, mean %.1f ms, p99 %.1f ms, longest %.1f ms%n",
                        window.key(),
                        window.count(),
                        window.distinct(),
                        window.mean(),
                        window.quantile(0.99),
                        window.max()))
                .build();
        return engine;
    }

    static Trafilo<Void> busiest(Queue<WindowResult> windows, TopKeys top) {
        Trafilo<Void> engine = Trafilo.<Void>builder()
                .sink(top.then((window, none) -> windows.add(window.toResult())))
                .build();
        return engine;
    }

    static void print(TopKeys top, PrintStream out) {
        for (TopKeys.Entry entry : top.list()) {
            out.println(entry.key() + " " + entry.value());
        }
    }

    static Trafilo<long[]> sums() {
        return Trafilo.<long[]>builder()
                .state(key -> new long[1])
                .handler((event, sum) -> {
                    ByteBuffer payload = event.payload();
                    if (payload.remaining() >= Integer.BYTES) {
                        sum[0] += payload.getInt();
                    }
                })
                .build();
    }

    static long longestBacklogBytes(Trafilo<?> engine) {
        TrafiloSettings<?> settings = engine.settings();
        return (long) settings.ringCapacity() * settings.maxMessageLength();
    }

    static StallListener printing(PrintStream out) {
        return new StallListener() {
            @Override
            public void onStall(Stall stall) {
                out.println(stall.stage() + " is stuck on " + stall.thread());
                stall.stack().forEach(frame -> out.println("    at " + frame));
            }

            @Override
            public void onStallEnd(Stall stall) {
                out.println(stall.stage() + " goes on after " + stall.duration().toMillis() + " ms");
            }
        };
    }

    static EventParser recorded() {
        return (buffer, offset, length, out) -> {
            int end = offset + length;
            int start = offset;
            while (start < end) {
                int stop = start;
                int space = -1;
                while (stop < end && buffer[stop] != '\n') {
                    if (buffer[stop] == ' ' && space < 0) {
                        space = stop;
                    }
                    stop++;
                }
                if (stop > start) {
                    try {
                        String millis = new String(buffer, space + 1, stop - space - 1, StandardCharsets.US_ASCII);
                        long timestampNanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(millis));
                        out.event(start, space - start, stop, 0).at(timestampNanos);
                    } catch (NumberFormatException | IndexOutOfBoundsException noTime) { // or no key
                        out.reject();
                    }
                }
                start = stop + 1;
            }
        };
    }

    static void replay(List<String> recording, Queue<WindowResult> windows) {
        Trafilo<Void> engine = Trafilo.<Void>builder()
                .parser(recorded())
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
