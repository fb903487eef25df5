package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service stands still as a whole, while datagrams of busy keys go on arriving in its socket. */
@Tag("slow")
@Timeout(120)
class StandstillFaultTest {
    private static final int KEYS = 10;
    private static final int PERIOD_MILLIS = 100;

    @ParameterizedTest(name = "window {0} s, stopped for {1} s, run to completion: {2}")
    @CsvSource({"2, 5, false", "5, 9, false", "2, 5, true"})
    void shouldTakeNoBusyKeyForIdleWhenTheProcessWasStopped(int windowSeconds, int pauseSeconds, boolean toCompletion)
            throws IOException, InterruptedException {
        Process program = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        StandstillProgram.class.getName(),
                        Integer.toString(windowSeconds),
                        Boolean.toString(toCompletion)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output =
                        new BufferedReader(new InputStreamReader(program.getInputStream(), StandardCharsets.UTF_8));
                Sender sender = new Sender(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(output.readLine())));
                SteadySender steady = new SteadySender(sender)) {
            steady.awaitSeconds(2);
            signal(program, "STOP");
            steady.awaitSeconds(pauseSeconds);
            signal(program, "CONT");
            steady.awaitSeconds(2);
            program.getOutputStream().write('\n');
            program.getOutputStream().flush();
            assertThat(output.readLine()).isEqualTo(KEYS + " 0");
            assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(program.exitValue()).isZero();
        } finally {
            program.destroyForcibly();
        }
    }

    /** Sends an event of each key ten times a second until closed. */
    private static final class SteadySender implements AutoCloseable {
        private final AtomicInteger rounds = new AtomicInteger();
        private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
        private final Sender sender;

        SteadySender(Sender sender) {
            this.sender = sender;
            var unused = pace.scheduleAtFixedRate(this::sendRound, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        }

        private void sendRound() {
            for (int key = 0; key < KEYS; key++) {
                sender.send("key-" + key + " 1");
            }
            rounds.incrementAndGet();
        }

        /** Returns when as many events were sent as in so many seconds. */
        void awaitSeconds(int seconds) {
            int end = rounds.get() + seconds * 1000 / PERIOD_MILLIS;
            await().atMost(60, TimeUnit.SECONDS).until(() -> rounds.get() >= end);
        }

        @Override
        public void close() {
            pace.shutdownNow();
        }
    }

    private static void signal(Process process, String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).isZero();
    }
}
