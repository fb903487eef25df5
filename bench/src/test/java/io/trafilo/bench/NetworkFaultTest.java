package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A network that goes away, and one that does to datagrams what networks do. */
@Tag("slow")
@Timeout(180)
class NetworkFaultTest {
    private static final int TERMINATED = 128 + 15;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"epoll,true", "epoll,false", "nio,true"})
    void shouldGoOnWhenItsInterfaceGoesAndComesBack(String transport, boolean comesBack) throws Exception {
        try (PrivateNetwork here = PrivateNetwork.open();
                PrivateNetwork there = PrivateNetwork.open()) {
            connect(here, there);
            try (BenchProcess listener =
                    BenchProcess.listen(here, directory, "--bind", "10.77.0.1", "--transport", transport)) {
                long sent = blast(there, listener);
                here.run("ip", "link", "delete", "end");
                if (comesBack) {
                    connect(here, there);
                    sent += blast(there, listener);
                }
                assertThat(listener.isAlive()).isTrue();
                listener.signal("TERM");
                Map<String, Object> ledger = listener.end(TERMINATED);
                assertThat(ledger).containsEntry("conserved", true).containsEntry("handled", sent);
                assertThat(number(ledger, "received") + number(ledger, "kernelDropped"))
                        .isEqualTo(sent);
                assertThat(listener.errors()).doesNotContain("failed:");
            }
        }
    }

    private static void connect(PrivateNetwork here, PrivateNetwork there) throws Exception {
        here.run(
                "ip", "link", "add", "end", "type", "veth", "peer", "name", "end", "netns", Long.toString(there.pid()));
        here.run("ip", "address", "add", "10.77.0.1/24", "dev", "end");
        there.run("ip", "address", "add", "10.77.0.2/24", "dev", "end");
        here.run("ip", "link", "set", "end", "up");
        there.run("ip", "link", "set", "end", "up");
    }

    private long blast(PrivateNetwork from, BenchProcess listener) throws Exception {
        try (BenchProcess blaster = BenchProcess.blast(from, directory, listener.address(), 1_000, "1s")) {
            Map<String, Object> result = blaster.end(0);
            assertThat(result).containsEntry("failed", 0L);
            return number(result, "sent");
        }
    }

    @Test
    void shouldTakeEachCopyOnceAndCountEachCorruptOneWhenTheNetworkIsFaulty() throws Exception {
        long seed = System.nanoTime();
        System.out.println("faulty network: seed " + seed);
        try (PrivateNetwork here = PrivateNetwork.open();
                PrivateNetwork there = PrivateNetwork.open();
                FaultyLink link = new FaultyLink(there, here, seed);
                BenchProcess listener = BenchProcess.listen(here, directory, "--bind", "10.78.0.2");
                BenchProcess blaster = BenchProcess.blast(there, directory, listener.address(), 2_000, "2s")) {
            long sent = number(blaster.end(0), "sent");
            Map<String, Object> done = link.end();
            listener.signal("TERM");
            Map<String, Object> ledger = listener.end(TERMINATED);
            assertThat(done).containsEntry("taken", sent).doesNotContainValue(0L);
            assertThat(ledger).as("%s", done).containsEntry("conserved", true);
            long arrived = sent - number(done, "lost") + number(done, "doubled");
            assertThat(here.udp("InCsumErrors")).isEqualTo(number(done, "corrupted"));
            assertThat(number(ledger, "received")).isEqualTo(arrived - number(done, "corrupted"));
            assertThat(number(ledger, "kernelDropped"))
                    .as("kernels differ in whether a corrupt one is a drop of the socket, too")
                    .isIn(0L, number(done, "corrupted"));
            assertThat(number(ledger, "handled")).isEqualTo(number(ledger, "received"));
        }
    }

    private static long number(Map<String, Object> map, String name) {
        return (Long) map.get(name);
    }

    /** The script of this name, in a process of its own. */
    private static final class FaultyLink implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;

        FaultyLink(PrivateNetwork from, PrivateNetwork to, long seed) throws IOException {
            Path script = Files.createTempFile("faulty_link", ".py");
            try (InputStream source = NetworkFaultTest.class.getResourceAsStream("faulty_link.py")) {
                Files.write(script, source.readAllBytes());
            }
            process = new ProcessBuilder(List.of(
                            "python3",
                            script.toString(),
                            Long.toString(from.pid()),
                            Long.toString(to.pid()),
                            Long.toString(seed)))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            out = process.inputReader(StandardCharsets.UTF_8);
            assertThat(out.readLine()).isEqualTo("ready");
            Files.delete(script);
        }

        Map<String, Object> end() throws IOException, InterruptedException {
            process.getOutputStream().close();
            String result = out.readLine();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return TestJson.object(result);
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
