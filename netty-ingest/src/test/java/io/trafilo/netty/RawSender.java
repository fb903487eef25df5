package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Sends what no socket of Java can, through raw_udp.py; skips the test, and says why, where that is not possible. */
final class RawSender {
    private static final int NOT_PERMITTED = 77;

    private RawSender() {}

    /** Each step is {@code sourcePort:length:shape}, as the script explains. */
    static void send(InetSocketAddress to, String... steps) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("python3", "-", Integer.toString(to.getPort())));
        command.addAll(List.of(steps));
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException noPython) {
            Needs.that(false, "no python3 to send raw packets with: " + noPython.getMessage());
            return;
        }
        try (InputStream script = RawSender.class.getResourceAsStream("raw_udp.py");
                OutputStream stdin = process.getOutputStream()) {
            script.transferTo(stdin);
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        Needs.that(exit != NOT_PERMITTED, said.trim());
        assertThat(exit).as(said).isZero();
    }
}
