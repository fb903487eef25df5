package io.trafilo.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The blaster of a load test, in a process of its own: it blasts when told to on standard input, and reports on standard output.
 * When its input ends, so does it: the parent is gone. What it speaks is in {@link BlasterProcess}.
 */
@Command(name = "blaster-child", hidden = true)
final class BlasterChildCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long NO_MORE = -1;
    private static final Duration CEILING_PHASE = Duration.ofMillis(300);

    private final Console console;

    @Option(names = "--target", required = true)
    String target = "";

    @Option(names = "--format", defaultValue = "token")
    MessageSet.Form format = MessageSet.Form.TOKEN;

    @Mixin
    TrafficOptions traffic = new TrafficOptions();

    private boolean stamped;

    BlasterChildCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        traffic.format = format;
        traffic.check();
        // the time would stand in place of the value
        stamped = format == MessageSet.Form.TOKEN;
        InetSocketAddress address = LoopbackTarget.parse(target, false);
        BlockingQueue<Long> runs = new LinkedBlockingQueue<>();
        double ceiling = ceiling();
        try (DatagramSender sender = traffic.openSender(address, traffic.rate, stamped)) {
            Blaster blaster = new Blaster(sender, traffic.segments);
            Thread reader = new Thread(() -> readCommands(runs, blaster), "trafilo-bench-commands");
            reader.setDaemon(true);
            reader.start();
            Runnable onSignal = () -> {
                blaster.stop();
                runs.add(NO_MORE);
            };
            // Ctrl-C reaches parent and child: the parent wants to know what was sent
            try (StopSignal signal = new StopSignal(PATIENCE, onSignal)) {
                say(new BlasterProcess.Ready(Math.round(ceiling), sender.transport()));
                long durationNanos = runs.take();
                while (durationNanos != NO_MORE) {
                    say(blaster.run(traffic.rate, Duration.ofNanos(durationNanos)));
                    durationNanos = signal.isRequested() ? NO_MORE : runs.take();
                }
            }
            return ExitCode.OK;
        }
    }

    /** How many datagrams a second this blaster can send, to a socket that nobody reads; its second half is what counts. */
    private double ceiling() throws IOException {
        try (DatagramSocket deaf = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                DatagramSender sender =
                        traffic.openSender((InetSocketAddress) deaf.getLocalSocketAddress(), 0, stamped)) {
            Blaster blaster = new Blaster(sender, traffic.segments);
            blaster.run(0, CEILING_PHASE);
            return blaster.run(0, CEILING_PHASE).achievedRate();
        }
    }

    /** Each line is the nanoseconds of a run, or says to stop the one under way. */
    private static void readCommands(BlockingQueue<Long> runs, Blaster blaster) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.equals(BlasterProcess.STOP)) {
                    blaster.stop();
                } else {
                    runs.add(Long.parseLong(line));
                }
            }
        } catch (IOException parentGone) {
            // as at the end of the input
        }
        Runtime.getRuntime().halt(0);
    }

    private void say(Record message) {
        console.say("%s", Json.line(message));
    }
}
