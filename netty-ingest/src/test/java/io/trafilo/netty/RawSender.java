package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Sends what no socket of Java can, through raw_udp.py; skips the test, and says why, where that is not possible. */
final class RawSender {
    /** With this property nothing is skipped for want of a right or a tool: it fails. */
    private static final String MUST_RUN = "trafilo.test.mustRun";

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
            skipUnless(false, "no python3 to send raw packets with: " + noPython.getMessage());
            return;
        }
        try (InputStream script = RawSender.class.getResourceAsStream("raw_udp.py");
                OutputStream stdin = process.getOutputStream()) {
            script.transferTo(stdin);
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        skipUnless(exit != NOT_PERMITTED, said.trim());
        assertThat(exit).as(said).isZero();
    }

    private static void skipUnless(boolean possible, String reason) {
        if (!possible) {
            System.err.println("skipped: " + reason);
        }
        assertThat(possible || !Boolean.getBoolean(MUST_RUN)).as(reason).isTrue();
        assumeTrue(possible, reason);
    }
}
