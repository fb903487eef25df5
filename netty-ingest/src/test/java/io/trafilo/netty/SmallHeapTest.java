package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.Counter;
import io.trafilo.Ledger;
import io.trafilo.Trafilo;
import io.trafilo.samples.SlowRequests;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that set no limits, on the heap of a small machine or container. */
@Timeout(120)
class SmallHeapTest {
    /** The README's program, which gets a datagram when it listens. Ends with the first window. */
    static final class Readme {
        public static void main(String[] arguments) throws Exception {
            int port;
            try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            System.setOut(new PrintStream(System.out, true, StandardCharsets.UTF_8) {
                @Override
                public void println(String line) {
                    super.println(line);
                    if (line.startsWith("listening on")) {
                        send(port, "web:17|ms");
                    } else {
                        Runtime.getRuntime().halt(0);
                    }
                }
            });
            SlowRequests.main(new String[] {Integer.toString(port)});
        }

        private static void send(int port, String message) {
            byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** An engine that sets no limits and has no aggregates. */
    static final class Plain {
        public static void main(String[] arguments) {
            Trafilo<Void> engine =
                    Trafilo.<Void>builder().sink((window, none) -> {}).build();
            try (engine) {
                engine.start();
                System.out.println(engine);
            }
        }
    }

    /** An engine that is given more keys and events than it has room for. */
    static final class Flood {
        public static void main(String[] arguments) {
            Trafilo<long[]> engine = Trafilo.<long[]>builder()
                    .state(key -> new long[1])
                    .handler((event, count) -> count[0]++)
                    .sink((window, count) -> {})
                    .build();
            try (engine) {
                engine.start();
                byte[] message = new byte[200]; // nearly all of it key
                Arrays.fill(message, (byte) 'k');
                message[message.length - 1] = ' ';
                for (int i = 0; i < 3_000_000; i++) {
                    int key = i % 300_000;
                    for (int digit = 0; digit < 6; digit++, key /= 10) {
                        message[digit] = (byte) ('0' + key % 10);
                    }
                    while (!engine.offer(message, 0, message.length)) {
                        Thread.yield();
                    }
                }
            }
            Ledger ledger = engine.ledger();
            System.out.println(ledger);
            if (ledger.count(Counter.KEY_REFUSED) == 0 || !ledger.isConserved()) {
                throw new AssertionError(ledger.toString());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 64})
    void shouldRunTheReadmesProgramAndTellItsLimits(int mebibytes) throws Exception {
        String printed = new ChildJvm(List.of(), "-Xmx" + mebibytes + "m").run(0, Readme.class);
        assertThat(printed)
                .contains("web: 0.1/s, p99 17 ms")
                .containsPattern("trafilo: limits lowered to fit a heap of \\d+ MiB: maxKeys \\d+,"
                        + " maxRetainedEvents \\d+, ringCapacity \\d+, at most \\d+ MiB: ring \\d+, scratch");
    }

    @Test
    void shouldStartWithoutAggregatesInTheSmallestHeap() throws Exception {
        assertThat(new ChildJvm(List.of(), "-Xmx32m").run(0, Plain.class)).contains("Trafilo[trafilo, RUNNING, ");
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {128, 64})
    void shouldSurviveAFloodOfKeys(int mebibytes) throws Exception {
        String heap = "-Xmx" + mebibytes + "m"; // the serial collector, as the JVM chooses on a small machine
        System.out.println(new ChildJvm(List.of(), heap, "-XX:+UseSerialGC").run(0, Flood.class));
    }

    @Test
    void shouldNotSpeakOfLimitsWhenTheHeapIsLarge() throws Exception {
        assertThat(new ChildJvm(List.of(), "-Xmx2g").run(0, Readme.class)).doesNotContain("limits lowered");
    }
}
