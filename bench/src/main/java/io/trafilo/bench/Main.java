package io.trafilo.bench;

import io.trafilo.Key;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ResourceBundle;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** The programs around the engine, in one jar: see the package. Exit codes: 0 well, 1 failed, 2 wrong command line. */
@Command(
        name = "trafilo-bench",
        description = "Try and measure Trafilo.",
        subcommands = HelpCommand.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "'jmh' and its arguments run the microbenchmarks: try 'jmh -l' and 'jmh -h'."})
public final class Main implements Runnable {
    private Main() {}

    /**
     * Runs a command and ends the JVM with its exit code.
     *
     * @param arguments the command line
     * @throws IOException if JMH cannot read or write
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length > 0 && arguments[0].equals("jmh")) {
            org.openjdk.jmh.Main.main(Arrays.copyOfRange(arguments, 1, arguments.length));
            return;
        }
        Console console = new Console(System.in, utf8(FileDescriptor.out), utf8(FileDescriptor.err));
        int exitCode = run(arguments, console);
        console.out().flush();
        console.err().flush();
        System.exit(exitCode);
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /** Runs a command and gives its exit code. */
    static int run(String[] arguments, Console console) {
        return commandLine(console).execute(arguments);
    }

    static CommandLine commandLine(Console console) {
        CommandLine line = withHelp(new Main())
                .addSubcommand(withHelp(new ListenCommand(console)))
                .addSubcommand(withHelp(new BlastCommand(console)))
                .addSubcommand(withHelp(new LoadCommand(console)))
                .addSubcommand(withHelp(new PlotCommand()))
                .addSubcommand(withHelp(new PeersCommand(console)))
                .addSubcommand(withHelp(new ParseCommand(console)))
                .addSubcommand(new BlasterChildCommand(console));
        line.registerConverter(Duration.class, new DurationConverter());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        line.setParameterExceptionHandler((refused, rest) -> refuse(refused, console));
        line.setExecutionStrategy(parsed -> {
            OptionValues.check(parsed);
            return new CommandLine.RunLast().execute(parsed);
        });
        line.setExecutionExceptionHandler((failure, failed, parsed) -> fail(failure, failed, console));
        line.setResourceBundle(ResourceBundle.getBundle("io.trafilo.bench.help"));
        return line;
    }

    private static CommandLine withHelp(Object command) {
        CommandLine line = new CommandLine(command);
        CommandSpec spec = line.getCommandSpec();
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build());
        spec.addOption(OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Show the version.")
                .build());
        spec.versionProvider(Main::version);
        List<String> footer = new ArrayList<>(OptionValues.kinds(spec));
        footer.addAll(List.of(spec.usageMessage().footer()));
        spec.usageMessage().footer(footer.toArray(new String[0]));
        return line;
    }

    private static String[] version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return new String[] {
            "trafilo-bench " + (version == null ? "(not from its jar)" : version),
            System.getProperty("java.vm.name") + " " + Runtime.version() + ", " + System.getProperty("os.name") + " "
                    + System.getProperty("os.version") + ", " + System.getProperty("os.arch")
        };
    }

    private static int refuse(ParameterException refused, Console console) {
        return usageError(refused.getCommandLine(), OptionValues.text(refused), console);
    }

    private static int usageError(CommandLine command, String message, Console console) {
        console.err().println(Key.printable(message));
        console.err().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.USAGE;
    }

    private static int fail(Exception failure, CommandLine command, Console console) {
        if (failure instanceof SettingException) {
            return usageError(command, String.valueOf(failure.getMessage()), console);
        }
        if (failure instanceof FailureException) {
            console.err().println(Key.printable(String.valueOf(failure.getMessage())));
        } else if (failure instanceof IOException) {
            console.err().println("input or output failed: " + Key.printable(failure.toString()));
        } else {
            failure.printStackTrace(console.err());
        }
        return ExitCode.SOFTWARE;
    }

    @Override
    public void run() {
        throw new SettingException("a command is missing (expected: listen, blast, load, plot, peers, parse or jmh)");
    }
}
