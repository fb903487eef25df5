package io.trafilo.bench;

import io.trafilo.AggregateSet;
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
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs an engine on a real port and prints its windows. */
@Command(
        name = "listen",
        description = "Listens on a UDP port and prints the sliding window of each key, until Ctrl-C. A datagram"
                + " is \"<key> <anything>\", unless --format says otherwise.")
final class ListenCommand implements Callable<Integer> {
    static final int MAX_DATAGRAM_BYTES = 2048;

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long SECOND_NANOS = 1_000_000_000;

    private final Console console;
    private final BooleanSupplier onTerminal;

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

    @Option(names = "--top")
    boolean top;

    @Option(names = "--ledger", paramLabel = "<file>")
    @Nullable
    Path ledgerFile;

    @Mixin
    FormatOptions formatOptions = new FormatOptions();

    @Mixin
    EngineOptions engineOptions = new EngineOptions();

    @Mixin
    ListenerOptions listenerOptions = new ListenerOptions();

    ListenCommand(Console console) {
        this(console, Terminal::isThere);
    }

    ListenCommand(Console console, BooleanSupplier onTerminal) {
        this.console = console;
        this.onTerminal = onTerminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (top && json) {
            throw SettingException.of("--top", "with --json", "one of them");
        }
        Json.checkWritable("--ledger", ledgerFile);
        if (LoopbackTarget.resolve("--bind", bind).isMulticastAddress()) {
            throw SettingException.of("--bind", bind, "an address of this machine; listen joins no multicast groups");
        }
        boolean drawn = top && onTerminal.getAsBoolean();
        if (top && !drawn) {
            console.err().println("--top: this is no terminal, so a line for each window instead");
        }
        TopTable table = drawn ? new TopTable(engineOptions.window) : null;
        try (StopSignal signal = new StopSignal(PATIENCE, null)) {
            WindowPrinter printer =
                    new WindowPrinter(console.out(), json, formatOptions.aggregates() != null, signal::request);
            Trafilo<TopTable.Stats> engine = build(printer, table);
            try (engine) {
                engine.start();
                try (UdpListener listener = listenerOptions.start(engine, bind, port, allow)) {
                    printer.start();
                    String where = "listening on "
                            + listener.addresses().stream()
                                    .map(ListenCommand::text)
                                    .collect(Collectors.joining(" and "));
                    announce(where, listener);
                    if (table == null) {
                        awaitEnd(signal, engine, this::complain);
                    } else {
                        draw(where, signal, engine, table);
                    }
                }
            }
            printer.finish();
            report(engine, printer);
            return engine.failure().isPresent() ? 1 : 0;
        }
    }

    private Trafilo<TopTable.Stats> build(WindowPrinter printer, @Nullable TopTable table) {
        TopTable.Stats none = new TopTable.Stats();
        TrafiloBuilder<TopTable.Stats> builder =
                Trafilo.<TopTable.Stats>builder().parser(formatOptions.parser()).maxMessageLength(MAX_DATAGRAM_BYTES);
        AggregateSet aggregates = formatOptions.aggregates();
        if (table == null) {
            builder.state(key -> none).sink(printer).errorListener(new ConsoleErrors(console.err()::println));
            if (aggregates != null) {
                builder.aggregate(aggregates);
            }
        } else {
            builder.state(key -> new TopTable.Stats())
                    .handler(table)
                    .sink(table)
                    .errorListener(new ConsoleErrors(table::note));
        }
        engineOptions.apply(builder);
        return EngineOptions.build(builder);
    }

    private void announce(String where, UdpListener listener) {
        console.err()
                .println(where + " (" + listener.transport().name().toLowerCase(Locale.ROOT) + ", receive buffer "
                        + listener.receiveBufferBytes() + " bytes); " + formatOptions.rule());
        console.err().flush();
    }

    private void complain(InputWatch.Look look) {
        if (!look.complaint().isEmpty()) {
            console.err().println(look.complaint());
        }
    }

    private void draw(String where, StopSignal signal, Trafilo<TopTable.Stats> engine, TopTable table)
            throws InterruptedException {
        String title = where + "; window " + DurationConverter.text(engineOptions.window) + "; Ctrl-C ends";
        try (Terminal terminal = new Terminal(console.out(), Terminal::height)) {
            awaitEnd(signal, engine, look -> {
                long epochNanos = engine.settings().clock().epochNanos();
                terminal.show(table.page(title, engine, look, epochNanos, terminal.rows()));
            });
        }
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    /**
     * Until the time is over, a signal comes, the reader of the windows goes, or the engine fails.
     *
     * @param eachSecond takes what came in
     */
    private void awaitEnd(StopSignal signal, Trafilo<?> engine, Consumer<InputWatch.Look> eachSecond)
            throws InterruptedException {
        long checkNanos = SECOND_NANOS / 5;
        long startNanos = System.nanoTime();
        long leftNanos = duration == null ? Long.MAX_VALUE : duration.toNanos();
        InputWatch watch = new InputWatch(engine.ledger(), startNanos, formatOptions.rule());
        long lookNanos = startNanos;
        while (leftNanos > 0 && engine.isRunning() && !signal.await(Math.min(leftNanos, checkNanos))) {
            long nowNanos = System.nanoTime();
            if (duration != null) {
                leftNanos = duration.toNanos() - (nowNanos - startNanos);
            }
            if (nowNanos - lookNanos >= SECOND_NANOS) {
                eachSecond.accept(watch.look(engine.ledger(), nowNanos));
                lookNanos = nowNanos;
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
        console.err().print(LedgerReport.of(ledger).text());
        ledger.imbalances().forEach(imbalance -> console.err().println("  " + imbalance));
        console.err().flush();
        if (ledgerFile != null) {
            Json.writeFile(ledgerFile, LedgerReport.of(ledger));
        }
    }
}
