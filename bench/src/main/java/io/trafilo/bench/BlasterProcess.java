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
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A blaster in a process of its own, with the same java and class path as this one, so that it shares neither heap nor
 * compiler with what is measured. It lives as long as its standard input is open, so it dies with this process whatever ends
 * it.
 *
 * <p>Lines to it: the nanoseconds of a run. Lines from it: {@code ready <ceiling> <transport>} once; for each run
 * {@code error <count> <label>} any number of times, then {@code done <sent> <nanos> <skipped>}. For one thread.
 */
final class BlasterProcess implements AutoCloseable {
    private static final String END = "";
    private static final long START_SECONDS = 30;
    private static final long END_SECONDS = 5;

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Map<String, Long> errors = new TreeMap<>();
    private final String transport;
    private final long ceiling;

    private BlasterProcess(Process process) throws InterruptedException {
        this.process = process;
        Thread reader = new Thread(this::readLines, "trafilo-bench-blaster");
        reader.setDaemon(true);
        reader.start();
        String line = lines.poll(START_SECONDS, TimeUnit.SECONDS);
        if (line == null || !line.startsWith("ready ")) {
            close();
            throw new FailureException("the blaster did not start: " + line);
        }
        String[] words = line.split(" ", 3);
        this.ceiling = Long.parseLong(words[1]);
        this.transport = words[2];
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

    String transport() {
        return transport;
    }

    /** How many datagrams a second it can send, measured before its first run while nothing was received. */
    long ceiling() {
        return ceiling;
    }

    /** Begins a run. */
    void begin(Duration duration) throws IOException {
        OutputStream toChild = process.getOutputStream();
        toChild.write((duration.toNanos() + "\n").getBytes(StandardCharsets.UTF_8));
        toChild.flush();
    }

    /** The result of the run that was begun, or null if it is not over within the time. */
    @Nullable
    BlastResult await(long timeoutNanos) throws InterruptedException {
        long startNanos = System.nanoTime();
        while (true) {
            long leftNanos = timeoutNanos - (System.nanoTime() - startNanos);
            String line = lines.poll(leftNanos, TimeUnit.NANOSECONDS);
            if (line == null) {
                return null;
            }
            String[] words = line.split(" ", 3);
            if (words[0].equals("error")) {
                errors.put(words[2], Long.valueOf(words[1]));
            } else if (words[0].equals("done")) {
                return result(line.split(" "));
            } else {
                throw new FailureException("the blaster ended before its time");
            }
        }
    }

    private BlastResult result(String[] words) {
        Map<String, Long> failed = Map.copyOf(errors);
        errors.clear();
        return new BlastResult(Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]), failed);
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
