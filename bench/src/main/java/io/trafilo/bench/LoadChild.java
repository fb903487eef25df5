package io.trafilo.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A single load run in a JVM of its own, with this one's JVM options: so that no run profits from, or pays for, what another
 * left in the compiler's profiles and in the heap.
 */
final class LoadChild {
    /** The options that a series has and a run has not. All take a value, except the last. */
    private static final Set<String> OF_SERIES =
            Set.of("--engine", "--vs", "--rounds", "--json", "--rate", "--report", "--ramp");

    private final List<String> common;
    private final Console console;

    /** @param arguments those of {@code load}, as they were given */
    LoadChild(List<String> arguments, Console console) {
        this.common = withoutOptionsOfSeries(arguments);
        this.console = console;
    }

    private static List<String> withoutOptionsOfSeries(List<String> arguments) {
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            int equals = argument.indexOf('=');
            if (!OF_SERIES.contains(equals < 0 ? argument : argument.substring(0, equals))) {
                kept.add(argument);
            } else if (equals < 0 && !argument.equals("--ramp")) {
                i++;
            }
        }
        return kept;
    }

    /**
     * Runs and gives the report.
     *
     * @throws FailureException if the run failed or its sums do not close
     */
    Map<String, Object> run(LoadEngine engine, long rate) throws IOException, InterruptedException {
        Path json = Files.createTempFile("trafilo-load", ".json");
        Path log = Files.createTempFile("trafilo-load", ".log");
        try {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "load"));
            command.addAll(common);
            command.addAll(List.of("--engine", engine.label(), "--rate", Long.toString(rate)));
            command.addAll(List.of("--json", json.toString()));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Thread ender = new Thread(process::destroy);
            Runtime.getRuntime().addShutdownHook(ender);
            int exitCode = process.waitFor();
            Runtime.getRuntime().removeShutdownHook(ender);
            if (exitCode != 0) {
                console.err().print(Files.readString(log));
                throw new FailureException("a run of " + engine.label() + " ended with " + exitCode);
            }
            return JsonReader.object(Files.readString(json));
        } finally {
            Files.deleteIfExists(json);
            Files.deleteIfExists(log);
        }
    }
}
