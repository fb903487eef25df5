package io.trafilo.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The README's program, in a JVM of its own, which a signal ends. */
@Timeout(120)
class ErrorRatesTest {
    private static final Pattern LINE = Pattern.compile(
            "(?<key>.+): (?<count>\\d+) in 5 s, (?<rate>[\\d.]+)/s, errors since the last line: (?<errors>\\d+)");

    @Test
    void shouldPrintCountsAndRatesAndAtTheEndTheLedgerWhenDatagramsArrive() throws Exception {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dfile.encoding=UTF-8",
                        "-Dstdout.encoding=UTF-8",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ErrorRates.class.getName(),
                        "0")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader printed = program.inputReader(StandardCharsets.UTF_8)) {
            send(
                    portIn(printed.readLine()),
                    "zürich ok",
                    "zürich error 17\n",
                    "zürich ok",
                    "zörich ok\nzörich error in a second line, but of the same event\n",
                    "web ok\n");
            int errors = 0;
            String last = "";
            while (!last.startsWith("zürich: 3 in 5 s, 0.6/s")) {
                last = printed.readLine();
                assertThat(last).matches(LINE);
                assertThat(last).containsPattern("^(zürich|zörich|web): ");
                errors += errorsIn(last, "zürich");
            }
            assertThat(errors).isEqualTo(1);

            program.toHandle().destroy(); // as Ctrl-C does
            do {
                last = printed.readLine();
            } while (last != null && LINE.matcher(last).matches());
            assertThat(last).isEqualTo("received 5, dropped by the kernel 0, conserved: true");
            assertThat(program.waitFor()).isEqualTo(128 + 15);
        } finally {
            program.destroyForcibly();
        }
    }

    private static int portIn(String announcement) {
        assertThat(announcement).startsWith("listening on ");
        return Integer.parseInt(announcement.substring(announcement.lastIndexOf(':') + 1));
    }

    private static int errorsIn(String line, String key) {
        Matcher parts = LINE.matcher(line);
        return parts.matches() && parts.group("key").equals(key) ? Integer.parseInt(parts.group("errors")) : 0;
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
