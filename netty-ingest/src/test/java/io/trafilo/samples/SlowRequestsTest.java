package io.trafilo.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The README's program, in a JVM of its own, which a signal ends. */
@Timeout(120)
class SlowRequestsTest {
    private static final Pattern LINE = Pattern.compile("(?<key>.+): [\\d.]+/s, p99 (\\d+|NaN) ms(, TOO SLOW)?");

    @Test
    void shouldPrintRatesAndQuantilesAndAtTheEndTheLedgerWhenDatagramsArrive() throws Exception {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dfile.encoding=UTF-8",
                        "-Dstdout.encoding=UTF-8",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SlowRequests.class.getName(),
                        "0")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader printed = program.inputReader(StandardCharsets.UTF_8)) {
            send(
                    portIn(printed.readLine()),
                    "zürich:120|ms",
                    "zürich:121|ms|@0.5\n",
                    "zörich:400|ms\nthis is none\nweb:9|ms\n");
            List<Pattern> wanted = new ArrayList<>(List.of( // a quantile is within 1 %
                    Pattern.compile("zürich: 0\\.3/s, p99 1[12]\\d ms"),
                    Pattern.compile("zörich: 0\\.1/s, p99 (39|40)\\d ms, TOO SLOW")));
            String last = "";
            while (!wanted.isEmpty()) {
                String line = printed.readLine();
                assertThat(line).matches(LINE);
                assertThat(line).containsPattern("^(zürich|zörich|web): ");
                wanted.removeIf(pattern -> pattern.matcher(line).matches());
            }

            program.toHandle().destroy(); // as Ctrl-C does
            do {
                last = printed.readLine();
            } while (last != null && LINE.matcher(last).matches());
            assertThat(last).isEqualTo("received 3, dropped by the kernel 0, conserved: true");
            assertThat(program.waitFor()).isEqualTo(128 + 15);
        } finally {
            program.destroyForcibly();
        }
    }

    private static int portIn(String announcement) {
        assertThat(announcement).startsWith("listening on ");
        return Integer.parseInt(announcement.substring(announcement.lastIndexOf(':') + 1));
    }

    private static void send(int port, String... messages) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            for (String message : messages) {
                byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
                socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
            }
        }
    }
}
