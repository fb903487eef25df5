package io.trafilo.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A blaster in a process of its own, with the same java and class path as this one, so that it shares neither heap nor
 * compiler with what is measured. It lives as long as its standard input is open, so it dies with this process whatever ends
 * it.
 *
 * <p>Lines to it: the nanoseconds of a run, or {@value #STOP}, which ends it early. Lines from it, in JSON: {@link Ready} once, then a {@link BlastResult} for each run.
 * For one thread.
 */
final class BlasterProcess implements AutoCloseable {
    static final String STOP = "stop";

    private static final String END = "";
    private static final long START_SECONDS = 30;
    private static final long END_SECONDS = 5;

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Ready ready;

    /**
     * The first it says.
     *
     * @param ceiling how many datagrams a second it can send, measured before its first run while nothing was received
     * @param transport what it sends with
     */
    record Ready(long ceiling, String transport) {}

    private BlasterProcess(Process process) throws InterruptedException {
        this.process = process;
        Thread reader = new Thread(this::readLines, "trafilo-bench-blaster");
        reader.setDaemon(true);
        reader.start();
        String line = lines.poll(START_SECONDS, TimeUnit.SECONDS);
        if (line == null || line.equals(END)) {
            close();
            throw new FailureException("the blaster did not start");
        }
        this.ready = Json.read(line, Ready.class);
    }

    static BlasterProcess start(TrafficOptions traffic, InetSocketAddress target, long rate)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "blaster-child"));
        command.addAll(List.of("--target", target.getAddress().getHostAddress() + ":" + target.getPort()));
        command.addAll(List.of("--rate", Long.toString(rate)));
        command.addAll(traffic.toArguments());
        return new BlasterProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    private void readLines() {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
            }
        } catch (IOException gone) {
            // as at the end of the output
        }
        lines.add(END);
    }

    Ready ready() {
        return ready;
    }

    /** Begins a run. */
    void begin(Duration duration) throws IOException {
        send(Long.toString(duration.toNanos()));
    }

    /** Ends the run under way. Of no use, and no harm, if it got the same signal as this process. */
    void stop() {
        try {
            send(STOP);
        } catch (IOException gone) {
            // what it said before is read all the same
        }
    }

    private void send(String line) throws IOException {
        OutputStream toChild = process.getOutputStream();
        toChild.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        toChild.flush();
    }

    /** The result of the run that was begun, or null if it is not over within the time. */
    @Nullable
    BlastResult await(long timeoutNanos) throws InterruptedException {
        String line = lines.poll(timeoutNanos, TimeUnit.NANOSECONDS);
        if (END.equals(line)) {
            throw new FailureException("the blaster ended before its time");
        }
        return line == null ? null : Json.read(line, BlastResult.class);
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException | InterruptedException hurried) {
            process.destroyForcibly();
        }
    }
}
