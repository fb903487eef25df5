package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One of the programs in a process of its own, in a private network. */
final class BenchProcess implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("listening on ([0-9.]+):(\\d+)");
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final Path result;
    private final Queue<String> out = new ConcurrentLinkedQueue<>();
    private final Queue<String> err = new ConcurrentLinkedQueue<>();
    private final List<Thread> readers;

    private BenchProcess(PrivateNetwork network, Path result, List<String> arguments) throws IOException {
        this.result = result;
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
        command.add(Main.class.getName());
        command.addAll(arguments);
        process = new ProcessBuilder(network.inside(command)).start();
        readers = List.of(
                reader(process.inputReader(StandardCharsets.UTF_8), out),
                reader(process.errorReader(StandardCharsets.UTF_8), err));
    }

    private static Thread reader(BufferedReader from, Queue<String> to) {
        Thread thread = new Thread(() -> from.lines().forEach(to::add), "test-reader");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Starts a listener and waits until it listens. Its windows are printed as JSON, its ledger is the result. */
    static BenchProcess listen(PrivateNetwork network, Path directory, String... more) throws IOException {
        Path result = Files.createTempFile(directory, "ledger", ".json");
        List<String> arguments =
                new ArrayList<>(List.of("listen", "--json", "--port", "0", "--ledger", result.toString()));
        arguments.addAll(List.of(more));
        BenchProcess listener = new BenchProcess(network, result, arguments);
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .failFast(() ->
                        assertThat(listener.isAlive()).as(listener.errors()).isTrue())
                .until(() -> ADDRESS.matcher(listener.errors()).find());
        return listener;
    }

    /** Starts a blaster; at the rate 0 it sends as fast as it can. */
    static BenchProcess blast(
            PrivateNetwork network, Path directory, InetSocketAddress target, int rate, String duration)
            throws IOException {
        Path result = Files.createTempFile(directory, "blast", ".json");
        return new BenchProcess(
                network,
                result,
                List.of(
                        "blast",
                        "--allow-remote",
                        "--target",
                        target.getHostString() + ":" + target.getPort(),
                        "--rate",
                        Integer.toString(rate),
                        "--duration",
                        duration,
                        "--keys",
                        "20",
                        "--json",
                        result.toString()));
    }

    /** Starts a load test of an hour and waits until it measures. Its report is the result. */
    static BenchProcess load(PrivateNetwork network, Path directory) throws IOException {
        return load(network, directory, LiveLine::isOne, "--duration=1h");
    }

    /** Starts a comparison of a thousand rounds and waits until the first run is over. Its report is the result. */
    static BenchProcess series(PrivateNetwork network, Path directory) throws IOException {
        return load(
                network,
                directory,
                line -> line.startsWith("round  1 trafilo "),
                "--duration=1s",
                "--vs=plain",
                "--rounds=1000");
    }

    private static BenchProcess load(PrivateNetwork network, Path directory, Predicate<String> awaited, String... more)
            throws IOException {
        Path result = Files.createTempFile(directory, "load", ".json");
        List<String> arguments = new ArrayList<>(List.of("load", "--rate=2000", "--warmup=0s"));
        arguments.addAll(List.of("--json", result.toString()));
        arguments.addAll(List.of(more));
        BenchProcess load = new BenchProcess(network, result, arguments);
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .failFast(() -> assertThat(load.isAlive()).as(load.errors()).isTrue())
                .until(() -> load.lines().stream().anyMatch(awaited));
        return load;
    }

    InetSocketAddress address() {
        Matcher matcher = ADDRESS.matcher(errors());
        assertThat(matcher.find()).isTrue();
        return new InetSocketAddress(matcher.group(1), Integer.parseInt(matcher.group(2)));
    }

    List<String> lines() {
        return List.copyOf(out);
    }

    String errors() {
        return String.join("\n", err);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Sends a signal such as STOP to this process and no other. */
    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    /** As /proc tells it: T is stopped. */
    char state() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }

    /** Waits for the end and gives the result, as written to its file. */
    Map<String, Object> end(int expectedExit) throws IOException, InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        for (Thread reader : readers) {
            reader.join();
        }
        assertThat(process.exitValue()).as(errors()).isEqualTo(expectedExit);
        return TestJson.object(Files.readString(result));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
