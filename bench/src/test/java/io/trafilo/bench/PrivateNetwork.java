package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringTokenizer;
import java.util.concurrent.TimeUnit;

/** A network namespace with a loopback interface, which lives as long as the process that holds it. Linux, as root. */
final class PrivateNetwork implements AutoCloseable {
    private final Process holder;

    /** With this property nothing is skipped for want of a right or a tool: it fails. */
    private static final String MUST_RUN = "trafilo.test.mustRun";

    private PrivateNetwork(Process holder) {
        this.holder = holder;
    }

    /** Skips the test, and says why, where there can be none, unless it must run. */
    static PrivateNetwork open() throws IOException {
        Process holder = null;
        String said;
        try {
            holder = new ProcessBuilder("unshare", "--net", "sh", "-c", "ip link set lo up && echo ready && exec cat")
                    .redirectErrorStream(true)
                    .start();
            BufferedReader answer = holder.inputReader(StandardCharsets.UTF_8);
            said = answer.readLine();
        } catch (IOException noUnshare) {
            said = noUnshare.getMessage();
        }
        boolean ready = "ready".equals(said);
        String reason = "no network namespace: " + said;
        if (!ready) {
            System.err.println("skipped: " + reason);
        }
        assertThat(ready || !Boolean.getBoolean(MUST_RUN)).as(reason).isTrue();
        assumeTrue(ready, reason);
        return new PrivateNetwork(holder);
    }

    long pid() {
        return holder.pid();
    }

    /** A command for in there; it becomes the process that is started. */
    List<String> inside(List<String> command) {
        List<String> whole = new ArrayList<>(List.of("nsenter", "--net=/proc/" + pid() + "/ns/net"));
        whole.addAll(command);
        return whole;
    }

    /** Runs a command in there, which must succeed. */
    void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(inside(List.of(command)))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("%s: %s", Arrays.toString(command), said)
                .isZero();
    }

    /** What the kernel has counted in there, such as InCsumErrors. */
    long udp(String counter) throws IOException {
        List<StringTokenizer> lines = Files.readAllLines(Path.of("/proc/" + pid() + "/net/snmp")).stream()
                .filter(line -> line.startsWith("Udp: "))
                .map(StringTokenizer::new)
                .toList();
        StringTokenizer names = lines.get(0);
        StringTokenizer values = lines.get(1);
        while (!names.nextToken().equals(counter)) {
            values.nextToken();
        }
        return Long.parseLong(values.nextToken());
    }

    @Override
    public void close() {
        try {
            holder.getOutputStream().close();
            if (!holder.waitFor(5, TimeUnit.SECONDS)) {
                holder.destroyForcibly();
            }
        } catch (IOException | InterruptedException hurried) {
            holder.destroyForcibly();
        }
    }
}
