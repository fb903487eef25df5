package io.trafilo.bench;

import io.trafilo.Key;
import io.trafilo.Ledger;
import io.trafilo.Trafilo;
import io.trafilo.TrafiloBuilder;
import io.trafilo.netty.UdpListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs an engine on a real port and prints its windows. */
@Command(
        name = "listen",
        description = "Listens on a UDP port and prints the sliding window of each key, until Ctrl-C. A datagram"
                + " is \"<key> <anything>\".")
final class ListenCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Console console;

    @Option(names = "--bind", paramLabel = "<host>", defaultValue = "127.0.0.1")
    String bind = "";

    @Option(names = "--port", paramLabel = "<port>", defaultValue = "9999")
    @Range(min = 0, max = 65_535)
    int port;

    @Option(names = "--allow", paramLabel = "<network>")
    List<String> allow = new ArrayList<>();

    @Option(names = "--duration", paramLabel = "<time>")
    @Nullable
    Duration duration;

    @Option(names = "--json")
    boolean json;

    @Option(names = "--ledger", paramLabel = "<file>")
    @Nullable
    Path ledgerFile;

    @Mixin
    EngineOptions engineOptions = new EngineOptions();

    @Mixin
    ListenerOptions listenerOptions = new ListenerOptions();

    private record Counters(@Inline Map<String, Long> counters, boolean conserved) {}

    ListenCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Json.checkWritable("--ledger", ledgerFile);
        LoopbackTarget.resolve("--bind", bind);
        try (StopSignal signal = new StopSignal(PATIENCE, null)) {
            WindowPrinter printer = new WindowPrinter(console.out(), json, signal::request);
            Trafilo<Object> engine = build(printer);
            try (engine) {
                engine.start();
                try (UdpListener listener = listenerOptions.start(engine, bind, port, allow)) {
                    printer.start();
                    announce(listener);
                    awaitEnd(signal, engine);
                }
            }
            printer.finish();
            report(engine, printer);
            return engine.failure().isPresent() ? 1 : 0;
        }
    }

    private Trafilo<Object> build(WindowPrinter printer) {
        Object none = new Object();
        TrafiloBuilder<Object> builder = Trafilo.<Object>builder()
                .state(key -> none)
                .sink(printer)
                .errorListener(new ConsoleErrors(console.err()));
        engineOptions.apply(builder);
        return SettingException.naming("--window, --slide", builder::build);
    }

    private void announce(UdpListener listener) {
        console.err()
                .println("listening on " + text(listener.address()) + " ("
                        + listener.transport().name().toLowerCase(Locale.ROOT) + ", receive buffer "
                        + listener.receiveBufferBytes() + " bytes)");
        console.err().flush();
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    /** Until the time is over, a signal comes, the reader of the windows goes, or the engine fails. */
    private void awaitEnd(StopSignal signal, Trafilo<?> engine) throws InterruptedException {
        long checkNanos = Duration.ofMillis(200).toNanos();
        long startNanos = System.nanoTime();
        long leftNanos = duration == null ? Long.MAX_VALUE : duration.toNanos();
        while (leftNanos > 0 && engine.isRunning() && !signal.await(Math.min(leftNanos, checkNanos))) {
            if (duration != null) {
                leftNanos = duration.toNanos() - (System.nanoTime() - startNanos);
            }
        }
    }

    private void report(Trafilo<?> engine, WindowPrinter printer) throws IOException {
        Ledger ledger = engine.ledger();
        engine.failure()
                .ifPresent(failure -> console.err().println("the engine failed: " + Key.printable(failure.toString())));
        if (!printer.complete()) {
            console.err().println("standard output was not read to the end: windows are missing there");
        }
        console.err().print(LoadText.counters(ledger.asMap()));
        console.err().printf("  %-20s %15s%n", "conserved", ledger.isConserved());
        ledger.imbalances().forEach(imbalance -> console.err().println("  " + imbalance));
        console.err().flush();
        if (ledgerFile != null) {
            Json.writeFile(ledgerFile, new Counters(ledger.asMap(), ledger.isConserved()));
        }
    }
}
